import { chosenLanguage } from '../state/language.ts';
import { codeWords } from './code-words.ts';

/** Codes of the contract, as words; one that has none of its own as it stands: "submit_unknown" as "Submit unknown". */
export function words(code: string | null | undefined): string {
  if (!code) return '\u2013';
  if (Object.hasOwn(codeWords, code)) return codeWords[code]!;
  const text = code.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}

/** A small word by itself, which looks like a code: it is shown, and so it is translated. */
export const said = (word: string): string => word;

/** What an alert asked for. */
export const actionInWords = (action: string | null | undefined): string =>
  action === 'breakeven' ? 'Break even' : words(action);

/** What an alarm of each kind is about. */
const alarmTitles: Readonly<Record<string, string>> = {
  'approval.open': 'An entry waits for a person',
  'job.dead': 'A job was given up',
  'job.failing': 'A job fails again and again',
  'breaker.open': 'A broker does not answer',
  'position.unprotected': 'A position without its stop',
  'order.unclear': 'An order whose fate is unclear',
  'order.refused': 'An order that was refused',
  'reconciliation.difference': 'Books and broker differ',
  'reconciliation.failing': 'Books and broker cannot be compared',
  'trade.corrected': 'A trade was corrected',
  'kill_switch.problem': 'The kill switch’s file cannot be obeyed',
  'kill_switch.incomplete': 'The kill switch has not finished',
  'account.unusable': 'An account cannot trade',
  'shadow.drift': 'Production and paper drift apart',
  'market_data.stale': 'Bars or sessions are out of date',
  'event_calendar.unreadable': 'The calendar of events cannot be read',
  'proof.failing': 'Senders who cannot prove themselves',
  'strategy.quarantined': 'A strategy is quarantined',
  'strategy.silent': 'A strategy is silent',
  'mailbox.unread': 'A mailbox cannot be read',
  'notification.undelivered': 'Somebody cannot be told',
  'rule.holds': 'An alert rule holds',
  'rule.happened': 'What an alert rule waited for',
};
/** The kinds that have a title, as one chooses from them. */
export const alarmKindsKnown = (): string[] => Object.keys(alarmTitles);
export const alarmTitle = (kind: string): string => alarmTitles[kind] ?? words(kind.replaceAll('.', ' '));

/** The same of several, in a language that says so by the word's end. */
const several = (one: string): string => (chosenLanguage() === 'en' ? `${one}s` : one);

/** "1 order", "3 orders". */
export const counted = (count: number, one: string, many = several(one)): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

/** A mode as alerts name it: it is sent, and so it is no word to translate. */
export const modeOfAlert = (mode: string): string => mode.charAt(0).toUpperCase() + mode.slice(1);

export const modeName = (mode: 'paper' | 'production' | null): string =>
  mode === null ? '\u2013' : mode === 'paper' ? 'Paper' : 'Live';

import { type NotificationKind, type NotificationTemplate, placeholdersOf } from '../../core/model/notification.ts';

/** What is said where nobody has written anything else. */
const shipped: Readonly<Record<NotificationKind, NotificationTemplate>> = {
  'approval.wanted': {
    subject: '{mode}: {side} {quantity} {symbol}?',
    text: '{strategy} wants to {side} {quantity} {symbol} at about {price} in {account}. {why} It waits until {until}; without an answer nothing is sent.',
  },
  'order.filled': {
    subject: '{mode}: {side} {quantity} {symbol} filled at {price}',
    text: '{strategy}, {role}, in {account} at {time}. Realized: {profit}.',
  },
  'stop.hit': {
    subject: '{mode}: stop hit, {side} {quantity} {symbol} at {price}',
    text: 'The stop of {strategy} in {account} was filled at {time}. Realized: {profit}.',
  },
  'order.refused': {
    subject: '{mode}: not sent, {side} {quantity} {symbol}',
    text: '{why} Account: {account}. Rule: {code}.',
  },
  'kill_switch.changed': {
    subject: '{mode}: kill switch {what} for {target}',
    text: '{by} at {time}: {why}. Entries that were open: {entries}.',
  },
  'mode.changed': {
    subject: 'Switched from {from} to {to}',
    text: '{by} switched the whole system from {from} to {to} at {time}.',
  },
  'alarm.page': {
    subject: '{mode}: alarm {what}, somebody must look',
    text: '{why} {ended}',
  },
  'alarm.warn': {
    subject: '{mode}: warning {what}',
    text: '{why} {ended}',
  },
  'report.ready': {
    subject: '{mode}: risk report of {day}',
    text: 'The report of {day} is ready. Limits that were breached: {breaches}.',
  },
};

export const shippedTemplate = (kind: NotificationKind): NotificationTemplate => shipped[kind];

/** Characters of a subject and a text at most: what every channel can show. */
export const longestSubject = 150;
export const longestText = 1500;

const placeholder = /\{([^{}]*)\}/g;

/** What of a template cannot be used, field by field; nothing when it can. */
export function templateProblems(
  kind: NotificationKind,
  template: NotificationTemplate,
): { readonly field: 'subject' | 'text'; readonly message: string }[] {
  const known = placeholdersOf(kind);
  const list = known.map((name) => `{${name}}`).join(', ');
  const problems: { field: 'subject' | 'text'; message: string }[] = [];
  for (const field of ['subject', 'text'] as const) {
    const words = template[field];
    const most = field === 'subject' ? longestSubject : longestText;
    if (words.trim() === '') problems.push({ field, message: 'expected some words' });
    if (words.length > most) problems.push({ field, message: `expected at most ${most} characters` });
    if (field === 'subject' && /\p{Cc}/u.test(words)) problems.push({ field, message: 'expected one line' });
    const unknown = [...words.matchAll(placeholder)].map(([, name]) => name!).filter((name) => !known.includes(name));
    for (const name of new Set(unknown))
      problems.push({ field, message: `there is no {${name}} here; there are ${list}` });
    if (/[{}]/.test(words.replace(placeholder, '')))
      problems.push({ field, message: `a brace is open; braces stand only around a name: ${list}` });
  }
  return problems;
}

/** Fills a template in. What is not known is shown as a dash; the subject stays one line whatever the facts hold. */
export function render(template: NotificationTemplate, facts: Readonly<Record<string, string>>): NotificationTemplate {
  const filled = (words: string): string =>
    words.replace(placeholder, (_all, name: string) => {
      const value = Object.hasOwn(facts, name) ? facts[name]! : '';
      return value === '' ? '–' : value;
    });
  const oneLine = filled(template.subject)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return {
    subject: cut(oneLine, longestSubject * 2),
    text: cut(
      filled(template.text)
        .replace(/[ –]+$/u, '')
        .trim(),
      longestText * 2,
    ),
  };
}

const cut = (words: string, most: number): string => (words.length > most ? `${words.slice(0, most - 1)}…` : words);

import type { Session } from '../../core/model/market-facts.ts';
import { isPair } from '../../core/pairs.ts';
import { marketZone, wallClock } from '../../core/zoned-day.ts';
import { breach, type EntryContext, type Finding, notApplicable } from './rule.ts';

/** Minutes since midnight as people write them: "09:30". */
export const clockText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** Of the openings and closes that the calendar keeps, and every decision asks for. */
const shown = new WeakMap<Date, string>();

/** A moment by the clocks of New York, to the minute. */
export function inNewYork(at: Date): string {
  let text = shown.get(at);
  if (text === undefined) {
    text = clockText(wallClock(at, marketZone).minutes);
    shown.set(at, text);
  }
  return text;
}

export const minuteMs = 60_000;

/** Asks about the session of this New York day. Coins are traded at all hours; a calendar that does not reach today is a breach. */
export function bySession(
  { market, now, signal }: EntryContext,
  judge: (session: Session | 'closed', inputs: Readonly<Record<string, string>>) => Finding,
): Finding {
  if (isPair(signal.ticker)) return notApplicable('Coins are traded at all hours.', { ticker: signal.ticker });
  const session = market.session(now);
  const inputs = sessionInputs(now, session);
  if (session === null) {
    const sentence = 'whether the market is open is not known: there is no calendar for today.';
    return breach('RISK_MARKET_CLOSED', sentence, inputs);
  }
  return judge(session, inputs);
}

type Inputs = Readonly<Record<string, string>>;
let said: { readonly now: Date; readonly session: Session | 'closed' | null; readonly inputs: Inputs } | null = null;

/** The same for all rules of a decision, which ask one after another. */
function sessionInputs(now: Date, session: Session | 'closed' | null): Inputs {
  if (said?.now !== now || said.session !== session) said = { now, session, inputs: inputsOf(now, session) };
  return said.inputs;
}

function inputsOf(now: Date, session: Session | 'closed' | null): Inputs {
  const at = now.toISOString();
  if (session === null) return { now: at, session: 'not known' };
  if (session === 'closed') return { now: at, session };
  return { now: at, opensAt: session.opensAt.toISOString(), closesAt: session.closesAt.toISOString() };
}

import { count } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';
import { minuteMs } from '../venue-hours.ts';

export const rule = entryRule({
  key: 'blackout',
  order: 240,
  name: 'Events',
  says: 'No entry is sent around what the calendar of events has for its symbol or for all, such as earnings.',
  parameters: {
    minutesBefore: count('Minutes before an event that count to it', 0, 'higher', { max: 20_160 }),
    minutesAfter: count('Minutes after an event that count to it', 0, 'higher', { max: 20_160 }),
  },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate({ market, now, signal }, { minutesBefore, minutesAfter }) {
    const { ticker } = signal;
    const limit = `${minutesBefore} min before to ${minutesAfter} min after`;
    // Asked of an earlier moment, as what is over by now may still count.
    const from = new Date(now.getTime() - minutesAfter * minuteMs);
    const known = market.blackouts(ticker, from);
    if (known === null) {
      return breach(
        'RISK_BLACKOUT',
        'which events are near is not known: there is no calendar of them.',
        { ticker },
        limit,
      );
    }
    const near = known.find(
      (one) => one.from.getTime() - minutesBefore * minuteMs <= now.getTime() && from.getTime() < one.until.getTime(),
    );
    const inputs = { ticker, events: known.length, next: known[0]?.from.toISOString() ?? null };
    if (near === undefined) return pass(`No event is near for ${ticker}.`, inputs, limit);
    const of = near.symbol ?? 'the market';
    const sentence = `${of} has ${near.what}, from ${near.from.toISOString()} to ${near.until.toISOString()}.`;
    const seen = { ...inputs, event: near.what, from: near.from.toISOString(), until: near.until.toISOString() };
    return breach('RISK_BLACKOUT', sentence, seen, limit);
  },
});

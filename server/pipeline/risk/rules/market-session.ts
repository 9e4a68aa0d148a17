import { flag } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';
import { bySession, inNewYork, minuteMs } from '../venue-hours.ts';

/** US venues trade from 04:00, and for four hours after the close: until 17:00 on a day that closes at 13:00. */
const before = 5.5 * 60 * minuteMs;
const after = 4 * 60 * minuteMs;

export const rule = entryRule({
  key: 'market-session',
  order: 225,
  name: 'Session',
  says: 'Entries are sent while the market is open; those whose alert asks for extended hours, or all where it is set so, within its extended hours too. Coins are traded at all hours.',
  parameters: { extendedHours: flag('Whether the hours before the opening and after the close count for all', false) },
  scopes: ['everything', 'account', 'strategy', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate(context, { extendedHours: forAll }) {
    const extendedHours = forAll || context.sized.terms?.extendedHours === true;
    return bySession(context, (session, inputs) => {
      const seen = { ...inputs, extendedHours };
      if (session === 'closed') return breach('RISK_MARKET_CLOSED', 'the market is closed today.', seen);
      const opens = extendedHours ? new Date(session.opensAt.getTime() - before) : session.opensAt;
      const closes = extendedHours ? new Date(session.closesAt.getTime() + after) : session.closesAt;
      const hours = `from ${inNewYork(opens)} to ${inNewYork(closes)} in New York`;
      const now = context.now.getTime();
      if (now >= opens.getTime() && now < closes.getTime())
        return pass(`It is within the hours ${hours}.`, seen, hours);
      const sentence = `it is ${inNewYork(context.now)}; entries are sent ${hours}.`;
      return breach('RISK_MARKET_CLOSED', sentence, seen, hours);
    });
  },
});

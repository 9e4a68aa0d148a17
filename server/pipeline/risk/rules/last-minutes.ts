import { count } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';
import { bySession, inNewYork, minuteMs } from '../venue-hours.ts';

export const rule = entryRule({
  key: 'last-minutes',
  order: 235,
  name: 'Last minutes',
  says: 'No entry is sent in the last minutes before the market closes, early closes included. Coins have no close.',
  parameters: { minutes: count('Minutes before the close', 5, 'higher', { min: 1, max: 390 }) },
  scopes: ['everything', 'account', 'strategy', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate(context, { minutes }) {
    return bySession(context, (session, inputs) => {
      const limit = `${minutes} min before the close`;
      if (session === 'closed') return pass('The market does not close today: it has no session.', inputs, limit);
      const until = session.closesAt.getTime() - minutes * minuteMs;
      const now = context.now.getTime();
      const closes = inNewYork(session.closesAt);
      if (now >= until && now < session.closesAt.getTime()) {
        const sentence = `the market closes at ${closes} in New York, entries are sent until ${inNewYork(new Date(until))}.`;
        return breach('RISK_LAST_MINUTES', sentence, inputs, limit);
      }
      return pass(`The market closes at ${closes} in New York.`, inputs, limit);
    });
  },
});

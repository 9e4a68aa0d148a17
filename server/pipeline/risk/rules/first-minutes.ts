import { count } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';
import { bySession, inNewYork, minuteMs } from '../venue-hours.ts';

/** What is sent before the opening or after the close is filled in an opening: in the minutes that this keeps away from. */
export const rule = entryRule({
  key: 'first-minutes',
  order: 230,
  name: 'First minutes',
  says: 'No entry is sent before the market has been open for so many minutes, nor after its close. Coins have no opening.',
  parameters: { minutes: count('Minutes after the opening', 5, 'higher', { min: 1, max: 390 }) },
  scopes: ['everything', 'account', 'strategy', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate(context, { minutes }) {
    return bySession(context, (session, inputs) => {
      const limit = `${minutes} min after the opening`;
      if (session === 'closed') {
        const sentence = 'the market is closed today, and what is sent now would be filled at its opening.';
        return breach('RISK_FIRST_MINUTES', sentence, inputs, limit);
      }
      const from = new Date(session.opensAt.getTime() + minutes * minuteMs);
      const now = context.now.getTime();
      if (now >= session.closesAt.getTime()) {
        const sentence = `the market closed at ${inNewYork(session.closesAt)}, and what is sent now would be filled at its opening.`;
        return breach('RISK_FIRST_MINUTES', sentence, inputs, limit);
      }
      if (now < from.getTime()) {
        const sentence = `the market opens at ${inNewYork(session.opensAt)} in New York, entries are sent from ${inNewYork(from)} on.`;
        return breach('RISK_FIRST_MINUTES', sentence, inputs, limit);
      }
      return pass(`The market has been open since ${inNewYork(session.opensAt)}.`, inputs, limit);
    });
  },
});

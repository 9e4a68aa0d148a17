import { breach, entryRule, pass } from '../rule.ts';
import { bySession, inNewYork } from '../venue-hours.ts';

export const rule = entryRule({
  key: 'market-day',
  order: 220,
  name: 'Holidays',
  says: 'No entry is sent on a day without a session, such as a holiday or a Sunday. Coins are traded every day.',
  parameters: {},
  scopes: ['everything', 'account', 'strategy', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate: (context) =>
    bySession(context, (session, inputs) =>
      session === 'closed'
        ? breach('RISK_MARKET_CLOSED', 'the market is closed today.', inputs)
        : pass(
            `The market is open today from ${inNewYork(session.opensAt)} to ${inNewYork(session.closesAt)}.`,
            inputs,
          ),
    ),
});

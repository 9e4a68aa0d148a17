import { amount } from '../figures.ts';
import { amountOf, count } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** The pattern day trader rule of FINRA. It ended in 2026, and brokers may keep it, so that it is off until somebody needs it. */
export const rule = entryRule({
  key: 'day-trades',
  order: 630,
  name: 'Day trades',
  says: 'With less equity than the limit, no entry is sent after so many day trades in five sessions: closed today, it would be one more.',
  parameters: {
    maxDayTrades: count('Most day trades in five sessions', 3, 'lower', { min: 0, max: 1000 }),
    minEquity: amountOf('Equity from which on there may be more', '25000', 'higher'),
  },
  scopes: ['everything', 'account'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate({ activity, equity }, { maxDayTrades, minEquity }) {
    const { dayTrades } = activity;
    const inputs = { dayTrades, equity: amount(equity) };
    const limit = `${maxDayTrades} in 5 sessions, under ${amount(minEquity)}`;
    if (equity.gte(minEquity))
      return pass(`Equity is ${amount(equity)}: there may be any number of day trades.`, inputs, limit);
    if (dayTrades >= maxDayTrades) {
      const sentence = `there were ${dayTrades} day trades in five sessions, the limit is ${maxDayTrades} with less than ${amount(minEquity)} of equity.`;
      return breach('RISK_DAY_TRADES', sentence, inputs, limit);
    }
    return pass(`There were ${dayTrades} day trades in five sessions.`, inputs, limit);
  },
});

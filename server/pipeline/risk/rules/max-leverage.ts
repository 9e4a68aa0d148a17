import { money, rounding, text } from '../../../core/decimal.ts';
import { bookOf } from '../exposure.ts';
import { amount, orderValue, sharesWorth, valueNotKnown } from '../figures.ts';
import { multiple } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** Of the account as a whole, whatever its strategies are given. */
export const rule = entryRule({
  key: 'max-leverage',
  order: 430,
  name: 'Leverage',
  says: 'All positions and open entries together, long and short, may be worth at most so many times equity.',
  parameters: { maxTimesEquity: multiple('Most times equity', '2', 'lower', { min: '0', max: '20' }) },
  scopes: ['everything', 'account'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: true,
  evaluate(context, { maxTimesEquity }) {
    const { equity } = context;
    const { held, openEntries } = bookOf(context).of('all');
    const before = held.plus(openEntries);
    const after = before.plus(orderValue(context));
    const limit = money(equity.times(maxTimesEquity));
    const limitText = `${text(maxTimesEquity)} times equity`;
    const inputs = { before: amount(before), after: amount(after), equity: amount(equity) };
    if (context.sized.referencePrice === null) return breach('RISK_LEVERAGE', valueNotKnown, inputs, limitText);
    if (equity.lte('0')) {
      const sentence = `there is no equity to gear: it is ${amount(equity)}.`;
      return breach('RISK_LEVERAGE', sentence, inputs, limitText);
    }
    if (after.gt(limit)) {
      // Rounded up: what is refused never looks like the limit.
      const times = text(after.div(equity).round(2, rounding.awayFromZero));
      const sentence = `positions would be worth ${times} times equity, the limit is ${text(maxTimesEquity)}.`;
      return breach('RISK_LEVERAGE', sentence, inputs, limitText, sharesWorth(context, limit.minus(before)));
    }
    return pass(`Positions would be worth ${amount(after)}, at most ${amount(limit)} is allowed.`, inputs, limitText);
  },
});

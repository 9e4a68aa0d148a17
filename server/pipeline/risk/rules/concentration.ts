import { fromAmount } from '../../../core/risk-figures/amounts.ts';
import { bookOf } from '../exposure.ts';
import { orderValue, valueNotKnown } from '../figures.ts';
import { count, share } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/**
 * The Herfindahl index: the sum of squares of what part of the portfolio each ticker is (O. C. Herfindahl 1950). Ten equal positions have 0.1,
 * one alone has 1. A portfolio that is being built begins with one, so that it counts from a number of positions on.
 */
export const rule = entryRule({
  key: 'concentration',
  order: 460,
  name: 'Concentration',
  says: 'The Herfindahl index of the portfolio after the order may be at most so much: 1 is one position, 0.1 ten equal ones.',
  parameters: {
    maxIndex: share('Largest index', '0.3', 'lower'),
    fromPositions: count('Counts from so many positions on', 5, 'lower', { min: 1, max: 10_000 }),
  },
  scopes: ['everything', 'account'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxIndex, fromPositions }) {
    const { ticker } = context.signal;
    const added = fromAmount(orderValue(context));
    const before = bookOf(context).symbols;
    const positions = before.size + (before.has(ticker) ? 0 : 1);
    let [total, squares] = [added, 0];
    for (const { symbol, gross } of before.values()) {
      total += gross;
      squares += (symbol === ticker ? gross + added : gross) ** 2;
    }
    if (!before.has(ticker)) squares += added ** 2;
    const limit = `${maxIndex.toFixed()} from ${fromPositions} positions on`;
    if (context.sized.referencePrice === null || total === 0)
      return breach('RISK_CONCENTRATION', valueNotKnown, { positions, index: null }, limit);
    const index = squares / total ** 2;
    const inputs = { positions, index: index.toFixed(6) };
    if (positions < fromPositions)
      return pass(`There would be ${positions} positions, it counts from ${fromPositions} on.`, inputs, limit);
    if (index > fromAmount(maxIndex)) {
      // Rounded up: what is refused never looks like the limit.
      const shown = (Math.ceil(index * 1e6) / 1e6).toFixed(6);
      const sentence = `the portfolio’s index of concentration would be ${shown}, the limit is ${maxIndex.toFixed()}.`;
      return breach('RISK_CONCENTRATION', sentence, inputs, limit);
    }
    return pass(`The portfolio’s index of concentration would be ${index.toFixed(4)}.`, inputs, limit);
  },
});

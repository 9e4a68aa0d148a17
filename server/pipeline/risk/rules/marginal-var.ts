import { zeroQuantity } from '../../../core/decimal.ts';
import { fromAmount } from '../../../core/risk-figures/amounts.ts';
import { parametricValueAtRisk } from '../../../core/risk-figures/value-at-risk.ts';
import { percent } from '../figures.ts';
import { confidenceParameter, historyParameters, withinShareByHistory } from '../history-limit.ts';
import { share } from '../parameters.ts';
import { portfolioWith } from '../portfolio-figures.ts';
import { entryRule } from '../rule.ts';

/** What the order adds to the risk of what is there, hedges and all: the same order adds much to one portfolio and takes from another. */
export const rule = entryRule({
  key: 'marginal-var',
  order: 530,
  name: 'Value at risk that the order adds',
  says: 'The order may add at most a share of equity to the portfolio’s parametric value at risk of a day; one that lowers it always may.',
  parameters: {
    maxShareOfEquity: share('Most that one order adds, as a share of equity', '0.01', 'lower', { min: '0', max: '10' }),
    confidence: confidenceParameter('0.99'),
    ...historyParameters,
  },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxShareOfEquity, confidence: sure, days, atLeast }) {
    const confidence = fromAmount(sure);
    return withinShareByHistory(context, {
      what: `what the order adds to the value at risk of a day at ${percent(sure)}`,
      code: 'RISK_MARGINAL_VAR',
      share: maxShareOfEquity,
      days,
      atLeast,
      figure: (history, shares) => {
        const [after, before] = [portfolioWith(history, shares), portfolioWith(history, zeroQuantity)];
        return (
          parametricValueAtRisk(after.deviation, { confidence }) -
          parametricValueAtRisk(before.deviation, { confidence })
        );
      },
    });
  },
});

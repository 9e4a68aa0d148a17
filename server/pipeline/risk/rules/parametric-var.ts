import { fromAmount } from '../../../core/risk-figures/amounts.ts';
import { parametricValueAtRisk } from '../../../core/risk-figures/value-at-risk.ts';
import { percent } from '../figures.ts';
import { confidenceParameter, historyParameters, withinShareByHistory } from '../history-limit.ts';
import { share } from '../parameters.ts';
import { portfolioWith } from '../portfolio-figures.ts';
import { entryRule } from '../rule.ts';

/** As if returns were normal, around zero: it reacts to every day, where the historical one looks at the worst. */
export const rule = entryRule({
  key: 'parametric-var',
  order: 500,
  name: 'Value at risk, parametric',
  says: 'The loss of a day at the confidence, as if daily returns were normal, may be at most a share of equity, with the order.',
  parameters: {
    maxShareOfEquity: share('Largest loss, as a share of equity', '0.03', 'lower', { min: '0', max: '10' }),
    confidence: confidenceParameter('0.99'),
    ...historyParameters,
  },
  scopes: ['everything', 'account'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxShareOfEquity, confidence: sure, days, atLeast }) {
    const confidence = fromAmount(sure);
    return withinShareByHistory(context, {
      what: `the parametric value at risk of a day at ${percent(sure)}`,
      code: 'RISK_VALUE_AT_RISK',
      share: maxShareOfEquity,
      days,
      atLeast,
      figure: (history, shares) => parametricValueAtRisk(portfolioWith(history, shares).deviation, { confidence }),
    });
  },
});

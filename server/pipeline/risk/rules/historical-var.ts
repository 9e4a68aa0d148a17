import { fromAmount } from '../../../core/risk-figures/amounts.ts';
import { sortedValueAtRisk } from '../../../core/risk-figures/value-at-risk.ts';
import { percent } from '../figures.ts';
import { confidenceParameter, historyParameters, withinShareByHistory } from '../history-limit.ts';
import { share } from '../parameters.ts';
import { portfolioWith } from '../portfolio-figures.ts';
import { entryRule } from '../rule.ts';

/** From days that really happened, at today’s weights (P. Jorion, "Value at Risk", 3rd edition 2007, chapter 5). */
export const rule = entryRule({
  key: 'historical-var',
  order: 490,
  name: 'Value at risk, historical',
  says: 'The loss of a day that past days exceeded only as often as the confidence says may be at most a share of equity, with the order.',
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
      what: `the historical value at risk of a day at ${percent(sure)}`,
      code: 'RISK_VALUE_AT_RISK',
      share: maxShareOfEquity,
      days,
      atLeast,
      figure: (history, shares) => {
        const { days: past, worst } = portfolioWith(history, shares);
        return sortedValueAtRisk(worst(confidence), { confidence }, past);
      },
    });
  },
});

import { fromAmount } from '../../../core/risk-figures/amounts.ts';
import { sortedExpectedShortfall } from '../../../core/risk-figures/expected-shortfall.ts';
import { percent } from '../figures.ts';
import { confidenceParameter, historyParameters, withinShareByHistory } from '../history-limit.ts';
import { share } from '../parameters.ts';
import { portfolioWith } from '../portfolio-figures.ts';
import { entryRule } from '../rule.ts';

/** What the worst days cost on average: it sees how bad they were, which a value at risk does not. */
export const rule = entryRule({
  key: 'historical-shortfall',
  order: 510,
  name: 'Expected shortfall, historical',
  says: 'The mean loss of the past days that are beyond the confidence may be at most a share of equity, with the order.',
  parameters: {
    maxShareOfEquity: share('Largest loss, as a share of equity', '0.04', 'lower', { min: '0', max: '10' }),
    confidence: confidenceParameter('0.975'),
    ...historyParameters,
  },
  scopes: ['everything', 'account'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxShareOfEquity, confidence: sure, days, atLeast }) {
    const confidence = fromAmount(sure);
    return withinShareByHistory(context, {
      what: `the historical expected shortfall of a day at ${percent(sure)}`,
      code: 'RISK_EXPECTED_SHORTFALL',
      share: maxShareOfEquity,
      days,
      atLeast,
      figure: (history, shares) => {
        const { days: past, worst } = portfolioWith(history, shares);
        return sortedExpectedShortfall(worst(confidence), { confidence }, past);
      },
    });
  },
});

import { fromAmount } from '../../../core/risk-figures/amounts.ts';
import { parametricExpectedShortfall } from '../../../core/risk-figures/expected-shortfall.ts';
import { percent } from '../figures.ts';
import { confidenceParameter, historyParameters, withinShareByHistory } from '../history-limit.ts';
import { share } from '../parameters.ts';
import { portfolioWith } from '../portfolio-figures.ts';
import { entryRule } from '../rule.ts';

/** The mean of the days beyond the confidence, as if returns were normal around zero. */
export const rule = entryRule({
  key: 'parametric-shortfall',
  order: 520,
  name: 'Expected shortfall, parametric',
  says: 'The mean loss of a day beyond the confidence, as if daily returns were normal, may be at most a share of equity, with the order.',
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
      what: `the parametric expected shortfall of a day at ${percent(sure)}`,
      code: 'RISK_EXPECTED_SHORTFALL',
      share: maxShareOfEquity,
      days,
      atLeast,
      figure: (history, shares) =>
        parametricExpectedShortfall(portfolioWith(history, shares).deviation, { confidence }),
    });
  },
});

import { historyParameters, withinShareByHistory } from '../history-limit.ts';
import { share } from '../parameters.ts';
import { portfolioWith, yearly } from '../portfolio-figures.ts';
import { entryRule } from '../rule.ts';

/** The deviation of daily profits at today’s weights, per year (RiskMetrics Technical Document, 4th edition 1996, chapter 5). */
export const rule = entryRule({
  key: 'portfolio-volatility',
  order: 480,
  name: 'Volatility of the portfolio',
  says: 'What is held and the order together may vary by at most a share of equity a year, by their daily returns.',
  parameters: {
    maxShareOfEquity: share('Largest deviation in a year, as a share of equity', '0.25', 'lower', {
      min: '0',
      max: '10',
    }),
    ...historyParameters,
  },
  scopes: ['everything', 'account'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxShareOfEquity, days, atLeast }) {
    return withinShareByHistory(context, {
      what: 'the portfolio’s volatility of a year',
      code: 'RISK_PORTFOLIO_VOLATILITY',
      share: maxShareOfEquity,
      days,
      atLeast,
      figure: (history, shares) => yearly(history, portfolioWith(history, shares).deviation),
    });
  },
});

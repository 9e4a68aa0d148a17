import { rounding, text } from '../../../core/decimal.ts';
import { fromAmount, toAmount } from '../../../core/risk-figures/amounts.ts';
import { historyParameters } from '../history-limit.ts';
import { share } from '../parameters.ts';
import { correlationWithHeld } from '../portfolio-figures.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** Ten positions that move as one are one position. */
export const rule = entryRule({
  key: 'correlation',
  order: 470,
  name: 'Correlation with what is held',
  says: 'The order’s daily returns may move only so much like those of what is held, weighted by the money in it; a short counts the other way around.',
  parameters: {
    maxCorrelation: share('Highest correlation, from 0 to 1', '0.8', 'lower'),
    ...historyParameters,
  },
  scopes: ['everything', 'account', 'strategy', 'sector'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxCorrelation, days, atLeast }) {
    const found = correlationWithHeld(context, { days, atLeast });
    const limit = text(maxCorrelation);
    if (!found.known) {
      const sentence = `how much it moves like what is held is not known: ${found.what} cannot be had.`;
      return breach('RISK_CORRELATION', sentence, { correlation: null }, limit);
    }
    const { value, symbols, closest } = found;
    if (symbols === 0) return pass('Nothing else is held that it could move with.', { symbols }, limit);
    const inputs = {
      correlation: value.toFixed(6),
      symbols,
      closest: closest?.symbol ?? null,
      closestCorrelation: closest?.value.toFixed(6) ?? null,
    };
    if (value > fromAmount(maxCorrelation)) {
      const most = closest ? `, most like ${closest.symbol}` : '';
      const sentence = `its correlation with what is held is ${shownAbove(value)}${most}; the limit is ${limit}.`;
      return breach('RISK_CORRELATION', sentence, inputs, limit);
    }
    return pass(`Its correlation with what is held is ${value.toFixed(2)}.`, inputs, limit);
  },
});

/** Rounded up: what is refused never looks like the limit. */
const shownAbove = (value: number): string => text(toAmount(value).round(4, rounding.awayFromZero));

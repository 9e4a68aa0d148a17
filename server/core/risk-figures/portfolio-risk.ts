// The figures that a decision and the risk page ask for, at one go.
import type { Money } from '../decimal.ts';
import { toAmount } from './amounts.ts';
import { parametricExpectedShortfall, sortedExpectedShortfall } from './expected-shortfall.ts';
import type { Series } from './series.ts';
import { worstFirst } from './tail.ts';
import { parametricValueAtRisk, sortedValueAtRisk } from './value-at-risk.ts';
import { sampleDeviation } from './volatility.ts';

/** Losses at one confidence, in the account's currency, positive for money lost. Null: the history is too short to say. */
export interface LossFigures {
  readonly confidence: number;
  readonly historical: { readonly valueAtRisk: Money; readonly expectedShortfall: Money } | null;
  readonly parametric: { readonly valueAtRisk: Money; readonly expectedShortfall: Money };
}

/** The risk of one portfolio. */
export interface PortfolioRisk {
  /** The sample deviation of a day's profit. */
  readonly deviation: Money;
  readonly losses: readonly LossFigures[];
}

/** Which figures are wanted. */
export interface RiskOptions {
  readonly confidences: readonly number[];
  readonly horizonDays?: number;
}

/**
 * Historical and parametric figures of a series of daily profits: `held.profits` for the risk before an order, what `profitsWith` answers for
 * the risk after it. Keep the figures before while positions do not change; those after cost one sort of the rows.
 *
 * Null with fewer than two rows. Throws a `RangeError` for profits that are not finite, and for options that are not usable.
 */
export function portfolioRisk(profits: Series, { confidences, horizonDays = 1 }: RiskOptions): PortfolioRisk | null {
  const sorted = worstFirst(profits);
  const deviation = sampleDeviation(sorted);
  if (deviation === null) return null;
  const losses = confidences.map((confidence): LossFigures => {
    const options = { confidence, horizonDays };
    const valueAtRisk = sortedValueAtRisk(sorted, options);
    const expectedShortfall = sortedExpectedShortfall(sorted, options);
    return {
      confidence,
      historical:
        valueAtRisk === null || expectedShortfall === null
          ? null
          : { valueAtRisk: toAmount(valueAtRisk), expectedShortfall: toAmount(expectedShortfall) },
      parametric: {
        valueAtRisk: toAmount(parametricValueAtRisk(deviation, options)),
        expectedShortfall: toAmount(parametricExpectedShortfall(deviation, options)),
      },
    };
  });
  return { deviation: toAmount(deviation), losses };
}

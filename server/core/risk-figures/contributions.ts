// Which positions a portfolio's deviation comes from.
import type { Money } from '../decimal.ts';
import { toAmount } from './amounts.ts';
import type { HeldPortfolio } from './portfolio.ts';
import { column } from './return-table.ts';
import { isConstant, mean, requireFinite } from './series.ts';
import { sampleDeviation } from './volatility.ts';

/** The part of one symbol. */
export interface Contribution {
  readonly symbol: string;
  readonly exposure: Money;
  /** What one unit of money more in the symbol adds to the portfolio's deviation: cov(return, profits) / deviation. */
  readonly marginal: number;
  /** exposure x marginal, in money a day; below zero where the position lowers the risk. Over all symbols they add up to the deviation. */
  readonly component: Money;
  /** component / deviation; over all symbols they add up to 1. It is the share of the parametric value at risk too. */
  readonly share: number;
}

/**
 * Marginal and component contributions of every symbol of the table, held or not, to the daily deviation of the portfolio (Jorion 2007,
 * chapter 7; Euler's theorem on homogeneous functions makes them add up). One pass over symbols x rows: for the page, not for a decision.
 *
 * Null with fewer than two rows, or when profits do not vary, as with nothing held: there is nothing to divide. Throws a `RangeError` for
 * profits or returns that are not finite.
 */
export function contributions({ table, exposures, profits }: HeldPortfolio): readonly Contribution[] | null {
  const deviation = sampleDeviation(profits);
  if (deviation === null || deviation === 0) return null;
  requireFinite(table.values, 'returns');
  const center = mean(profits)!;
  return table.symbols.map((symbol, i) => {
    const returns = column(table, i);
    const covariance = isConstant(returns) ? 0 : centeredProducts(returns, profits, center) / (table.rows - 1);
    const marginal = covariance / deviation;
    const component = exposures[i]! * marginal;
    return {
      symbol,
      exposure: toAmount(exposures[i]!),
      marginal,
      component: toAmount(component),
      share: component / deviation,
    };
  });
}

function centeredProducts(returns: Float64Array, profits: Float64Array, center: number): number {
  const average = mean(returns)!;
  let sum = 0;
  for (let t = 0; t < profits.length; t++) sum += (returns[t]! - average) * (profits[t]! - center);
  return sum;
}

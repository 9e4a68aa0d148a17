import { type Money, rounding, text } from '../../../core/decimal.ts';
import type { MarketFacts } from '../../../core/model/market-facts.ts';
import type { CorrelationFigures } from '../../../core/model/risk-overview.ts';
import { toAmount } from '../../../core/risk-figures/amounts.ts';
import { correlationMatrix } from '../../../core/risk-figures/correlation.ts';
import { type HistoryLength, seriesOf } from './history.ts';

/** More symbols than can be read at one look, and cells than are worth sending. */
export const mostSymbols = 25;

/**
 * Correlations of the daily returns of what is held, of each two over the days that both have; null with fewer than `atLeast` of them. The
 * sign is that of the symbols: two that move alike, one long and one short, lower the risk.
 */
export function correlationsOf(
  exposures: ReadonlyMap<string, Money>,
  market: Pick<MarketFacts, 'dailyBars'>,
  { days, atLeast }: HistoryLength,
): CorrelationFigures {
  const largest = [...exposures].sort(([a, x], [b, y]) => y.abs().cmp(x.abs()) || (a < b ? -1 : 1));
  const shown = largest.slice(0, mostSymbols);
  const { series, missing } = seriesOf(new Map(shown), market);
  const { symbols, cells } = correlationMatrix(series, days);
  return {
    symbols: [...symbols],
    cells: cells.map((row) =>
      row.map((cell) =>
        cell === null || cell.observations < atLeast
          ? null
          : text(toAmount(cell.value).round(4, rounding.halfAwayFromZero)),
      ),
    ),
    days,
    missing: [...missing],
    leftOut: largest.length - shown.length,
  };
}

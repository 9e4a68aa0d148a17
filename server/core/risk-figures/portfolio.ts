// What the positions that are held now would have earned on each row of a table of returns, and what they would have with one order more.
//
// Three speeds. When closes arrive (once a day): `closeSeries`, `commonReturns`, `covarianceMatrix`, and `simulatedReturns` for the page.
// When positions change: `holdPortfolio`, one pass over positions x rows. For a candidate order: `profitsWith`, one pass over the rows of
// one symbol; no covariance matrix is needed, as the deviation of a portfolio is that of its profits.
import type { Money } from '../decimal.ts';
import { err, ok, type Result } from '../result.ts';
import { fromAmount } from './amounts.ts';
import type { ReturnTable } from './return-table.ts';
import { annualised, sampleDeviation } from './volatility.ts';

/** Money in one symbol at the market's price; negative for a short position. As an order: what it adds, negative for a sale. */
export interface Exposure {
  readonly symbol: string;
  readonly value: Money;
}

/** Symbols that have money in them and no column in the table: their risk is not known, and so the portfolio's is not either. */
export interface NoHistory {
  readonly symbols: readonly string[];
}

/** A portfolio over a table of returns. */
export interface HeldPortfolio {
  readonly table: ReturnTable;
  /** Money by symbol, in the table's order. */
  readonly exposures: Float64Array;
  /** Money earned on each row, negative where it was lost. Nothing held: zeros. */
  readonly profits: Float64Array;
}

/**
 * The profits Σ exposure x return of what is held, with the weights of today on every row. Exposures in one symbol add up. Refuses when
 * any symbol with money in it has no history; one whose exposures add up to zero needs none.
 */
export function holdPortfolio(table: ReturnTable, held: Iterable<Exposure>): Result<HeldPortfolio, NoHistory> {
  const { rows, values } = table;
  const exposures = new Float64Array(table.symbols.length);
  const unknown = new Map<string, number>();
  for (const { symbol, value } of held) {
    const at = table.index.get(symbol);
    if (at === undefined) unknown.set(symbol, (unknown.get(symbol) ?? 0) + fromAmount(value));
    else exposures[at]! += fromAmount(value);
  }
  const missing = [...unknown].filter(([, value]) => value !== 0).map(([symbol]) => symbol);
  if (missing.length > 0) return err({ symbols: missing });
  const profits = new Float64Array(rows);
  for (let i = 0; i < exposures.length; i++) {
    const exposure = exposures[i]!;
    if (exposure === 0) continue;
    const start = i * rows;
    for (let row = 0; row < rows; row++) profits[row]! += exposure * values[start + row]!;
  }
  return ok({ table, exposures, profits });
}

/**
 * The profits with an order on top of what is held. `into`, as long as the table has rows, is written to and answered, for a caller that
 * tries many orders. Refuses an order of any money in a symbol without history. Throws a `RangeError` for an `into` of another length.
 */
export function profitsWith(
  { table, profits }: HeldPortfolio,
  order: Exposure,
  into: Float64Array = new Float64Array(table.rows),
): Result<Float64Array, NoHistory> {
  const { rows, values, index } = table;
  if (into.length !== rows) throw new RangeError(`room for ${into.length} profits is not ${rows} rows`);
  const added = fromAmount(order.value);
  const at = index.get(order.symbol);
  if (at === undefined) {
    if (added !== 0) return err({ symbols: [order.symbol] });
    into.set(profits);
    return ok(into);
  }
  const start = at * rows;
  for (let row = 0; row < rows; row++) into[row] = profits[row]! + added * values[start + row]!;
  return ok(into);
}

/**
 * The deviation of profits as a fraction of equity, per year. Null with fewer than two rows, and when equity is not above zero: a share of
 * nothing is not known. `periods` as in `annualised`.
 */
export function portfolioVolatility(profits: Float64Array, equity: Money, periods: number): number | null {
  const deviation = sampleDeviation(profits);
  return deviation === null || equity.lte('0') ? null : annualised(deviation / fromAmount(equity), periods);
}

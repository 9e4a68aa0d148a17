// Returns of many symbols over the same moments: days of history, or draws of a simulation. Everything about portfolios is a sum over
// the columns of such a table.

/**
 * `rows` returns of each symbol. `values` holds the columns one after the other: the return of `symbols[i]` in row t stands at
 * `i * rows + t`, as a fraction.
 */
export interface ReturnTable {
  readonly symbols: readonly string[];
  /** Where a symbol stands in `symbols`. */
  readonly index: ReadonlyMap<string, number>;
  readonly rows: number;
  readonly values: Float64Array;
}

/** Builds a table. Throws a `RangeError` for a symbol that comes twice, or values of another length than symbols x rows. */
export function returnTable(symbols: readonly string[], rows: number, values: Float64Array): ReturnTable {
  const index = new Map(symbols.map((symbol, i) => [symbol, i]));
  if (index.size !== symbols.length) throw new RangeError('a symbol comes twice in a table of returns');
  if (values.length !== symbols.length * rows) {
    throw new RangeError(`${symbols.length} symbols over ${rows} rows are not ${values.length} values`);
  }
  return { symbols, index, rows, values };
}

/** The returns of the i-th symbol: a view, not a copy. */
export const column = (table: ReturnTable, i: number): Float64Array =>
  table.values.subarray(i * table.rows, (i + 1) * table.rows);

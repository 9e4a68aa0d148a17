import type { Bar } from '../../core/indicators/bar.ts';
import type { MarketFacts } from '../../core/model/market-facts.ts';
import { commonReturns } from '../../core/risk-figures/alignment.ts';
import { type CloseSeries, closeSeries, dailyCloses } from '../../core/risk-figures/close-series.ts';
import { type Correlation, correlationOfCloses } from '../../core/risk-figures/correlation.ts';
import { column } from '../../core/risk-figures/return-table.ts';
import { marketZone } from '../../core/zoned-day.ts';

// What is kept, and for how long. The closes and the returns of one symbol live as long as its bars, which are made anew when closes arrive.
// Where all symbols traded on the same days, as shares do, a portfolio's history is their columns side by side, and nothing is built for a
// decision; where they did not (a coin, a young listing), the days they have in common are looked for once a set of symbols, and the
// last few sets are kept. What a portfolio earned lives as long as the account view of its decision, what it would with the order as long as
// the order. A figure depends on what it is asked of alone, never on what was kept.

/** One symbol's history as it was last seen. */
export interface SymbolHistory {
  readonly series: CloseSeries;
  /** By how many days were asked for. */
  readonly windows: Map<number, Window>;
  /** With other symbols, by how many days were asked for. */
  readonly correlations: Map<number, WeakMap<SymbolHistory, Correlation | null>>;
  /** With all that was held when it was asked for last, in that order. */
  correlated: Correlated | null;
}

interface Correlated {
  readonly days: number;
  readonly others: readonly (SymbolHistory | null)[];
  readonly found: readonly (Correlation | null)[];
}

/** The last days of a symbol. */
interface Window {
  /** Equal, as an object, for symbols that have the same last days. */
  readonly shape: object;
  readonly returns: Float64Array;
}

const histories = new WeakMap<readonly Bar[], SymbolHistory>();

/** Null: fewer than two closes, or closes of which no returns can be made. */
export function historyOf(symbol: string, bars: readonly Bar[]): SymbolHistory | null {
  const kept = histories.get(bars);
  if (kept) return kept;
  const series = seriesOf(symbol, bars);
  if (series === null) return null;
  const made = { series, windows: new Map(), correlations: new Map(), correlated: null };
  histories.set(bars, made);
  return made;
}

function seriesOf(symbol: string, bars: readonly Bar[]): CloseSeries | null {
  if (bars.length < 2) return null;
  try {
    return closeSeries(symbol, dailyCloses(bars, marketZone));
  } catch {
    // Bars that cannot be meant are as good as none: whoever asks says that the figure is not known.
    return null;
  }
}

const shapes = new Map<string, WeakRef<object>>();

function shapeOf({ series }: SymbolHistory, days: number): object {
  const key = series.days.slice(-(days + 1)).join(' ');
  let shape = shapes.get(key)?.deref();
  if (shape === undefined) {
    shape = { key };
    // Days pass: what nobody has any more is forgotten.
    for (const [old, ref] of shapes) if (ref.deref() === undefined) shapes.delete(old);
    shapes.set(key, new WeakRef(shape));
  }
  return shape;
}

function windowOf(history: SymbolHistory, days: number): Window {
  const kept = history.windows.get(days);
  if (kept) return kept;
  const made = { shape: shapeOf(history, days), returns: returnsOf(history, days) };
  history.windows.set(days, made);
  return made;
}

function returnsOf({ series }: SymbolHistory, days: number): Float64Array {
  const closes = series.closes.slice(-(days + 1));
  const returns = new Float64Array(closes.length - 1);
  for (let i = 1; i < closes.length; i++) returns[i - 1] = closes[i]! / closes[i - 1]! - 1;
  return returns;
}

/** Returns of several symbols over the days they have in common: a column each, in the order they were asked for. */
export interface Columns {
  readonly rows: number;
  readonly columns: readonly Float64Array[];
}

interface KeptTable {
  readonly found: readonly SymbolHistory[];
  readonly days: number;
  readonly columns: Columns;
}
const tables = new WeakMap<MarketFacts, KeptTable[]>();
const mostTables = 16;

/** The last `days` returns that all of the symbols have. */
export function columnsOf(market: MarketFacts, found: readonly SymbolHistory[], days: number): Columns {
  const columns: Float64Array[] = [];
  let shape: object | undefined;
  for (const one of found) {
    const window = windowOf(one, days);
    shape ??= window.shape;
    if (window.shape === shape) columns.push(window.returns);
  }
  if (columns.length === found.length) return { rows: columns[0]?.length ?? 0, columns };
  const kept = tables.get(market) ?? [];
  const same = (one: KeptTable) =>
    one.days === days && one.found.length === found.length && one.found.every((own, i) => own === found[i]);
  const at = kept.findIndex(same);
  const table = at >= 0 ? kept[at]! : { found, days, columns: commonColumns(found, days) };
  tables.set(market, [table, ...kept.filter((_, i) => i !== at)].slice(0, mostTables));
  return table.columns;
}

/** No symbol is left out for the sake of the others: too few days in common are too few for all. */
function commonColumns(found: readonly SymbolHistory[], days: number): Columns {
  // By their places: two symbols may have the very same bars.
  const series = found.map((one, i) => ({ ...one.series, symbol: String(i) }));
  const { table, excluded } = commonReturns(series, { days, atLeast: 1 });
  if (table === null || excluded.length > 0) return { rows: 0, columns: found.map(() => new Float64Array(0)) };
  return { rows: table.rows, columns: series.map(({ symbol }) => column(table, table.index.get(symbol)!)) };
}

/** Of a symbol with each of the others over the last `days` returns that both have; null: it cannot be said, or has no history. Kept with the bars of both. */
export function correlationsOf(
  own: SymbolHistory,
  others: readonly (SymbolHistory | null)[],
  days: number,
): readonly (Correlation | null)[] {
  const last = own.correlated;
  if (last?.days === days && last.others.length === others.length && others.every((one, i) => one === last.others[i]))
    return last.found;
  const found = others.map((other) => other && correlationOf(own, other, days));
  own.correlated = { days, others, found };
  return found;
}

function correlationOf(own: SymbolHistory, other: SymbolHistory, days: number): Correlation | null {
  let kept = own.correlations.get(days);
  if (kept === undefined) {
    kept = new WeakMap();
    own.correlations.set(days, kept);
  }
  const known = kept.get(other);
  if (known !== undefined) return known;
  const found = correlationOfCloses(own.series, other.series, days);
  kept.set(other, found);
  return found;
}

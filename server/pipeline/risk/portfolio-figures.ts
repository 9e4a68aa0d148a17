import { type Big, type Money, money, type Quantity, quantity, zeroQuantity } from '../../core/decimal.ts';
import type { MarketFacts } from '../../core/model/market-facts.ts';
import { isPair } from '../../core/pairs.ts';
import { fromAmount } from '../../core/risk-figures/amounts.ts';
import { tailRank, worstOf } from '../../core/risk-figures/tail.ts';
import { annualised, periodsPerYear, sampleDeviation } from '../../core/risk-figures/volatility.ts';
import { bookOf } from './exposure.ts';
import { priceOf } from './figures.ts';
import { columnsOf, correlationsOf, historyOf, type SymbolHistory } from './price-history.ts';
import type { RiskContext } from './rule.ts';

/** What a figure needs and is not there; for the sentence "… is not known". */
export interface Unknown {
  readonly known: false;
  /** For people: "the daily bars of TSLA and 3 more". */
  readonly what: string;
}

/** Daily profits of what the account holds and may come to hold, at today's weights, and of one share of the order's symbol. */
export interface PortfolioHistory {
  readonly known: true;
  readonly rows: number;
  /** Days in a year on which it trades. */
  readonly periods: number;
  /** Money earned on each day, negative where it was lost. */
  readonly profits: Float64Array;
  /** The order's symbol. */
  readonly returns: Float64Array;
  /** What a share of the order earns on a day when its symbol returns 1: its price, negative for a sale. */
  readonly perShare: number;
  /** Figures with so much money more in the symbol, as they were asked for. */
  readonly kept: Map<number, PortfolioWith>;
}

const unknown = (symbols: readonly string[]): Unknown => {
  const more = symbols.length - 1;
  return { known: false, what: `the daily bars of ${symbols[0]}${more > 0 ? ` and ${more} more` : ''}` };
};

/** The last `days` returns of what is held and of the order; fewer than `atLeast` are too few. */
export function portfolioHistory(
  context: RiskContext,
  { days, atLeast }: { readonly days: number; readonly atLeast: number },
): PortfolioHistory | Unknown {
  if (context.sized.referencePrice === null) return { known: false, what: 'the price of the order' };
  const { ticker } = context.signal;
  const byDays = bookOf(context).keep('profits', ticker, () => new Map<number, Made | Unknown>());
  let made = byDays.get(days);
  if (made === undefined) {
    made = madeHistory(context, days);
    byDays.set(days, made);
  }
  if (!made.known) return made;
  if (made.rows < atLeast) {
    return { known: false, what: `enough history (${made.rows} of ${atLeast} days in common)` };
  }
  const priced = fromAmount(priceOf(context));
  return { ...made, perShare: context.sized.side === 'sell' ? -priced : priced };
}

type Made = Omit<PortfolioHistory, 'perShare'>;

function madeHistory(context: RiskContext, days: number): Made | Unknown {
  const { market, signal } = context;
  const missing: string[] = [];
  const found: SymbolHistory[] = [];
  const weights: number[] = [];
  let own = -1;
  for (const { symbol, net, history } of heldHistories(context)) {
    // Long and short of one symbol that cancel out have no risk.
    if (net === 0 && symbol !== signal.ticker) continue;
    if (symbol === signal.ticker) own = found.length;
    if (history === null) missing.push(symbol);
    else {
      found.push(history);
      weights.push(net);
    }
  }
  if (own < 0) {
    own = found.length;
    const history = historyIn(market, signal.ticker);
    if (history === null) missing.push(signal.ticker);
    else {
      found.push(history);
      weights.push(0);
    }
  }
  if (missing.length > 0) return unknown(missing);
  const { rows, columns } = columnsOf(market, found, days);
  return {
    known: true,
    rows,
    periods: found.every(({ series }) => isPair(series.symbol)) ? periodsPerYear.coins : periodsPerYear.stocks,
    profits: profitsOf(columns, weights, rows),
    returns: columns[own]!,
    kept: new Map(),
  };
}

/** What is held of a symbol and coming, negative where it is short, with its history; null: that is not known. */
interface HeldHistory {
  readonly symbol: string;
  readonly net: number;
  readonly history: SymbolHistory | null;
}

const heldHistories = (context: RiskContext): readonly HeldHistory[] =>
  bookOf(context).keep('histories', '', () => {
    const found: HeldHistory[] = [];
    for (const { symbol, net } of bookOf(context).symbols.values())
      found.push({ symbol, net, history: historyIn(context.market, symbol) });
    return found;
  });

function historyIn(market: MarketFacts, symbol: string): SymbolHistory | null {
  const bars = market.dailyBars(symbol);
  return bars && historyOf(symbol, bars);
}

/** Σ weight x return by row; four columns at a time, which passes over the sums a quarter as often. */
function profitsOf(columns: readonly Float64Array[], weights: readonly number[], rows: number): Float64Array {
  const profits = new Float64Array(rows);
  let i = 0;
  for (; i + 3 < columns.length; i += 4) {
    const [a, b, c, d] = [columns[i]!, columns[i + 1]!, columns[i + 2]!, columns[i + 3]!];
    const [wa, wb, wc, wd] = [weights[i]!, weights[i + 1]!, weights[i + 2]!, weights[i + 3]!];
    for (let row = 0; row < rows; row++) profits[row]! += wa * a[row]! + wb * b[row]! + wc * c[row]! + wd * d[row]!;
  }
  for (; i < columns.length; i++) {
    const [one, weight] = [columns[i]!, weights[i]!];
    for (let row = 0; row < rows; row++) profits[row]! += weight * one[row]!;
  }
  return profits;
}

/** Figures of a portfolio with so many shares of the order in it. */
export interface PortfolioWith {
  /** The days there are. */
  readonly days: number;
  /** The worst days, from the worst on, as far as a confidence reaches. */
  worst(confidence: number): Float64Array;
  /** Of a day's profit, in money. */
  readonly deviation: number;
}

/** What the portfolio would have earned with so many shares of the order; none: what it earned without. Kept with the history. */
export function portfolioWith(history: PortfolioHistory, shares: Quantity): PortfolioWith {
  const { profits, returns, perShare, kept } = history;
  const added = shares.eq(zeroQuantity) ? 0 : perShare * fromAmount(shares);
  const known = kept.get(added);
  if (known) return known;
  const found = figuresOf(profits, returns, added);
  kept.set(added, found);
  return found;
}

function figuresOf(profits: Float64Array, returns: Float64Array, added: number): PortfolioWith {
  const after = new Float64Array(profits.length);
  for (let row = 0; row < after.length; row++) after[row] = profits[row]! + added * returns[row]!;
  const deviation = sampleDeviation(after);
  let kept: Float64Array = new Float64Array(0);
  return {
    days: after.length,
    deviation: deviation ?? Number.NaN,
    worst(confidence) {
      const reaches = (tailRank(after.length, confidence) ?? -1) + 1;
      if (kept.length < reaches) kept = worstOf(after, reaches);
      return kept;
    },
  };
}

/** The deviation of a day's profit as one of a year, in money. */
export const yearly = (history: PortfolioHistory, deviation: number): number => annualised(deviation, history.periods);

/** A limit as a part of equity, as the double that figures are compared with. */
export const shareOf = (equity: Money, part: Big): number => fromAmount(money(equity.times(part)));

/**
 * The most shares, fewer than the order has, with which a figure keeps a limit; null: not even one lot does. Found by halving: a figure that
 * falls and rises again may have other sizes that keep it, and whatever is answered is asked again.
 */
export function mostWithin(
  { sized, lot }: RiskContext,
  limit: number,
  figure: (shares: Quantity) => number | null,
): Quantity | null {
  const keeps = (shares: Quantity): boolean => {
    const value = figure(shares);
    return value !== null && value <= limit;
  };
  const lots = fromAmount(sized.quantity) / fromAmount(lot);
  let [most, tooMany] = [0, Math.ceil(lots)];
  // Coins come in a billion lots: so fine a size is not worth the search.
  for (let step = 0; step < 24 && tooMany - most > 1; step++) {
    const middle = Math.floor((most + tooMany) / 2);
    if (keeps(quantity(lot.times(String(middle))))) most = middle;
    else tooMany = middle;
  }
  return most === 0 ? null : quantity(lot.times(String(most)));
}

/** How the order's symbol moves with what is held, and on how much of the money that is known. */
export interface WeightedCorrelation {
  readonly known: true;
  /** From -1 to 1: the mean over other symbols, weighted by the money in them. A short moves the other way. */
  readonly value: number;
  readonly symbols: number;
  /** The symbol it moves most alike with, and how much. */
  readonly closest: { readonly symbol: string; readonly value: number } | null;
}

/**
 * The correlation of daily returns of the order with every other symbol that is held or being entered. The order's own ticker is not among
 * them: how much of that there may be is said by the limit of one position.
 */
export function correlationWithHeld(
  context: RiskContext,
  { days, atLeast }: { readonly days: number; readonly atLeast: number },
): WeightedCorrelation | Unknown {
  const { market, signal, sized } = context;
  const held: HeldHistory[] = [];
  const others: (SymbolHistory | null)[] = [];
  for (const one of heldHistories(context)) {
    if (one.symbol === signal.ticker || one.net === 0) continue;
    held.push(one);
    others.push(one.history);
  }
  if (held.length === 0) return { known: true, value: 0, symbols: 0, closest: null };
  const own = historyIn(market, signal.ticker);
  if (!own) return unknown([signal.ticker]);
  const found = correlationsOf(own, others, days);
  const missing: string[] = [];
  const way = sized.side === 'sell' ? -1 : 1;
  let [sum, weights] = [0, 0];
  let [most, closest]: [number, string | null] = [Number.NEGATIVE_INFINITY, null];
  for (let i = 0; i < found.length; i++) {
    const { symbol, net } = held[i]!;
    const one = found[i]!;
    if (one === null || one.observations < atLeast) {
      missing.push(symbol);
      continue;
    }
    const value = one.value * way * Math.sign(net);
    sum += value * Math.abs(net);
    weights += Math.abs(net);
    if (closest === null || value > most) [most, closest] = [value, symbol];
  }
  if (missing.length > 0) {
    const more = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
    return { known: false, what: `the correlation of ${signal.ticker} with ${missing[0]}${more}` };
  }
  return {
    known: true,
    value: sum / weights,
    symbols: held.length,
    closest: closest === null ? null : { symbol: closest, value: most },
  };
}

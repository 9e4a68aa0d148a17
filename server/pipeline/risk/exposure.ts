import { type Money, money, type Price, type Quantity, zeroMoney } from '../../core/decimal.ts';
import type { LotView, OpenOrderView } from '../../core/model/account-view.ts';
import type { LimitScope } from '../../core/model/risk-limit.ts';
import { fromAmount } from '../../core/risk-figures/amounts.ts';
import { asDouble, ExactSum, fromMillionths, millionths, productInMillionths } from './exact-sum.ts';
import type { RiskContext } from './rule.ts';

/** What is held and what open entries may add, without signs, in the account's currency. */
export interface Exposure {
  readonly held: Money;
  readonly openEntries: Money;
}

/** By side: what is long and what is short, each without sign. */
export interface SidedExposure extends Exposure {
  readonly heldLong: Money;
  readonly heldShort: Money;
  readonly openLong: Money;
  readonly openShort: Money;
}

/** Shares at what they are worth. */
export interface Worth {
  readonly symbol: string;
  readonly short: boolean;
  /** Without sign, as the nearest double; for statistics. */
  readonly double: number;
  /** Without sign, exact. */
  readonly worth: Money;
}

/** All of one symbol, as the nearest doubles; for statistics. */
export interface SymbolWorth {
  readonly symbol: string;
  /** Long less short. */
  readonly net: number;
  /** Long and short. */
  readonly gross: number;
}

/** A strategy's part of a position, with the latest price of its symbol. */
export interface PricedLot extends LotView {
  readonly symbol: string;
  /** Null: there is none. */
  readonly last: Price | null;
}

/** What an account holds and may come to hold, added up once for all rules. Every figure is exact. */
export interface ExposureBook {
  /** Positions that are not flat. */
  readonly positions: readonly Worth[];
  /** What is left of the entries that are open, each at the price it is expected near. */
  readonly entries: readonly Worth[];
  /** What there is of each symbol, in the order of positions and then entries. */
  readonly symbols: ReadonlyMap<string, SymbolWorth>;
  /** Lots that are not flat, by their strategies. */
  readonly lots: ReadonlyMap<string, readonly PricedLot[]>;
  /** Of the symbols that count, over all strategies. */
  of(kind: 'all' | 'symbol' | 'sector' | 'industry' | 'strategy', name?: string): SidedExposure;
  /** What the rules keep with the book, made by whoever asks first: a kind of thing, and which of them. */
  keep<Value>(kind: string, name: string, make: () => Value): Value;
}

class Item implements Worth {
  readonly symbol: string;
  readonly short: boolean;
  readonly strategy: string;
  /** NaN: it cannot be counted in whole millionths. */
  readonly millionths: number;
  readonly #quantity: Quantity;
  readonly #price: Price | null;
  readonly #cost: Money;

  constructor(symbol: string, quantity: Quantity, price: Price | null, cost: Money, strategy: string) {
    this.symbol = symbol;
    this.strategy = strategy;
    this.short = quantity.s === -1;
    this.#quantity = quantity;
    this.#price = price;
    this.#cost = cost;
    this.millionths = price === null ? millionths(cost) : productInMillionths(quantity, price);
  }

  get worth(): Money {
    if (!Number.isNaN(this.millionths)) return fromMillionths(this.millionths);
    return money(this.#price === null ? this.#cost.abs() : this.#quantity.times(this.#price).abs());
  }

  get double(): number {
    return Number.isNaN(this.millionths) ? fromAmount(this.worth) : asDouble(this.millionths);
  }

  addTo(sum: ExactSum): void {
    if (Number.isNaN(this.millionths)) sum.add(this.worth);
    else sum.addMillionths(this.millionths);
  }
}

class Book implements ExposureBook {
  readonly positions: readonly Item[];
  readonly entries: readonly Item[];
  readonly #context: RiskContext;
  #lots: ReadonlyMap<string, readonly PricedLot[]> | null = null;
  #symbols: ReadonlyMap<string, SymbolWorth> | null = null;
  readonly #kept = new Map<string, Map<string, unknown>>();

  constructor(context: RiskContext) {
    const { account, prices } = context;
    this.#context = context;
    const positions: Item[] = [];
    for (const { symbol, quantity, cost } of account?.positions ?? [])
      if (!isZero(quantity)) positions.push(new Item(symbol, quantity, prices.get(symbol) ?? null, cost, ''));
    const entries: Item[] = [];
    for (const order of account?.openOrders ?? []) if (order.role === 'entry') entries.push(entryOf(order));
    this.positions = positions;
    this.entries = entries;
  }

  of(kind: 'all' | 'symbol' | 'sector' | 'industry' | 'strategy', name = ''): SidedExposure {
    return this.keep(kind, name, () => {
      const { sectorOf, industryOf } = this.#context;
      if (kind === 'all') return sided(this.positions, this.entries);
      if (kind === 'strategy') return sided(this.#itemsOf(name), this.entries, (one) => one.strategy === name);
      if (kind === 'symbol') return sided(this.positions, this.entries, (one) => one.symbol === name);
      if (kind === 'sector') return sided(this.positions, this.entries, (one) => sectorOf(one.symbol) === name);
      return sided(this.positions, this.entries, (one) => industryOf(one.symbol) === name);
    });
  }

  keep<Value>(kind: string, name: string, make: () => Value): Value {
    let kept = this.#kept.get(kind);
    if (kept === undefined) {
      kept = new Map();
      this.#kept.set(kind, kept);
    }
    const known = kept.get(name);
    if (known !== undefined) return known as Value;
    const made = make();
    kept.set(name, made);
    return made;
  }

  get lots(): ReadonlyMap<string, readonly PricedLot[]> {
    this.#lots ??= lotsByStrategy(this.#context);
    return this.#lots;
  }

  get symbols(): ReadonlyMap<string, SymbolWorth> {
    this.#symbols ??= bySymbol(this.positions, this.entries);
    return this.#symbols;
  }

  #itemsOf(strategy: string): Item[] {
    const lots = this.lots.get(strategy) ?? [];
    return lots.map(({ symbol, quantity, last, cost }) => new Item(symbol, quantity, last, cost, strategy));
  }
}

function bySymbol(positions: readonly Item[], entries: readonly Item[]): ReadonlyMap<string, SymbolWorth> {
  const found = new Map<string, { symbol: string; net: number; gross: number }>();
  for (const items of [positions, entries])
    for (const { symbol, short, double } of items) {
      const net = short ? -double : double;
      const known = found.get(symbol);
      if (known === undefined) found.set(symbol, { symbol, net, gross: double });
      else {
        known.net += net;
        known.gross += double;
      }
    }
  return found;
}

function lotsByStrategy({ account, prices }: RiskContext): ReadonlyMap<string, readonly PricedLot[]> {
  const found = new Map<string, PricedLot[]>();
  for (const { symbol, lots } of account?.positions ?? []) {
    if (lots.length === 0) continue;
    const last = prices.get(symbol) ?? null;
    for (const { strategy, quantity, cost } of lots) {
      if (isZero(quantity)) continue;
      const lot = { symbol, strategy, quantity, cost, last };
      const own = found.get(strategy);
      if (own) own.push(lot);
      else found.set(strategy, [lot]);
    }
  }
  return found;
}

const isZero = ({ c }: Quantity): boolean => c[0] === 0;

const entryOf = ({ symbol, side, remaining, referencePrice, strategy }: OpenOrderView): Item => {
  const signed = side === 'buy' ? remaining : (remaining.neg() as Quantity);
  return new Item(symbol, signed, referencePrice, zeroMoney, strategy);
};

function sided(
  held: readonly Item[],
  entries: readonly Item[],
  counts: (item: Item) => boolean = () => true,
): SidedExposure {
  const [heldLong, heldShort] = bySide(held, counts);
  const [openLong, openShort] = bySide(entries, counts);
  const sums = { heldLong, heldShort, openLong, openShort };
  return { ...sums, held: money(heldLong.plus(heldShort)), openEntries: money(openLong.plus(openShort)) };
}

function bySide(items: readonly Item[], counts: (item: Item) => boolean): readonly [Money, Money] {
  const [long, short] = [new ExactSum(), new ExactSum()];
  for (const item of items) if (counts(item)) item.addTo(item.short ? short : long);
  return [long.value, short.value];
}

/**
 * The book that was asked for last. A decision asks for one, without a pause; a map of weak keys would do the same, and cost the collector of
 * garbage more than all rules take.
 */
let kept: { readonly context: RiskContext; readonly book: Book } | null = null;

/** The book of what the context's account holds; made once a decision, however often the order in it is made smaller. */
export function bookOf(context: RiskContext): ExposureBook {
  // A view belongs to one decision; what is beside it is compared all the same, so that no figure is ever another's.
  if (kept && kept.context.account === context.account && sameFacts(kept.context, context)) return kept.book;
  const book = new Book(context);
  kept = { context, book };
  return book;
}

const sameFacts = (a: RiskContext, b: RiskContext): boolean =>
  a.prices === b.prices && a.market === b.market && a.sectorOf === b.sectorOf && a.industryOf === b.industryOf;

/** Of what a limit's scope covers: of a strategy its own shares and orders, of a sector and a symbol all strategies'. */
export function exposureWithin(context: RiskContext, { kind, name }: LimitScope): SidedExposure {
  return kind === 'everything' || kind === 'account' ? bookOf(context).of('all') : bookOf(context).of(kind, name);
}

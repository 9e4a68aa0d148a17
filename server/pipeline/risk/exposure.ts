import { type Money, money, type Price, type Quantity, zeroMoney } from '../../core/decimal.ts';
import type { LotView, OpenOrderView } from '../../core/model/account-view.ts';
import type { OrderStatus } from '../../core/model/order.ts';
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

/** All there is of one symbol. Its sums are the nearest doubles, for statistics. */
export interface SymbolHeld {
  readonly symbol: string;
  /** Null: there is none. */
  readonly last: Price | null;
  /** Whose shares they are; some of them may be flat. */
  readonly lots: readonly LotView[];
  /** Its working stops; nearly always there is one. */
  readonly stops: readonly OpenOrderView[];
  /** Positions and entries, long less short. */
  readonly net: number;
  /** Positions and entries, long and short. */
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
  readonly symbols: ReadonlyMap<string, SymbolHeld>;
  /** Likewise, and of symbols in which the strategies' shares cancel out. */
  readonly held: readonly SymbolHeld[];
  /** A strategy's lots that are not flat. */
  lotsOf(strategy: string): readonly PricedLot[];
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

class Held implements SymbolHeld {
  readonly symbol: string;
  readonly last: Price | null;
  readonly lots: readonly LotView[];
  stops: OpenOrderView[] = noStops;
  net = 0;
  gross = 0;

  constructor(symbol: string, last: Price | null, lots: readonly LotView[]) {
    this.symbol = symbol;
    this.last = last;
    this.lots = lots;
  }

  add({ double, short }: Item): void {
    this.net += short ? -double : double;
    this.gross += double;
  }
}

/** Never written to: the first stop of a symbol has a list of its own. */
const noStops: OpenOrderView[] = [];
const noLots: readonly LotView[] = [];

/** In these a stop is at the venue, or goes there by itself as its entry fills. */
const working: ReadonlySet<OrderStatus> = new Set(['accepted', 'partially_filled', 'pending_replace', 'held']);

class Book implements ExposureBook {
  readonly positions: readonly Item[];
  readonly entries: readonly Item[];
  readonly symbols: ReadonlyMap<string, Held>;
  readonly held: readonly Held[];
  readonly #context: RiskContext;
  readonly #kept = new Map<string, Map<string, unknown>>();

  constructor(context: RiskContext) {
    const { account, prices } = context;
    this.#context = context;
    const positions: Item[] = [];
    const entries: Item[] = [];
    const symbols = new Map<string, Held>();
    const flat = new Map<string, Held>();
    for (const { symbol, quantity, cost, lots } of account?.positions ?? []) {
      const held = new Held(symbol, prices.get(symbol) ?? null, lots);
      if (isZero(quantity)) {
        flat.set(symbol, held);
        continue;
      }
      const item = new Item(symbol, quantity, held.last, cost, '');
      positions.push(item);
      held.add(item);
      symbols.set(symbol, held);
    }
    const orders = account?.openOrders ?? [];
    for (const order of orders) {
      if (order.role !== 'entry') continue;
      const item = entryOf(order);
      entries.push(item);
      let held = symbols.get(item.symbol);
      if (held === undefined) {
        held = flat.get(item.symbol) ?? new Held(item.symbol, prices.get(item.symbol) ?? null, noLots);
        flat.delete(item.symbol);
        symbols.set(item.symbol, held);
      }
      held.add(item);
    }
    for (const order of orders) {
      if (order.role !== 'stop_loss' || !working.has(order.status)) continue;
      const held = symbols.get(order.symbol) ?? flat.get(order.symbol);
      if (held === undefined) continue;
      if (held.stops.length === 0) held.stops = [order];
      else held.stops.push(order);
    }
    this.positions = positions;
    this.entries = entries;
    this.symbols = symbols;
    this.held = [...symbols.values(), ...flat.values()];
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

  lotsOf(strategy: string): readonly PricedLot[] {
    return this.keep('lots', strategy, () => {
      const found: PricedLot[] = [];
      for (const { symbol, last, lots } of this.held)
        for (const { strategy: whose, quantity, cost } of lots)
          if (whose === strategy && !isZero(quantity)) found.push({ symbol, strategy, quantity, cost, last });
      return found;
    });
  }

  #itemsOf(strategy: string): Item[] {
    return this.lotsOf(strategy).map(
      ({ symbol, quantity, last, cost }) => new Item(symbol, quantity, last, cost, strategy),
    );
  }
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

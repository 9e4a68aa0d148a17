import { type Money, money, type Price, price, quantity } from '../core/decimal.ts';
import type { Bar } from '../core/indicators/bar.ts';
import type { AccountActivity } from '../core/model/account-activity.ts';
import type { AccountView, HeldView, OpenOrderView } from '../core/model/account-view.ts';
import type { DecimalOrNone, KeptAccount, KeptFacts, KeptOrder, KeptPosition } from '../core/model/kept-facts.ts';
import type { Asset, Quote } from '../core/model/market.ts';
import type { MarketFacts } from '../core/model/market-facts.ts';
import type { Mode } from '../core/model/mode.ts';
import type { Trail } from '../core/model/order.ts';
import type { StoredLimit } from '../core/model/risk-limit.ts';
import type { ApprovalSettings } from '../core/model/settings.ts';
import type { TradeSignal } from '../core/model/signal.ts';
import type { LockedView, SignalToDecide } from '../core/ports/decision-store.ts';
import type { StrategyRecord } from '../core/ports/settings.ts';
import { dateIn, marketZone } from '../core/zoned-day.ts';
import type { AccountTask } from './decide-for-account.ts';
import { weighted } from './destinations.ts';
import type { Gathered } from './gather-facts.ts';
import { createBarMarks } from './keep-facts.ts';

/** What belongs to the facts and stands elsewhere. */
export interface BesideFacts {
  readonly signalId: string;
  readonly signal: TradeSignal;
  readonly receivedAt: Date;
  readonly accountId: string | null;
  /** Approved entries and closed trades as they can be read today, of the time that the facts speak of. */
  readonly activity: Pick<AccountActivity, 'entries' | 'trades'>;
  /** A symbol's daily bars up to a moment, at most so many, the newest of them. */
  bars(symbol: string, last: Date, count: number): readonly Bar[];
}

/** What a decision is made by that a person sets. */
export interface InForce {
  readonly master: Mode;
  readonly strategy: StrategyRecord;
  readonly limits: readonly StoredLimit[];
  readonly approvals: ApprovalSettings;
}

/** The facts of a decision in the shape that it is judged by. */
export interface RestoredFacts {
  readonly task: Omit<AccountTask, 'account'>;
  readonly gathered: Gathered;
  readonly view: LockedView;
  readonly market: MarketFacts;
  readonly now: Date;
  sectorOf(symbol: string): string;
  industryOf(symbol: string): string;
  /** What of the facts is not as it was, in sentences: bars were adjusted since, trades were corrected. */
  readonly notes: readonly string[];
}

const barsChanged = 'daily bars have been adjusted or dropped since';
const entriesChanged = 'the entries of the day cannot be told any more as they were';
const tradesChanged = 'closed trades have been corrected since';

/** Puts a decision's facts together again, under the configuration that is given. */
export function createFactRestorer(): (kept: KeptFacts, beside: BesideFacts, inForce: InForce) => RestoredFacts {
  const markOf = createBarMarks();

  return (kept, beside, { master, strategy, limits }) => {
    const { accountId, signalId, receivedAt } = beside;
    const notes: string[] = [];
    const [ticker] = kept.symbols as [string];
    const prices = new Map<string, Quote | null>();
    const found: SignalToDecide = {
      signalId,
      signal: beside.signal,
      receivedAt,
      status: 'accepted',
      destinations: null,
      ahead: 0,
      decidedFor: [],
      holdings: [],
    };
    const now = new Date(kept.now);
    const quote = kept.quote && quoteOf(ticker, kept.quote);
    for (const [symbol, , , , at] of kept.account?.positions ?? []) {
      const name = kept.symbols[symbol]!;
      // The middle of a quote without a spread is the price that was counted with.
      prices.set(name, at === 0 ? null : { symbol: name, bid: price(at), ask: price(at), at: now });
    }
    const destination = {
      accountId,
      weight: kept.weight,
      shadow: kept.shadow === true,
      ...(kept.exitOnly && { exitOnly: true as const }),
    };
    const { activity } = kept;
    const entries = beside.activity.entries.slice(Math.max(0, beside.activity.entries.length - activity.entries));
    if (entries.length !== activity.entries) notes.push(entriesChanged);
    const { trades } = beside.activity;
    if (trades.length !== activity.trades) notes.push(tradesChanged);
    const start = new Date(kept.bar.start);
    const seconds = kept.bar.seconds;
    const places = new Map(kept.symbols.map((symbol, place) => [symbol, place]));
    const groupOf = (symbol: string) => kept.groups[kept.sectors[places.get(symbol) ?? -1] ?? -1];
    return {
      now,
      notes: [...notes, ...(barsAreAsTheyWere(kept, beside, markOf) ? [] : [barsChanged])],
      task: {
        found,
        strategy,
        destination,
        destinations: [destination],
        closes: kept.closes === true,
        voter: kept.voter && { accountId: '', enabled: true, ...kept.voter },
        startedAt: new Date(kept.startedAt),
        turned: () => false,
      },
      gathered: {
        found: { ...found, signal: weighted(beside.signal, kept.weight) },
        // Nothing is asked for anew: what was not known then is not known now.
        seen: { market: null, quote, asset: kept.asset && assetOf(ticker, kept.asset) },
        bar: { start, end: new Date(kept.bar.start + seconds * 1000), seconds },
        orderId: '00000000-0000-4000-8000-000000000000',
        asked: prices,
      },
      view: {
        account: kept.account && accountId !== null ? accountOf(accountId, kept, kept.account) : null,
        killSwitches: kept.killSwitches.map(withDates),
        limits,
        activity: {
          entries,
          trades,
          equityAtWeekStart: amount(activity.weekStart),
          peakEquity: amount(activity.peak),
          paidIn: amount(activity.paidIn),
          dayTrades: activity.dayTrades,
        },
        master,
        approvedInBar: kept.approvedInBar,
        ...(kept.sequence && { sequence: datedSequence(kept.sequence) }),
      },
      market: marketOf(kept, beside, places),
      sectorOf: (symbol) => groupOf(symbol)?.[0] ?? 'Unknown',
      industryOf: (symbol) => groupOf(symbol)?.[1] ?? 'Unknown',
    };
  };
}

const datedSequence = (kept: NonNullable<KeptFacts['sequence']>): NonNullable<KeptFacts['sequence']> => ({
  ...kept,
  quarantine: kept.quarantine && { ...kept.quarantine, openedAt: new Date(kept.quarantine.openedAt) },
});

const priceOrNull = (value: DecimalOrNone): Price | null => (value === 0 ? null : price(value));
const amount = (value: DecimalOrNone): Money | null => (value === 0 ? null : money(value));

const quoteOf = (symbol: string, [bid, ask, at, bidSize, askSize]: NonNullable<KeptFacts['quote']>): Quote => ({
  symbol,
  bid: price(bid),
  ask: price(ask),
  at: new Date(at),
  ...(bidSize !== 0 && { bidSize: quantity(bidSize) }),
  ...(askSize !== 0 && { askSize: quantity(askSize) }),
});

function assetOf(symbol: string, kept: NonNullable<KeptFacts['asset']>): Asset {
  const { minOrderSize, minTradeIncrement, ...rest } = kept;
  return {
    symbol,
    name: symbol,
    ...rest,
    ...(minOrderSize !== undefined && { minOrderSize: quantity(minOrderSize) }),
    ...(minTradeIncrement !== undefined && { minTradeIncrement: quantity(minTradeIncrement) }),
  };
}

function accountOf(accountId: string, kept: KeptFacts, account: KeptAccount): AccountView {
  return {
    accountId,
    name: account.name,
    mode: account.mode,
    enabled: account.enabled,
    cash: money(account.cash),
    brokerBuyingPower: amount(account.buyingPower),
    equityAtDayStart: amount(account.dayStart),
    positions: account.positions.map((row) => heldOf(row, kept)),
    openOrders: account.orders.map((row, place) => orderOf(row, place, kept, account)),
  };
}

function heldOf([symbol, shares, cost, pnl, , ...lots]: KeptPosition, { symbols, strategies }: KeptFacts): HeldView {
  const strategyAt = (place: number | string | undefined): string => strategies[Number(place)]!;
  const of = [];
  for (let i = 0; i + 2 < lots.length; i += 3)
    of.push({ strategy: strategyAt(lots[i]), quantity: quantity(`${lots[i + 1]}`), cost: money(`${lots[i + 2]}`) });
  if (lots.length === 1) of.push({ strategy: strategyAt(lots[0]), quantity: quantity(shares), cost: money(cost) });
  return {
    symbol: symbols[symbol]!,
    quantity: quantity(shares),
    cost: money(cost),
    realizedPnl: money(pnl),
    lots: of,
  };
}

function orderOf(row: KeptOrder, place: number, kept: KeptFacts, account: KeptAccount): OpenOrderView {
  const [symbol, kind, strategy, group, flags, remaining, reference, limit, stop, stopLoss, trail, percent] = row;
  const [role, status, type] = account.kinds[kind]! as [
    OpenOrderView['role'],
    OpenOrderView['status'],
    OpenOrderView['type'],
  ];
  const trails: Trail | null =
    trail !== 0 ? { price: price(trail) } : percent !== 0 ? { percent: price(percent) } : null;
  return {
    orderId: orderIdAt(place),
    symbol: kept.symbols[symbol]!,
    side: (flags & 1) === 1 ? 'sell' : 'buy',
    strategy: kept.strategies[strategy]!,
    role,
    status,
    type,
    parentId: group === -1 ? null : orderIdAt(group),
    limitPrice: priceOrNull(limit),
    stopPrice: priceOrNull(stop),
    stopLoss: priceOrNull(stopLoss),
    trail: trails,
    remaining: quantity(remaining),
    referencePrice: price(reference),
    countedByBroker: (flags & 2) === 2,
  };
}

/** Orders are not kept by their ids: their place is enough to say which. */
const orderIdAt = (place: number): string => `order ${place}`;

const withDates = (one: KeptFacts['killSwitches'][number]): KeptFacts['killSwitches'][number] => {
  const at = (moment: Date | null): Date | null => moment && new Date(moment);
  return {
    ...one,
    requestedAt: new Date(one.requestedAt),
    engagedAt: new Date(one.engagedAt),
    stoppedAt: new Date(one.stoppedAt),
    lastEntryAt: at(one.lastEntryAt),
    cancelledAt: at(one.cancelledAt),
    flatAt: at(one.flatAt),
    lifted: one.lifted && { ...one.lifted, at: new Date(one.lifted.at) },
  };
};

function barsAt(kept: KeptFacts, beside: BesideFacts, place: number | undefined): readonly Bar[] | null {
  const known = place === undefined ? undefined : kept.market.bars[kept.market.barsOf[place]!];
  if (known === undefined) return null;
  const bars = beside.bars(kept.symbols[place!]!, new Date(known[0]), known[1]);
  return bars.length > 0 ? bars : null;
}

function barsAreAsTheyWere(kept: KeptFacts, beside: BesideFacts, markOf: ReturnType<typeof createBarMarks>): boolean {
  let mark = 0;
  for (const [place, symbol] of kept.symbols.entries()) {
    const known = kept.market.bars[kept.market.barsOf[place]!];
    if (known === undefined) continue;
    const bars = barsAt(kept, beside, place);
    if (bars === null) return false;
    mark = Math.imul(mark, 31) ^ markOf(symbol, bars);
  }
  return mark === kept.market.barsMark;
}

function marketOf(kept: KeptFacts, beside: BesideFacts, places: ReadonlyMap<string, number>): MarketFacts {
  const { session, blackouts } = kept.market;
  const day = dateIn(new Date(kept.now), marketZone);
  const [ticker] = kept.symbols;
  return {
    dailyBars: (symbol) => barsAt(kept, beside, places.get(symbol)),
    session(at) {
      if (session === null || dateIn(at, marketZone) !== day) return null;
      return session === 0 ? 'closed' : { opensAt: new Date(session[0]), closesAt: new Date(session[1]) };
    },
    blackouts(symbol, at) {
      if (blackouts === null || symbol !== ticker) return null;
      return blackouts
        .filter(([, until]) => until > at.getTime())
        .map(([from, until, what, own]) => ({
          from: new Date(from),
          until: new Date(until),
          what,
          symbol: own === 1 ? symbol : null,
        }));
    },
  };
}

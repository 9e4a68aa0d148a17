import { type Big, type Price, text } from '../core/decimal.ts';
import type { Bar } from '../core/indicators/bar.ts';
import type { AccountView, OpenOrderView } from '../core/model/account-view.ts';
import type {
  DecimalOrNone,
  KeptAccount,
  KeptAsset,
  KeptFacts,
  KeptMarket,
  KeptOrder,
  KeptPosition,
} from '../core/model/kept-facts.ts';
import type { Asset, Quote } from '../core/model/market.ts';
import type { MarketFacts } from '../core/model/market-facts.ts';
import type { LockedView } from '../core/ports/decision-store.ts';
import type { AccountTask } from './decide-for-account.ts';
import { summaryOf } from './decision-summary.ts';
import type { Gathered } from './gather-facts.ts';
import type { Judgement } from './judge-for-account.ts';
import type { SignalProcessorParts } from './process-signal.ts';

/** How far from a decision an event may be and still be within reach of the rule on events: its longest distance, and a day. */
export const eventsWithinMs = 15 * 86_400_000;

/** Each thing once, by its place. */
class Places<T extends string | number> {
  readonly list: T[] = [];
  readonly #known = new Map<T, number>();

  of(one: T): number {
    let place = this.#known.get(one);
    if (place === undefined) {
      place = this.list.length;
      this.#known.set(one, place);
      this.list.push(one);
    }
    return place;
  }
}

/** Makes what is kept of decisions. It remembers what daily bars come to, which are the same for many of them. */
export function createFactKeeper(
  parts: Pick<SignalProcessorParts, 'settings' | 'facts' | 'sectorOf' | 'industryOf'>,
): (
  task: Pick<AccountTask, 'strategy' | 'destination' | 'closes' | 'voter'>,
  gathered: Gathered,
  view: LockedView,
  decided: Pick<Extract<Judgement, { kind: 'decided' }>, 'decision' | 'prices'>,
) => KeptFacts {
  const markOf = createBarMarks();

  return ({ strategy, destination, closes, voter }, { found, seen, bar }, view, { decision, prices }) => {
    const { quote, asset } = seen;
    const { ticker } = found.signal;
    const symbols = new Places<string>();
    symbols.of(ticker);
    const strategies = new Places<string>();
    const account = view.account && accountOf(view.account, prices, symbols, strategies);
    const groups = new Places<string>();
    const sectors = symbols.list.map((symbol) => groups.of(`${parts.sectorOf(symbol)}\n${parts.industryOf(symbol)}`));
    return {
      v: 1,
      now: decision.decidedAt.getTime(),
      startedAt: decision.startedAt.getTime(),
      bar: { start: bar.start.getTime(), seconds: bar.seconds },
      weight: destination.weight,
      ...(destination.shadow && { shadow: true }),
      ...(destination.exitOnly && { exitOnly: true }),
      ...(closes && { closes: true }),
      voter: voter && { name: voter.name, mode: voter.mode },
      master: view.master,
      strategy: {
        key: strategy.key,
        mode: strategy.mode,
        enabled: strategy.enabled,
        settings: strategy.settings,
      },
      approvals: parts.settings.current().approvals,
      limits: view.limits.map(({ rule, scope, version }) => [rule, scope.kind, scope.name, version]),
      killSwitches: view.killSwitches,
      approvedInBar: view.approvedInBar,
      ...(view.sequence && { sequence: view.sequence }),
      quote: quote && quoteRow(quote),
      asset: asset && assetOf(asset),
      symbols: symbols.list,
      sectors,
      groups: groups.list.map((both) => both.split('\n') as [string, string]),
      strategies: strategies.list,
      account,
      activity: {
        entries: view.activity.entries.length,
        trades: view.activity.trades.length,
        newestTrade: view.activity.trades[0]?.closedAt.getTime() ?? null,
        weekStart: orNone(view.activity.equityAtWeekStart),
        peak: orNone(view.activity.peakEquity),
        paidIn: orNone(view.activity.paidIn),
        dayTrades: view.activity.dayTrades,
      },
      market: marketOf(parts.facts, ticker, symbols.list, decision.decidedAt, markOf),
      result: summaryOf(decision, view.account),
    };
  };
}

const orNone = (value: Big | null | undefined): DecimalOrNone => (value ? text(value) : 0);

const quoteRow = ({ bid, ask, at, bidSize, askSize }: Quote): KeptFacts['quote'] => [
  text(bid),
  text(ask),
  at.getTime(),
  orNone(bidSize),
  orNone(askSize),
];

const assetOf = (asset: Asset): KeptAsset => ({
  exchange: asset.exchange,
  tradable: asset.tradable,
  shortable: asset.shortable,
  fractionable: asset.fractionable,
  ...(asset.easyToBorrow !== undefined && { easyToBorrow: asset.easyToBorrow }),
  ...(asset.marginable !== undefined && { marginable: asset.marginable }),
  ...(asset.minOrderSize && { minOrderSize: text(asset.minOrderSize) }),
  ...(asset.minTradeIncrement && { minTradeIncrement: text(asset.minTradeIncrement) }),
});

function accountOf(
  account: AccountView,
  prices: ReadonlyMap<string, Price>,
  symbols: Places<string>,
  strategies: Places<string>,
): KeptAccount {
  const kinds = new Places<string>();
  const places = new Map(account.openOrders.map((order, place) => [order.orderId, place]));
  /** Parents that are not open themselves come after those that are. */
  const elsewhere = new Map<string, number>();
  const groupOf = ({ parentId }: OpenOrderView): number => {
    if (parentId === null) return -1;
    const place = places.get(parentId) ?? elsewhere.get(parentId) ?? places.size + elsewhere.size;
    if (!places.has(parentId)) elsewhere.set(parentId, place);
    return place;
  };
  return {
    name: account.name,
    mode: account.mode,
    enabled: account.enabled,
    cash: text(account.cash),
    buyingPower: orNone(account.brokerBuyingPower),
    dayStart: orNone(account.equityAtDayStart),
    positions: account.positions.map((held): KeptPosition => {
      const { symbol, quantity, cost, lots } = held;
      const [only] = lots;
      const whole = lots.length === 1 && only!.quantity.eq(quantity) && only!.cost.eq(cost);
      return [
        symbols.of(symbol),
        text(quantity),
        text(cost),
        text(held.realizedPnl),
        orNone(prices.get(symbol)),
        ...(whole
          ? [strategies.of(only!.strategy)]
          : lots.flatMap((lot) => [strategies.of(lot.strategy), text(lot.quantity), text(lot.cost)])),
      ];
    }),
    orders: account.openOrders.map(
      (order): KeptOrder => [
        symbols.of(order.symbol),
        kinds.of(`${order.role} ${order.status} ${order.type}`),
        strategies.of(order.strategy),
        groupOf(order),
        (order.side === 'sell' ? 1 : 0) + (order.countedByBroker ? 2 : 0),
        text(order.remaining),
        text(order.referencePrice),
        orNone(order.limitPrice),
        orNone(order.stopPrice),
        orNone(order.stopLoss),
        order.trail && 'price' in order.trail ? text(order.trail.price) : 0,
        order.trail && 'percent' in order.trail ? text(order.trail.percent) : 0,
      ],
    ),
    kinds: kinds.list.map((kind) => kind.split(' ') as [string, string, string]),
  };
}

function marketOf(
  market: MarketFacts,
  ticker: string,
  symbols: readonly string[],
  now: Date,
  markOf: (symbol: string, bars: readonly Bar[]) => number,
): KeptMarket {
  const session = market.session(now);
  const events = market.blackouts(ticker, new Date(now.getTime() - eventsWithinMs));
  const known = new Places<string>();
  let barsMark = 0;
  const barsOf = symbols.map((symbol) => {
    const bars = market.dailyBars(symbol);
    const last = bars?.at(-1);
    if (!bars || !last) return -1;
    barsMark = Math.imul(barsMark, 31) ^ markOf(symbol, bars);
    return known.of(`${last.at.getTime()} ${bars.length}`);
  });
  return {
    session:
      session === null ? null : session === 'closed' ? 0 : [session.opensAt.getTime(), session.closesAt.getTime()],
    blackouts:
      events
        ?.filter((event) => event.from.getTime() <= now.getTime() + eventsWithinMs)
        .map((event) => [event.from.getTime(), event.until.getTime(), event.what, event.symbol === null ? 0 : 1]) ??
      null,
    bars: known.list.map((one) => one.split(' ').map(Number) as [number, number]),
    barsOf,
    barsMark,
  };
}

/** The newest bars are marked: a split or a correction changes all that came before it. */
const markedBars = 30;

/** What daily bars come to in one number, so that others are known from them. Bars that are the same object are looked at once. */
export function createBarMarks(): (symbol: string, bars: readonly Bar[]) => number {
  const known = new Map<string, { readonly bars: readonly Bar[]; readonly mark: number }>();
  return (symbol, bars) => {
    const before = known.get(symbol);
    if (before?.bars === bars) return before.mark;
    let mark = 0;
    for (const { at, high, low, close, volume } of bars.slice(-markedBars)) {
      const line = `${at.getTime()} ${text(high)} ${text(low)} ${text(close)} ${text(volume)}`;
      for (let i = 0; i < line.length; i++) mark = (Math.imul(mark, 31) + line.charCodeAt(i)) | 0;
    }
    known.set(symbol, { bars, mark });
    return mark;
  };
}

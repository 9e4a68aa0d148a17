import fc from 'fast-check';
import { decimal, money, price, quantity } from '../core/decimal.ts';
import type { Bar } from '../core/indicators/bar.ts';
import { unknown } from '../core/instruments/sectors.ts';
import type { AccountActivity } from '../core/model/account-activity.ts';
import type { HeldView } from '../core/model/account-view.ts';
import type { MarketFacts } from '../core/model/market-facts.ts';
import type { TradeSignal } from '../core/model/signal.ts';
import type { RiskContext, SizedSignal } from '../pipeline/risk/rule.ts';
import { friday } from './market-facts.ts';
import { accountView, noon, openOrder, position, riskContext, sizedEntry, tradeSignal } from './risk-context.ts';
import { seededRandom } from './seeded-random.ts';

const symbols = ['AAPL', 'MSFT', 'XOM', 'JPM', 'BTC/USD'] as const;
const strategies = ['momentum', 'reversion'] as const;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const cents = (min: number, max: number) => fc.integer({ min, max }).map((n) => (n / 100).toFixed(2));
const before = (ms: number) => new Date(noon.getTime() - ms);

/** Bars of the symbols from their own random walks, long ones and ones that are too short; made once, as a running server keeps them. */
const histories = [400, 61, 20, 12, 1].map((days, i) => {
  const random = seededRandom(i + 1);
  const market = Array.from({ length: days }, () => random.fraction() - 0.49);
  return new Map(symbols.map((symbol) => [symbol as string, walk(market, random.fraction)]));
});

function walk(market: readonly number[], fraction: () => number): Bar[] {
  let close = 150;
  return market.map((moved, i): Bar => {
    const open = close;
    close *= 1 + (0.6 * moved + 0.4 * (fraction() - 0.49)) * 0.05;
    const at = before((market.length - i) * dayMs);
    const [high, low] = [Math.max(open, close) * (1 + fraction() * 0.01), Math.min(open, close) * 0.995];
    const text = (value: number) => price(value.toFixed(6));
    const volume = quantity(String(Math.floor(5000 + fraction() * 100_000)));
    return { at, open: text(open), high: text(high), low: text(low), close: text(close), volume };
  });
}

const market: fc.Arbitrary<MarketFacts> = fc
  .record({
    bars: fc.option(fc.constantFrom(...histories, histories[0]!), { freq: 10 }),
    session: fc.constantFrom(friday, friday, friday, 'closed' as const, null),
    events: fc.option(
      fc.array(fc.record({ from: fc.integer({ min: -180, max: 180 }), minutes: fc.integer({ min: 1, max: 60 }) }), {
        maxLength: 2,
      }),
      { freq: 10 },
    ),
  })
  .map(({ bars, session, events }) => {
    const blackouts =
      events?.map(({ from, minutes }) => ({
        from: before(-from * minuteMs),
        until: before(-(from + minutes) * minuteMs),
        what: 'earnings',
        symbol: 'AAPL',
      })) ?? null;
    return {
      dailyBars: (symbol) => bars?.get(symbol) ?? null,
      session: () => session,
      blackouts: () => blackouts,
    };
  });

const activity: fc.Arbitrary<AccountActivity> = fc
  .record({
    entries: fc.array(
      fc.record({
        msAgo: fc.oneof(fc.integer({ min: 0, max: 90_000 }), fc.integer({ min: 0, max: 13 * 60 * minuteMs })),
        strategy: fc.constantFrom(...strategies),
        symbol: fc.constantFrom(...symbols),
        value: cents(100, 1_000_000),
      }),
      { maxLength: 60 },
    ),
    trades: fc.array(
      fc.record({
        msAgo: fc.oneof(fc.integer({ min: 0, max: dayMs }), fc.integer({ min: 0, max: 60 * dayMs })),
        heldMs: fc.integer({ min: 1000, max: dayMs }),
        profit: cents(-200_000, 100_000),
        strategy: fc.constantFrom(...strategies),
        symbol: fc.constantFrom(...symbols),
        side: fc.constantFrom('buy' as const, 'sell' as const),
      }),
      { maxLength: 40 },
    ),
    losing: fc.boolean(),
    weekStart: fc.option(cents(8_000_000, 12_000_000), { freq: 10 }),
    peak: fc.option(cents(9_000_000, 15_000_000), { freq: 10 }),
    paidIn: fc.option(cents(8_000_000, 15_000_000), { freq: 10 }),
    dayTrades: fc.integer({ min: 0, max: 6 }),
  })
  .map((it) => ({
    entries: it.entries
      .toSorted((a, b) => a.msAgo - b.msAgo)
      .map(({ msAgo, value, ...rest }) => ({ ...rest, at: before(msAgo), value: money(value) })),
    trades: it.trades
      .toSorted((a, b) => a.msAgo - b.msAgo)
      .map(({ msAgo, heldMs, profit, ...rest }) => ({
        ...rest,
        closedAt: before(msAgo),
        openedAt: before(msAgo + heldMs),
        profit: money(it.losing && !profit.startsWith('-') ? `-${profit}` : profit),
      })),
    equityAtWeekStart: it.weekStart === null ? null : money(it.weekStart),
    peakEquity: it.peak === null ? null : money(it.peak),
    paidIn: it.paidIn === null ? null : money(it.paidIn),
    dayTrades: it.dayTrades,
  }));

const positions: fc.Arbitrary<HeldView[]> = fc
  .uniqueArray(
    fc.record({
      symbol: fc.constantFrom(...symbols),
      shares: fc.integer({ min: -200, max: 300 }).filter((n) => n !== 0),
      strategy: fc.constantFrom(...strategies),
    }),
    { maxLength: 5, selector: ({ symbol }) => symbol },
  )
  .map((held) =>
    held.map(({ symbol, shares, strategy }) =>
      position(symbol, String(shares), String(Math.abs(shares) * 150), strategy),
    ),
  );

/** The same, so long before another moment than `noon`. */
function until(now: Date, activity: AccountActivity): AccountActivity {
  const later = (at: Date) => new Date(at.getTime() + now.getTime() - noon.getTime());
  return {
    ...activity,
    entries: activity.entries.map((entry) => ({ ...entry, at: later(entry.at) })),
    trades: activity.trades.map((trade) => ({
      ...trade,
      closedAt: later(trade.closedAt),
      openedAt: later(trade.openedAt),
    })),
  };
}

/** What an alert says of its trail and of what its script held. */
const said: fc.Arbitrary<Partial<TradeSignal>> = fc.record(
  {
    trailPercent: fc.integer({ min: 1, max: 3000 }).map((n) => decimal((n / 100).toFixed(2))),
    previousPosition: fc.constantFrom('long', 'short', 'flat'),
    previousSize: fc.integer({ min: 0, max: 300 }).map((n) => quantity(String(n))),
  },
  { requiredKeys: [] },
);

const sized: fc.Arbitrary<SizedSignal> = fc
  .record({
    side: fc.constantFrom('buy' as const, 'buy' as const, 'sell' as const),
    shares: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 30_000 })),
    tenths: fc.integer({ min: 0, max: 3 }),
    entry: fc.option(fc.oneof({ weight: 4, arbitrary: cents(14_000, 16_000) }, cents(1, 600)), { freq: 15 }),
    stop: fc.option(fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 6000 })), { freq: 10 }),
    target: fc.option(fc.integer({ min: 1, max: 1000 }), { freq: 6 }),
  })
  .map(({ side, shares, tenths, entry, stop, target }) => {
    // In parts of ten thousand of the entry, against it and in its favour; on the venue's grid.
    const away = (part: number) => {
      const factor = decimal(String(10_000 + (side === 'buy' ? part : -part)));
      const moved = decimal(entry ?? '150')
        .times(factor)
        .div('10000');
      return price(moved.round(moved.gte('1') ? 2 : 4, 1));
    };
    return sizedEntry({
      side,
      quantity: quantity(tenths === 0 ? String(shares) : `${shares}.${tenths}`),
      referencePrice: entry === null ? null : price(entry),
      stopLoss: stop === null ? null : away(-stop),
      takeProfit: target === null ? null : away(target),
    });
  });

/** Entries near the limits that rules have at first, with what they look at there or missing, so that each rule has its say both ways. */
export const anyEntry: fc.Arbitrary<RiskContext> = fc
  .record({
    sized,
    said,
    market,
    activity,
    positions,
    ticker: fc.constantFrom('AAPL', 'AAPL', 'AAPL', 'MSFT', 'JPM', 'BTC/USD'),
    timeframe: fc.constantFrom('5m', '1D', null),
    // The quote's middle from the entry, in parts of ten thousand.
    drift: fc.oneof(fc.constant(0), fc.integer({ min: -1200, max: 1200 })),
    alertMsAgo: fc.integer({ min: -130_000, max: 700_000 }),
    quoteMsAgo: fc.integer({ min: 0, max: 130_000 }),
    spread: fc.option(fc.integer({ min: 0, max: 400 }), { freq: 10 }),
    shown: fc.option(fc.integer({ min: 1, max: 1000 }), { freq: 6 }),
    nowMinutes: fc.oneof(
      fc.integer({ min: -160, max: -130 }),
      fc.integer({ min: 210, max: 250 }),
      fc.integer({ min: -700, max: 2000 }),
    ),
    equity: fc.oneof({ weight: 6, arbitrary: cents(5_000_000, 15_000_000) }, cents(-100, 1_000_000)),
    dayStart: fc.option(cents(9_500_000, 11_000_000), { freq: 10 }),
    power: fc.option(cents(0, 20_000_000), { freq: 10 }),
    entering: fc.array(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.constantFrom(...symbols)), { maxLength: 30 }),
    noAccount: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
  })
  .map((it) => {
    const now = before(-it.nowMinutes * minuteMs);
    const account = accountView({
      brokerBuyingPower: it.power === null ? null : money(it.power),
      equityAtDayStart: it.dayStart === null ? null : money(it.dayStart),
      positions: it.positions,
      openOrders: it.entering.map(([shares, symbol], i) =>
        openOrder({ orderId: `order ${i}`, symbol, remaining: quantity(String(shares)) }),
      ),
    });
    const middle = (it.sized.referencePrice ?? price('150')).times(decimal(String(10_000 + it.drift))).div('10000');
    const half = middle.times(String(it.spread ?? 0)).div('20000');
    const shown = it.shown === null ? null : quantity(String(it.shown));
    return riskContext({
      signal: tradeSignal({
        ...it.said,
        ticker: it.ticker,
        timeframe: it.timeframe,
        side: it.sized.side,
        firedAt: new Date(now.getTime() - it.alertMsAgo),
      }),
      sized: it.sized,
      now,
      receivedAt: now,
      market: it.market,
      activity: until(now, it.activity),
      equity: money(it.equity),
      account: it.noAccount ? null : account,
      prices: new Map(it.positions.map(({ symbol }) => [symbol, price('151')])),
      lot: quantity(it.ticker === 'BTC/USD' ? '0.000000001' : '1'),
      sectorOf: (symbol) => (symbol === 'XOM' ? 'Energy' : symbol === 'JPM' ? unknown : 'Information Technology'),
      industryOf: (symbol) => (symbol === 'XOM' ? 'Oil' : symbol === 'JPM' ? unknown : 'Software'),
      quote:
        it.spread === null
          ? null
          : {
              symbol: it.ticker,
              bid: price(middle.minus(half)),
              ask: price(middle.plus(half)),
              at: new Date(now.getTime() - it.quoteMsAgo),
              ...(shown && { bidSize: shown, askSize: shown }),
            },
    });
  });

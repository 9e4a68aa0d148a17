// The simulated market, live and looked back on:
// - the same seed gives the same market, another seed another one;
// - what is shown live is what its bars are made of, to the share, and is found again by its minute;
// - a restart goes on where the market was, at whatever moment, and whatever a script did to it before.
import { describe, expect, it } from 'vitest';
import { newYork, wallTime } from '../calendar/civil-day.ts';
import { createSessions } from '../calendar/sessions.ts';
import { type Bar, barOf, merge } from './bars.ts';
import { cryptoPairs, type Instrument, instruments as stocks } from './instruments.ts';
import { type MarketTick, ticksPerDollar } from './market.ts';
import { SimMarket, type SimOptions } from './sim.ts';

const listed = ['AAPL', 'F', 'SPY', 'BTC/USD', 'DOGE/USD'].map(
  (symbol) => [...stocks, ...cryptoPairs].find((one) => one.symbol === symbol)!,
);
const minuteMs = 60_000;
/** A Friday, ten in the morning in New York. */
const friday = Date.parse('2026-11-20T15:00:00Z');

const simulated = (options: Partial<SimOptions> = {}): SimMarket =>
  new SimMarket({ instruments: listed, sessions: createSessions(), seed: 7, pace: 1, ...options });

/** Lets the market go on to `to` in steps of a quarter of a second, as the exchange does; what was shown after the first look. */
function live(market: SimMarket, from: number, to: number): MarketTick[] {
  const shown: MarketTick[] = [];
  for (let ms = from; ms <= to; ms += 250) {
    const ticks = market.advance(new Date(ms));
    for (const tick of ticks) market.apply(tick);
    if (ms > from) shown.push(...ticks);
  }
  return shown;
}

const barsFrom = (ticks: readonly MarketTick[], symbol: string, minute: number): Bar | null =>
  merge(
    ticks
      .filter((tick) => tick.symbol === symbol)
      .flatMap(({ trade }) => trade ?? [])
      .filter(({ at }) => at.getTime() >= minute && at.getTime() < minute + minuteMs)
      .map(barOf),
    new Date(minute),
  );

const minuteBar = (market: SimMarket, { symbol }: Instrument, minute: number, now: number): Bar | undefined => {
  const { day } = wallTime(minute, market.history.zoneOf(symbol));
  return market.history.minuteBars(symbol, day, new Date(now)).find(({ at }) => at.getTime() === minute);
};

it('is the same market for the same seed, whatever was asked for before, and another one for another', () => {
  const one = live(simulated(), friday, friday + minuteMs);
  const curious = simulated();
  curious.history.dayBar('SPY', wallTime(Date.parse('2011-03-04T15:00:00Z'), newYork).day, new Date(friday));
  expect(live(curious, friday, friday + minuteMs)).toEqual(one);
  expect(live(simulated({ seed: 8 }), friday, friday + minuteMs)).not.toEqual(one);
});

describe('what is shown live', () => {
  const market = simulated();
  const shown = live(market, friday - 250, friday + 3 * minuteMs);

  it.each(listed)('is what the minute bars of $symbol are made of', (instrument) => {
    for (const minute of [friday, friday + minuteMs, friday + 2 * minuteMs]) {
      const bar = minuteBar(market, instrument, minute, friday + 3 * minuteMs)!;
      const made = barsFrom(shown, instrument.symbol, minute)!;
      expect(made).toEqual({ ...bar, turnover: expect.any(Number) });
      // The average price to a hundredth of a cent.
      expect(Math.abs(made.turnover - bar.turnover) / bar.volume).toBeLessThan(1);
      const past = market.history.ticks(instrument.symbol, minute, new Date(friday + 3 * minuteMs));
      expect(past).toEqual(
        shown.filter(
          (t) => t.symbol === instrument.symbol && Math.floor(t.quote.at.getTime() / minuteMs) * minuteMs === minute,
        ),
      );
    }
  });

  it.each(listed)('has as many trades of $symbol as the pace says', ({ symbol }) => {
    const trades = shown.filter((tick) => tick.symbol === symbol && tick.trade);
    expect(trades.length).toBeGreaterThanOrEqual(180);
    expect(trades.length).toBeLessThan(184);
  });

  it('is never crossed nor without a size, and trades at a quote’s side', () => {
    for (const { quote, trade } of shown) {
      expect(quote.bid).toBeLessThan(quote.ask);
      expect(Math.min(quote.bidSize, quote.askSize, trade!.size)).toBeGreaterThan(0);
      expect(trade!.price).toBe(trade!.taker === 'buy' ? quote.ask : quote.bid);
    }
  });

  it('goes on from minute to minute without a jump', () => {
    for (const { symbol } of listed) {
      const prices = shown.flatMap((tick) => (tick.symbol === symbol && tick.trade ? [tick.trade.price] : []));
      const steps = prices.slice(1).map((price, i) => Math.abs(Math.log(price / prices[i]!)));
      expect(Math.max(...steps)).toBeLessThan(0.01);
    }
  });
});

it('tells no bar of a minute that has not ended, and of the running day only what was', () => {
  const market = simulated();
  const now = friday + 90_000;
  expect(minuteBar(market, listed[0]!, friday, now)).toBeDefined();
  expect(minuteBar(market, listed[0]!, friday + minuteMs, now)).toBeUndefined();
  const { day } = wallTime(friday, newYork);
  const minutes = market.history
    .minuteBars('AAPL', day, new Date(now))
    .filter(({ at }) => at.getTime() >= friday - 30 * minuteMs);
  const begun = market.history.ticks('AAPL', friday + minuteMs, new Date(now)).map(({ trade }) => barOf(trade!));
  expect(market.history.dayBar('AAPL', day, new Date(now))).toEqual(merge([...minutes, ...begun], expect.anything()));
});

it('trades equities by the calendar only', () => {
  const market = simulated();
  const sunday = Date.parse('2026-11-22T15:00:00Z');
  const shown = live(market, sunday, sunday + minuteMs);
  expect([...new Set(shown.map(({ symbol }) => symbol))].sort()).toEqual(['BTC/USD', 'DOGE/USD']);
  // Quotes of Friday's evening stand.
  expect(market.lastTrade('AAPL')!.at).toEqual(expect.any(Date));
  expect(wallTime(market.lastTrade('AAPL')!.at.getTime(), newYork)).toMatchObject({ minute: 1199 });
});

describe('a restart', () => {
  const reopened = (market: SimMarket, options: Partial<SimOptions> = {}): SimMarket => {
    const again = simulated(options);
    again.restore(JSON.parse(JSON.stringify(market.prices())));
    return again;
  };

  it.each([0, 61_250, 7 * 3_600_000, 41 * 3_600_000])('after %i ms finds the market that would have been', (pause) => {
    const running = simulated();
    live(running, friday, friday + 10_000);
    const again = reopened(running);
    const at = friday + 10_000 + pause;
    live(running, at - 5000, at);
    const [first] = [new Date(at)];
    for (const tick of again.advance(first)) again.apply(tick);
    for (const { symbol } of listed) {
      expect(again.lastTrade(symbol)).toEqual(running.lastTrade(symbol));
      expect(again.quote(symbol)).toMatchObject({ bid: running.quote(symbol)!.bid, ask: running.quote(symbol)!.ask });
    }
    expect(live(again, at, at + 5000)).toEqual(live(running, at, at + 5000));
  });

  it('goes on where a script had put a price, which comes back by half in half an hour', () => {
    const running = simulated();
    live(running, friday, friday + 1000);
    const before = running.lastTrade('AAPL')!.price / ticksPerDollar;
    running.script('AAPL', before * 0.8 - 0.01, before * 0.8 + 0.01, new Date(friday + 1000));
    const at = friday + 20_000;
    const shown = live(running, friday + 1000, at);
    const again = reopened(running);
    for (const tick of again.advance(new Date(at))) again.apply(tick);
    expect(again.lastTrade('AAPL')).toEqual(running.lastTrade('AAPL'));
    expect(again.lastTrade('AAPL')!.price / ticksPerDollar / before).toBeCloseTo(0.8, 1);
    // What was shown meanwhile is found again.
    const past = again.history
      .ticks('AAPL', friday, new Date(at))
      .filter(({ quote }) => quote.at.getTime() > friday + 1000);
    expect(past).toEqual(shown.filter(({ symbol }) => symbol === 'AAPL'));
    const more = [...past, ...live(again, at, friday + minuteMs)].filter(({ symbol }) => symbol === 'AAPL');
    const bar = minuteBar(again, listed[0]!, friday, friday + minuteMs)!;
    expect(bar.low).toBe(Math.min(...more.map(({ trade }) => trade!.price)));
    const plain = simulated();
    const gap = (minutes: number): number => {
      const now = new Date(friday + minutes * minuteMs);
      for (const tick of plain.advance(now)) plain.apply(tick);
      for (const tick of again.advance(now)) again.apply(tick);
      return Math.log(again.lastTrade('AAPL')!.price / plain.lastTrade('AAPL')!.price);
    };
    const soon = gap(1.5);
    expect(gap(30.5) / soon).toBeCloseTo(0.5 ** (29 / 30), 2);
    expect(gap(13 * 60)).toBe(0);
  });

  it('leaves a market that stands still where it stood', () => {
    const still = simulated({ pace: 0 });
    live(still, friday, friday + 1000);
    still.script('F', 9.98, 10.02, new Date(friday + 1000));
    const quotes = listed.map(({ symbol }) => still.quote(symbol));
    const again = reopened(still, { pace: 0 });
    live(again, friday + 86_400_000, friday + 86_401_000);
    const withoutTime = listed.map(({ symbol }) => again.quote(symbol)!);
    expect(withoutTime.map(({ bid, ask }) => [bid, ask])).toEqual(quotes.map((quote) => [quote!.bid, quote!.ask]));
    expect(again.lastTrade('F')!.price).toBe(100_000);
  });
});

// Recorded bars, read and played:
// - every bar's trades begin at its open, touch its high and its low, end at its close, and none is outside, with its volume in all;
// - the same file and seed play the same market, at whatever steps the clock goes, and a restart goes on in the middle of a bar;
// - what was played can be asked for, and nothing that is still to come;
// - a file that cannot be played is refused with its name, the line and the field.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newYork, readDay } from '../calendar/civil-day.ts';
import { createSessions } from '../calendar/sessions.ts';
import { barsIn } from './bar-pages.ts';
import { barOf, merge } from './bars.ts';
import { type BarFile, readBars } from './csv-bars.ts';
import { type MarketTick, ticksPerDollar } from './market.ts';
import { printsOf } from './prints.ts';
import { ReplayMarket, type ReplayOptions } from './replay.ts';
import { seededRandom } from './seeded-random.ts';

const sessions = createSessions();
const csv = readFileSync(new URL('fixtures/us-daily-2012-2013.csv', import.meta.url), 'utf8');
const stocks = readBars(csv, sessions, { file: 'stocks.csv' });
/** A session in three seconds and nine tenths. */
const fast = { speed: 6000, pace: 5, seed: 3 };
const began = Date.parse('2026-11-20T15:00:00Z');

const opened = (options: Partial<ReplayOptions> = {}): ReplayMarket =>
  new ReplayMarket({ file: stocks, ...fast, ...options });

function play(market: ReplayMarket, from: number, to: number, step = 250): MarketTick[] {
  const shown: MarketTick[] = [];
  for (let ms = from; ms <= to; ms += step) {
    for (const tick of market.advance(new Date(ms))) {
      market.apply(tick);
      if (ms > from) shown.push(tick);
    }
  }
  return shown;
}

describe('five real stocks', () => {
  it('are read with each day’s session, in New York', () => {
    expect(stocks.widthMinutes).toBe(1440);
    expect(stocks.bars).toHaveLength(980);
    expect(stocks.bars[0]).toMatchObject({
      symbol: 'AAPL',
      from: Date.parse('2012-05-18T13:30:00Z'),
      to: Date.parse('2012-05-18T20:00:00Z'),
      bar: { open: 5_339_600, high: 5_434_100, low: 5_221_800, close: 5_303_800, volume: 26_153_300 },
    });
    const halfDay = stocks.bars.find(({ from }) => from === Date.parse('2012-11-23T14:30:00Z'));
    expect(halfDay?.to).toBe(Date.parse('2012-11-23T18:00:00Z'));
  });

  it('are played bar after bar, each as it was, at the speed that was asked for', () => {
    const market = opened();
    const shown = play(market, began, began + 3 * 3900);
    for (const [day, first, last] of [
      ['2012-05-18', began, began + 3900],
      ['2012-05-21', began + 3900, began + 7800],
    ] as const) {
      for (const symbol of ['AAPL', 'FB', 'GOOG', 'IBM', 'MSFT']) {
        const { bar } = stocks.bars.find(
          (one) => one.symbol === symbol && new Date(one.from).toISOString().startsWith(day),
        )!;
        const trades = shown.flatMap(({ symbol: whose, trade }) => (whose === symbol && trade ? [trade] : []));
        const own = trades.filter(({ at }) => at.getTime() >= first && at.getTime() < last).map(barOf);
        const { open, high, low, close, volume } = bar;
        expect(merge(own, bar.at), `${symbol} ${day}`).toMatchObject({ open, high, low, close, volume });
      }
    }
  });

  it('are the same however the clock steps, and others with another seed', () => {
    const once = play(opened(), began, began + 8000).map(({ symbol, trade }) => [symbol, trade?.price, trade?.size]);
    const market = opened();
    const again = play(market, began, began + 8000, 20).map(({ symbol, trade }) => [symbol, trade?.price, trade?.size]);
    const bySymbol = (ticks: typeof once): unknown[] =>
      ['AAPL', 'FB', 'GOOG', 'IBM', 'MSFT'].map((symbol) => ticks.filter(([whose]) => whose === symbol));
    expect(bySymbol(again)).toEqual(bySymbol(once));
    expect(
      bySymbol(play(opened({ seed: 4 }), began, began + 8000).map((t) => [t.symbol, t.trade?.price, t.trade?.size])),
    ).not.toEqual(bySymbol(once));
  });

  it('go on after a restart where they were', () => {
    const whole = play(opened(), began, began + 8000);
    const market = opened();
    const before = play(market, began, began + 5000);
    const saved = market.prices();
    expect(saved).toMatchObject({ MSFT: market.lastTrade('MSFT')!.price / ticksPerDollar });
    const restarted = opened();
    restarted.restore(saved);
    const after = play(restarted, began + 5000, began + 8000);
    const shape = (ticks: MarketTick[]): unknown[] =>
      ticks.filter(({ symbol }) => symbol === 'MSFT').map(({ trade }) => [trade?.price, trade?.size]);
    expect([...shape(before), ...shape(after)]).toEqual(shape(whole));
  });

  it('can be asked for as far as they were played, and no further', () => {
    const market = opened();
    play(market, began, began + 2 * 3900 + 500);
    const span = { start: Date.parse('2012-05-01T00:00:00Z'), end: began - 86_400_000, descending: false };
    const days = [...barsIn(market.history, 'AAPL', { unit: 'day', count: 1 }, span, new Date(began + 8000))];
    expect(days.map(({ at, close }) => [at.toISOString().slice(0, 10), close])).toEqual([
      ['2012-05-18', 5_303_800],
      ['2012-05-21', 5_612_800],
    ]);
    expect(market.history.zoneOf('AAPL')).toBe(newYork);
    expect(market.history.minuteBars('AAPL', readDay('2012-05-18')!, new Date(began + 8000))).toEqual([]);
  });

  it('stand still at the end', () => {
    const file: BarFile = { ...stocks, bars: stocks.bars.slice(0, 5) };
    const market = opened({ file });
    play(market, began, began + 6000);
    expect(market.ended).toBe(true);
    expect(market.advance(new Date(began + 6250))).toEqual([]);
    expect(market.lastTrade('AAPL')?.price).toBe(5_303_800);
  });
});

it('makes of any bar trades that begin, end and turn where it did, with its volume, none outside and each on its quote', () => {
  const bar = fc
    .tuple(
      fc.array(fc.integer({ min: 10_000, max: 9_000_000 }), { minLength: 4, maxLength: 4 }),
      fc.integer({ min: 4, max: 5_000_000 }),
    )
    .map(([prices, volume]) => {
      const [open, close] = [prices[0]!, prices[1]!];
      const [high, low] = [Math.max(...prices), Math.min(...prices)];
      const turnover = ((open + high + low + close) / 4) * volume;
      return { at: new Date(began), open, high, low, close, volume, trades: 1, turnover };
    });
  fc.assert(
    fc.property(bar, fc.integer({ min: 4, max: 400 }), fc.integer({ min: 0, max: 1 << 30 }), (whole, count, seed) => {
      const ticks = printsOf(whole, {
        symbol: 'X',
        count,
        roundLot: 100,
        from: began,
        to: began + 60_000,
        random: seededRandom(seed),
      });
      const { open, high, low, close, volume } = whole;
      expect(
        merge(
          ticks.map(({ trade }) => barOf(trade!)),
          whole.at,
        ),
      ).toMatchObject({ open, high, low, close, volume });
      let last = began;
      for (const { quote, trade } of ticks) {
        expect(trade!.price === quote.bid || trade!.price === quote.ask).toBe(true);
        expect(quote.ask).toBeGreaterThan(quote.bid);
        expect(trade!.size).toBeGreaterThan(0);
        expect(trade!.at.getTime()).toBeGreaterThanOrEqual(last);
        last = trade!.at.getTime();
      }
      expect(last).toBeLessThan(began + 60_000);
    }),
    { numRuns: 300, seed: 11 },
  );
});

describe('a file of minutes', () => {
  const head = 'timestamp,open,high,low,close,volume';
  it.each([
    ['New York’s time where none is said', '2026-11-20 09:30:00', '2026-11-20T14:30:00.000Z'],
    ['an offset', '2026-11-20T09:30:00-05:00', '2026-11-20T14:30:00.000Z'],
    ['seconds since 1970', '1795185000', '2026-11-20T14:30:00.000Z'],
  ])('may be in %s', (_, time, at) => {
    const { bars } = readBars(`${head}\n${time},10,11,9,10.5,700\n`, sessions, { file: 'x.csv', symbol: 'spy' });
    expect(bars[0]).toMatchObject({ symbol: 'SPY', bar: { at: new Date(at), open: 100_000, close: 105_000 } });
  });

  it('has its own width, its quotes and averages, and a mark before its first line is passed over', () => {
    const lines = ['\uFEFF"symbol",timestamp,open,high,low,close,volume,vwap,trade_count'];
    lines.push(
      'F,2026-11-20T14:30:00Z,"10",11,9,10.5,"700",10.1,7',
      'F,2026-11-20T14:35:00Z,10.5,11,9,10,900,10.2,9',
      '',
    );
    const file = readBars(lines.join('\r\n'), sessions, { file: 'x.csv' });
    expect(file.widthMinutes).toBe(5);
    expect(file.bars[1]!.bar).toMatchObject({ trades: 9, turnover: 102_000 * 900 });
    expect(file.bars[1]!.to - file.bars[1]!.from).toBe(300_000);
  });

  it.each([
    ['', 'x.csv, line 1: there is no column "time"; expected one of timestamp, datetime, date, time, t.'],
    ['date,open,high,low,volume', 'x.csv, line 1: there is no column "close"; expected one of close, c.'],
    [head, 'x.csv has no bars.'],
    [
      `${head}\n2026-11-20,1,2,0.5,abc,3`,
      'x.csv, line 2, close: "abc" is no close; expected dollars above 0, up to 1000000, as 101.25.',
    ],
    [
      `${head}\n2026-11-20,1,2,0.5,,3`,
      'x.csv, line 2, close: "" is no close; expected dollars above 0, up to 1000000, as 101.25.',
    ],
    [
      `${head}\n2026-11-20,-1,2,0.5,1,3`,
      'x.csv, line 2, open: "-1" is no open; expected dollars above 0, up to 1000000, as 101.25.',
    ],
    [
      `${head}\n2026-11-20,1,2,0,1,3`,
      'x.csv, line 2, low: "0" is no price; expected dollars above 0, up to 1000000, as 101.25.',
    ],
    [
      `${head}\n2026-11-20,1,2,0.5,1,3\n2026-02-30,1,2,0.5,1,3`,
      'x.csv, line 3, timestamp: "2026-02-30" is no time; expected 2026-11-20, 2026-11-20 09:30, 2026-11-20T14:30:00Z or seconds since 1970.',
    ],
    [`${head}\n2026-11-20,3,2,0.5,1,3`, 'x.csv, line 2, high: "2" is not the highest price of its bar.'],
    [`${head}\n2026-11-20,1,2,1.5,1,3`, 'x.csv, line 2, low: "1.5" is not the lowest price of its bar.'],
    [
      `${head}\n2026-11-20,1,2,1,1,3\n2026-11-20,1,2,1,1,3`,
      'x.csv, line 3, timestamp: "2026-11-20" is the time of another bar of SPY.',
    ],
    [`${head}\n2026-11-20,1,2,1,1,-3`, 'x.csv, line 2, volume: "-3" is no volume; expected shares or coins, as 1200.'],
  ])('of %j is refused', (text, message) => {
    expect(() => readBars(text, sessions, { file: 'x.csv', symbol: 'SPY' })).toThrow(message);
  });
  it('without a symbol needs one to be named', () => {
    expect(() => readBars(`${head}\n2026-11-20,1,2,1,1,3`, sessions, { file: 'x.csv' })).toThrow('no symbol was named');
  });
});

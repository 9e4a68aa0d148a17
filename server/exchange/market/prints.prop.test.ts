// How a bar becomes trades and quotes, for any bar:
// - the first trade is at its open, the last at its close, one at its high, one at its low, none outside, each on the price grid of the bar;
// - their sizes add up to its volume, and there are as many as were asked for, as far as the bar has lots for them;
// - their average price is the bar's, to a hundredth of a cent, when the bar's average can be reached at all;
// - times rise, and lie in the bar's time; quotes are never crossed, and each trade is at a side of its quote;
// - the same draw gives the same trades.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Bar } from './bars.ts';
import { gridOf } from './market.ts';
import { printsOf } from './prints.ts';
import { seededRandom } from './seeded-random.ts';

const [from, to] = [1_700_000_000_000, 1_700_000_060_000];

interface Case {
  readonly bar: Bar;
  readonly count: number;
  readonly seed: number;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    base: fc.integer({ min: 1, max: 70_000 }),
    penny: fc.boolean(),
    spans: fc.tuple(
      fc.nat(300),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    ),
    volume: fc.integer({ min: 1, max: 1_000_000 }),
    count: fc.integer({ min: 1, max: 400 }),
    seed: fc.nat(),
  })
  .map(({ base, penny, spans: [height, a, b], volume, count, seed }) => {
    // In cents from a dollar up, in hundredths of a cent below.
    const low = penny ? Math.min(base, 9000) : 10_000 + base * 100;
    const step = gridOf(low);
    const at = (part: number): number => low + Math.round(part * height) * step;
    const [open, close, high] = [at(a), at(b), low + height * step];
    const turnover = ((open + high + low + close) / 4) * volume;
    return { bar: { at: new Date(from), open, high, low, close, volume, trades: count, turnover }, count, seed };
  });

const ticksOf = ({ bar, count, seed }: Case) =>
  printsOf(bar, { symbol: 'X', count, roundLot: 100, from, to, random: seededRandom(seed) });

it('makes trades of which the bar could have been made', () => {
  fc.assert(
    fc.property(cases, (made) => {
      const { bar, count } = made;
      const ticks = ticksOf(made);
      const trades = ticks.map(({ trade }) => trade!);
      const prices = trades.map(({ price }) => price);
      const sizes = trades.map(({ size }) => size);
      expect(sizes.every((size) => Number.isInteger(size) && size > 0)).toBe(true);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(bar.volume);
      expect(trades.length).toBe(
        Math.min(bar.volume, Math.max(count, bar.high === bar.low ? 1 : Math.min(4, bar.volume))),
      );
      expect(prices.at(-1)).toBe(bar.close);
      expect(Math.max(...prices)).toBeLessThanOrEqual(bar.high);
      expect(Math.min(...prices)).toBeGreaterThanOrEqual(bar.low);
      if (trades.length >= 4 || bar.high === bar.low) {
        expect(prices[0]).toBe(bar.open);
        expect(Math.max(...prices)).toBe(bar.high);
        expect(Math.min(...prices)).toBe(bar.low);
      }
      expect(prices.every((price) => price % gridOf(bar.low) === 0 || price >= 10_000)).toBe(true);
      const moments = trades.map(({ at }) => at.getTime());
      expect(moments).toEqual([...moments].sort((a, b) => a - b));
      expect(moments[0]).toBeGreaterThanOrEqual(from);
      expect(moments.at(-1)).toBeLessThan(to);
      for (const { quote, trade } of ticks) {
        expect(quote.bid).toBeLessThan(quote.ask);
        expect(quote.bid).toBeGreaterThan(0);
        expect(trade!.price).toBe(trade!.taker === 'buy' ? quote.ask : quote.bid);
      }
      expect(ticksOf(made)).toEqual(ticks);
    }),
    { numRuns: 1000 },
  );
});

it('makes them so that their average is the bar’s', () => {
  fc.assert(
    fc.property(cases, (made) => {
      const { bar } = made;
      fc.pre(bar.volume >= 20 * made.count && made.count >= 8);
      const turnover = ticksOf(made).reduce((sum, { trade }) => sum + trade!.price * trade!.size, 0);
      // Between the average of trades of one lot each but one at the high, and one at the low, everything can be reached.
      const prices = ticksOf(made).map(({ trade }) => trade!.price);
      const least = prices.reduce((sum, price) => sum + price, 0);
      const spare = bar.volume - prices.length;
      const target = Math.min(Math.max(bar.turnover, least + spare * bar.low), least + spare * bar.high);
      expect(Math.abs(turnover - target) / bar.volume).toBeLessThan(gridOf(bar.low));
    }),
    { numRuns: 1000 },
  );
});

it('shows a quote and no trade where nothing was traded', () => {
  const bar = {
    at: new Date(from),
    open: 101_00,
    high: 101_00,
    low: 101_00,
    close: 101_00,
    volume: 0,
    trades: 0,
    turnover: 0,
  };
  const [tick, ...more] = ticksOf({ bar, count: 10, seed: 1 });
  expect(more).toEqual([]);
  expect(tick!.trade).toBeNull();
  expect(tick!.quote.bid).toBeLessThan(tick!.quote.ask);
});

// The golden figures are TA-Lib's: golden/indicators.py made the file, and nothing of this code had a part in it.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Big, price, quantity, text } from '../decimal.ts';
import { averageTrueRange, trueRanges } from './average-true-range.ts';
import { averageDollarVolume, averageVolume } from './average-volume.ts';
import type { Bar } from './bar.ts';
import { chandelierExit } from './chandelier-exit.ts';
import { highestHigh, lowestLow } from './swing.ts';

type Case = Record<
  | 'period'
  | 'wilder'
  | 'simple'
  | 'highest'
  | 'lowest'
  | 'chandelierLong'
  | 'chandelierShort'
  | 'volume'
  | 'dollarVolume',
  number
>;
interface Golden {
  readonly bars: readonly Record<keyof Bar, string>[];
  readonly trueRanges: readonly number[];
  readonly cases: readonly Case[];
}
const golden = JSON.parse(readFileSync(new URL('golden/indicators.golden.json', import.meta.url), 'utf8')) as Golden;
const bar = (at: Date, open: string, high: string, low: string, close: string, volume = '100'): Bar => ({
  at,
  open: price(open),
  high: price(high),
  low: price(low),
  close: price(close),
  volume: quantity(volume),
});
const bars = golden.bars.map((one) => bar(new Date(one.at), one.open, one.high, one.low, one.close, one.volume));
const three = new Big('3');

function expectNear(actual: Big | null, expected: number): void {
  expect(actual).not.toBeNull();
  const apart = Math.abs(Number(actual!.toFixed()) - expected);
  expect(apart, `${actual} for ${expected}`).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
}

describe.each(golden.cases)('over $period bars TA-Lib says the same of', (one) => {
  const { period } = one;
  it('the average true range, by Wilder and simple', () => {
    expectNear(averageTrueRange(bars, period), one.wilder);
    expectNear(averageTrueRange(bars, period, 'wilder'), one.wilder);
    expectNear(averageTrueRange(bars, period, 'simple'), one.simple);
  });
  it('the swing', () => {
    expectNear(highestHigh(bars, period), one.highest);
    expectNear(lowestLow(bars, period), one.lowest);
  });
  it('the chandelier, put together from its parts', () => {
    expectNear(chandelierExit(bars, { side: 'long', period, multiple: three }), one.chandelierLong);
    expectNear(chandelierExit(bars, { side: 'short', period, multiple: three }), one.chandelierShort);
  });
  it('the average volume', () => {
    expectNear(averageVolume(bars, period), one.volume);
    expectNear(averageDollarVolume(bars, period), one.dollarVolume);
  });
});

describe('a true range', () => {
  it('of each bar but the first is that of TA-Lib', () => {
    const found = trueRanges(bars);
    expect(found).toHaveLength(golden.trueRanges.length);
    for (const [i, range] of found.entries()) expectNear(range, Number(golden.trueRanges[i]!.toFixed(9)));
  });
  const day = (n: number) => new Date(Date.UTC(2026, 0, n));
  it.each([
    ['within', '10', '12', '9', '11', '3'],
    ['after a gap up', '15', '16', '14', '15', '6'],
    ['after a gap down', '6', '7', '5', '6', '5'],
  ])('%s is exact', (_, open, high, low, close, range) => {
    expect(trueRanges([bar(day(1), '10', '10', '10', '10'), bar(day(2), open, high, low, close)]).map(text)).toEqual([
      range,
    ]);
  });
  it('is weighted as Wilder does it, by hand', () => {
    // True ranges 2, 4, 6 over a period of 2: the mean of 2 and 4 is 3, then (3 x 1 + 6) / 2.
    const some = [2, 4, 6].map((range, i) => bar(day(i + 2), '10', String(10 + range), '10', '10'));
    const all = [bar(day(1), '10', '10', '10', '10'), ...some];
    expect(text(averageTrueRange(all, 2)!)).toBe('4.5');
    expect(text(averageTrueRange(all, 2, 'simple')!)).toBe('5');
  });
});

describe('an average true range', () => {
  it('leaves no dust of binary numbers behind', () => {
    // Ranges of 0.1, 0.2 and 0.3, whose sum is no 0.6 in doubles.
    const some = ['5.1', '5.2', '5.3'].map((high, i) => bar(new Date(i * 1000), '5', high, '5', '5'));
    const all = [bar(new Date(-1000), '5', '5', '5', '5'), ...some];
    expect(text(averageTrueRange(all, 3)!)).toBe('0.2');
    expect(text(averageTrueRange(all, 3, 'simple')!)).toBe('0.2');
  });
});

describe('too few bars', () => {
  it('say nothing', () => {
    for (const few of [[], bars.slice(0, 1), bars.slice(0, 14)]) {
      expect(averageTrueRange(few, 14)).toBeNull();
      expect(averageTrueRange(few, 14, 'simple')).toBeNull();
      expect(chandelierExit(few, { side: 'long', period: 14, multiple: three })).toBeNull();
    }
    for (const figure of [highestHigh, lowestLow, averageVolume, averageDollarVolume]) {
      expect(figure(bars.slice(0, 13), 14)).toBeNull();
      expect(figure(bars.slice(0, 14), 14)).not.toBeNull();
      expect(figure([], 1)).toBeNull();
    }
    expect(averageTrueRange(bars.slice(0, 15), 14)).not.toBeNull();
  });
  it('and bars that stand still, say zero', () => {
    const still = bars.slice(0, 20).map(({ at }) => bar(at, '5', '5', '5', '5', '0'));
    expect(text(averageTrueRange(still, 14)!)).toBe('0');
    expect(text(chandelierExit(still, { side: 'long', period: 14, multiple: three })!)).toBe('5');
    expect(text(averageVolume(still, 14)!)).toBe('0');
  });
});

describe('a chandelier', () => {
  it('that would hang under zero is none', () => {
    expect(chandelierExit(bars, { side: 'long', period: 14, multiple: new Big('1000') })).toBeNull();
    expect(chandelierExit(bars, { side: 'short', period: 14, multiple: new Big('1000') })).not.toBeNull();
  });
  it.each(['0', '-1'])('is refused with a multiple of %s', (multiple) => {
    expect(() => chandelierExit(bars, { side: 'long', period: 14, multiple: new Big(multiple) })).toThrow(RangeError);
  });
  it('takes the smoothing that it is told to', () => {
    const stop = chandelierExit(bars, { side: 'long', period: 22, multiple: three, smoothing: 'simple' })!;
    const { highest, simple } = golden.cases.find(({ period }) => period === 22)!;
    expectNear(stop, highest - 3 * simple);
  });
});

describe('bars that cannot be meant', () => {
  const at = new Date('2026-01-02');
  const good = bar(new Date('2026-01-01'), '10', '12', '9', '11');
  const figures = [averageTrueRange, highestHigh, lowestLow, averageVolume, averageDollarVolume];
  it.each([
    ['at no moment', bar(new Date('x'), '10', '12', '9', '11')],
    ['at the same moment', bar(good.at, '10', '12', '9', '11')],
    ['with a low of zero', bar(at, '10', '12', '0', '11')],
    ['with a high under the low', bar(at, '10', '8', '9', '10')],
    ['that opened over their high', bar(at, '13', '12', '9', '11')],
    ['that opened under their low', bar(at, '8', '12', '9', '11')],
    ['that closed over their high', bar(at, '10', '12', '9', '13')],
    ['that closed under their low', bar(at, '10', '12', '9', '8')],
    ['with a volume below zero', bar(at, '10', '12', '9', '11', '-1')],
  ])('%s are refused', (_, broken) => {
    for (const figure of figures) expect(() => figure([good, broken], 1)).toThrow(RangeError);
    expect(() => chandelierExit([good, broken], { side: 'long', period: 1, multiple: three })).toThrow(RangeError);
  });
  it.each([0, -1, 1.5, Number.NaN])('and a period of %s is refused', (period) => {
    for (const figure of figures) expect(() => figure(bars, period)).toThrow(RangeError);
  });
});

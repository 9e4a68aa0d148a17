import { describe, expect, it } from 'vitest';
import { simpleReturns } from './returns.ts';
import { expectAllNear, expectNear, golden, goldenCloses } from './testing/golden.ts';
import { annualised, periodsPerYear, rollingDeviation, sampleDeviation, weightedDeviation } from './volatility.ts';

const returns = simpleReturns(goldenCloses('AAPL').map(({ close }) => close))!;

describe('volatility', () => {
  it('is that of numpy', () => {
    const deviation = sampleDeviation(returns)!;
    expectNear(deviation, golden.volatility.sample);
    expectNear(annualised(deviation, periodsPerYear.stocks), golden.volatility.annual);
    expectNear(weightedDeviation(returns), golden.volatility.weighted);
    expectNear(weightedDeviation(returns, 0.97), golden.volatility.weighted97);
    expectAllNear(rollingDeviation(returns, 20)!, golden.volatility.rolling20, 0);
  });
  it('gives recent days more weight when it is asked to', () => {
    const quietThenWild = [...new Array(50).fill(0.001), 0.05];
    const wildThenQuiet = [...quietThenWild].reverse();
    expect(weightedDeviation(quietThenWild)!).toBeGreaterThan(4 * weightedDeviation(wildThenQuiet)!);
  });
  it('of a constant series is exactly zero around its mean, and its size around zero', () => {
    expect(sampleDeviation([0.1, 0.1, 0.1])).toBe(0);
    expectNear(weightedDeviation([-0.1, -0.1, -0.1]), 0.1);
    expect(weightedDeviation([0, 0])).toBe(0);
  });
  it('of too few values is not known', () => {
    expect([sampleDeviation([]), sampleDeviation([1]), weightedDeviation([]), rollingDeviation([1, 2], 3)]).toEqual(
      new Array(4).fill(null),
    );
    expect(rollingDeviation([1, 2, 4], 3)).toHaveLength(1);
  });
  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e200])('is refused with a %s in the series', (value) => {
    expect(() => sampleDeviation([1, value])).toThrow(RangeError);
    expect(() => weightedDeviation([1, value])).toThrow(RangeError);
    expect(() => rollingDeviation([1, 2, value], 2)).toThrow(RangeError);
    expect(() => annualised(value === 1e200 ? -1 : value, 252)).toThrow(RangeError);
  });
  it.each([0, 1, -0.5, Number.NaN])('is refused with a decay of %s', (decay) => {
    expect(() => weightedDeviation([1, 2], decay)).toThrow(RangeError);
  });
  it('is refused with a window or periods that are none', () => {
    expect(() => rollingDeviation([1, 2, 3], 1)).toThrow(RangeError);
    expect(() => annualised(0.01, 0)).toThrow(RangeError);
  });
});

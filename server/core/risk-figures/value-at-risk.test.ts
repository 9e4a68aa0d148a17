import { describe, expect, it } from 'vitest';
import { historicalExpectedShortfall, parametricExpectedShortfall } from './expected-shortfall.ts';
import { mean } from './series.ts';
import { tailRank } from './tail.ts';
import { expectNear, golden } from './testing/golden.ts';
import { historicalValueAtRisk, parametricValueAtRisk } from './value-at-risk.ts';
import { sampleDeviation } from './volatility.ts';

const { simple } = golden.returns;
const figures = [historicalValueAtRisk, historicalExpectedShortfall];

describe.each([
  ['one day', 1, golden.tails.oneDay],
  ['ten days', 10, golden.tails.tenDays],
])('over %s', (_, horizonDays, tails) => {
  it.each(tails)('at $confidence, value at risk and expected shortfall are those of numpy and scipy', (tail) => {
    const options = { confidence: tail.confidence, horizonDays };
    const deviation = sampleDeviation(simple)!;
    expectNear(historicalValueAtRisk(simple, options), tail.historicalVar);
    expectNear(historicalExpectedShortfall(simple, options), tail.historicalEs);
    expectNear(parametricValueAtRisk(deviation, options), tail.parametricVar);
    expectNear(parametricExpectedShortfall(deviation, options), tail.parametricEs);
    expectNear(parametricValueAtRisk(deviation, options, mean(simple)!), tail.parametricVarWithMean);
    const growth = Math.sqrt(horizonDays);
    expectNear(parametricExpectedShortfall(deviation, options, 0.001), tail.parametricEs - 0.001 * growth);
  });
});

describe('the rank of a quantile', () => {
  it.each([
    [250, 0.95, 12],
    [250, 0.99, 2],
    [11, 0.9, 1], // 10 x 0.1 is one, though 1 - 0.9 is a little less than 0.1.
    [21, 0.95, 1],
    [20, 0.95, 0],
    [100, 0.99, 0],
    [101, 0.99, 1],
    [1, 0.5, null],
    [2, 0.5, 0],
  ])('of %i values at %s is %s', (count, confidence, rank) => {
    expect(tailRank(count, confidence)).toBe(rank);
  });
  it('is not known when the history does not reach the tail', () => {
    expect(tailRank(99, 0.99)).toBeNull();
    expect(tailRank(19, 0.95)).toBeNull();
    expect(tailRank(0, 0.95)).toBeNull();
    for (const figure of figures) {
      expect(figure(new Array(99).fill(-0.01), { confidence: 0.99 })).toBeNull();
      expect(figure([], { confidence: 0.99 })).toBeNull();
    }
  });
});

describe('a loss', () => {
  const days = [...new Array(95).fill(0.01), -0.05, -0.04, -0.03, -0.02, -0.01];
  it('is positive, that of the day at the rank, and the mean of it and the worse ones', () => {
    expect(historicalValueAtRisk(days, { confidence: 0.95 })).toBe(0.01);
    expectNear(historicalExpectedShortfall(days, { confidence: 0.95 }), 0.03);
    expect(historicalValueAtRisk(days, { confidence: 0.99 })).toBe(0.05);
  });
  it('below zero says that even the bad days earned', () => {
    expect(historicalValueAtRisk(new Array(100).fill(0.02), { confidence: 0.95 })).toBe(-0.02);
    expect(historicalExpectedShortfall(new Array(100).fill(0.1), { confidence: 0.95 })).toBeCloseTo(-0.1, 15);
  });
  it('in the mean is never less than where the tail begins, not even by rounding', () => {
    // 0.1 + 0.1 + 0.1 is more than 0.3.
    const same = new Array(60).fill(0.1);
    expect(historicalExpectedShortfall(same, { confidence: 0.95 })).toBe(-0.1);
  });
  it('of nothing at stake is zero, not minus zero', () => {
    for (const figure of figures) expect(figure(new Float64Array(100), { confidence: 0.95 })).toBe(0);
    expect(parametricValueAtRisk(0, { confidence: 0.95 })).toBe(0);
    expect(parametricExpectedShortfall(0, { confidence: 0.95 })).toBe(0);
  });
  it.each([0.49, 1, 95, -0.5, Number.NaN])('is refused at a confidence of %s', (confidence) => {
    for (const figure of figures) expect(() => figure(days, { confidence })).toThrow(/confidence/);
    expect(() => parametricValueAtRisk(0.01, { confidence })).toThrow(/confidence/);
    expect(() => parametricExpectedShortfall(0.01, { confidence })).toThrow(/confidence/);
  });
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('is refused over %s days', (horizonDays) => {
    for (const figure of figures) expect(() => figure(days, { confidence: 0.9, horizonDays })).toThrow(/horizonDays/);
    expect(() => parametricValueAtRisk(0.01, { confidence: 0.9, horizonDays })).toThrow(/horizonDays/);
  });
  it('is refused for what is not finite', () => {
    const options = { confidence: 0.5 };
    for (const figure of figures) expect(() => figure([0.1, Number.NaN, 0.2], options)).toThrow(RangeError);
    for (const deviation of [-0.01, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => parametricValueAtRisk(deviation, options)).toThrow(RangeError);
      expect(() => parametricExpectedShortfall(deviation, options)).toThrow(RangeError);
    }
    expect(() => parametricValueAtRisk(0.01, options, Number.NaN)).toThrow(RangeError);
  });
});

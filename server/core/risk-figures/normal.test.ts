import { describe, expect, it } from 'vitest';
import { inverseNormal, normalDensity } from './normal.ts';
import { expectNear, golden } from './testing/golden.ts';

describe('the inverse of the normal distribution', () => {
  it.each(golden.inverseNormal)('at %s is that of scipy', (p, z) => {
    expectNear(inverseNormal(p), z, 1e-12);
  });
  it('mirrors itself', () => {
    for (const p of [0.5, 0.25, 0.0625, 2 ** -20]) expect(inverseNormal(1 - p)).toBe(0 - inverseNormal(p));
  });
  it.each([0, 1, -0.1, 1.1, Number.NaN])('has no value at %s', (p) => {
    expect(() => inverseNormal(p)).toThrow(RangeError);
  });
  it('has the slope that the density says', () => {
    const step = 1e-6;
    const slope = (inverseNormal(0.95 + step) - inverseNormal(0.95 - step)) / (2 * step);
    expectNear(1 / normalDensity(inverseNormal(0.95)), slope, 1e-8);
  });
});

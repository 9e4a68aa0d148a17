import { describe, expect, it } from 'vitest';
import { covarianceFactor } from './cholesky.ts';
import { correlation } from './correlation.ts';
import { type CovarianceMatrix, covarianceMatrix } from './covariance.ts';
import { simulatedExpectedShortfall, simulatedReturns, simulatedValueAtRisk } from './monte-carlo.ts';
import { holdPortfolio, profitsWith } from './portfolio.ts';
import { column } from './return-table.ts';
import { seededNormal } from './seeded-normal.ts';
import { symmetricEigen } from './symmetric-eigen.ts';
import { expectAllNear, expectNear, golden, goldenHeld, goldenOrder, goldenTable } from './testing/golden.ts';
import { sampleDeviation } from './volatility.ts';

const covariances = covarianceMatrix(goldenTable())!;
const matrix = (rows: readonly (readonly number[])[]): CovarianceMatrix => ({
  symbols: rows.map((_, i) => String.fromCharCode(65 + i)),
  values: Float64Array.from(rows.flat()),
});
/** L Lᵀ. */
function product({ symbols, values }: CovarianceMatrix): Float64Array {
  const size = symbols.length;
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return symbols.reduce((sum, _symbol, k) => sum + values[i * size + k]! * values[j * size + k]!, 0);
  });
}

describe('a factor of covariances', () => {
  it('is that of numpy when they are positive definite', () => {
    const factor = covarianceFactor(covariances);
    expect(factor.repaired).toBe(0);
    expectAllNear(factor.values, golden.cholesky.flat(), 0);
  });
  it('is repaired as numpy repairs it when they are not', () => {
    const factor = covarianceFactor(matrix(golden.repair.covariance));
    expectNear(factor.repaired, golden.repair.change, 1e-7);
    // The smallest eigenvalue is 1e-8 of the largest, and what is left of it is as exact as that.
    expectAllNear(product(factor), golden.repair.repaired.flat(), 1e-15);
  });
  it('keeps each variance through the repair', () => {
    const found = product(covarianceFactor(matrix(golden.repair.covariance)));
    golden.repair.covariance.forEach((row, i) => {
      expectNear(found[i * 4 + i], row[i]!);
    });
  });
  it('hardly changes two symbols that are one', () => {
    const factor = covarianceFactor(
      matrix([
        [4e-4, 4e-4],
        [4e-4, 4e-4],
      ]),
    );
    expect(factor.repaired).toBeGreaterThan(0);
    expect(factor.repaired).toBeLessThan(1e-7);
  });
  it('stands many symbols over few days', () => {
    const normal = seededNormal(3);
    const values = Float64Array.from({ length: 40 * 10 }, () => 0.01 * normal());
    const symbols = Array.from({ length: 40 }, (_, i) => `S${i}`);
    const index = new Map(symbols.map((symbol, i) => [symbol, i]));
    const few = covarianceMatrix({ symbols, index, rows: 10, values })!;
    const factor = covarianceFactor(few);
    expect(factor.repaired).toBeGreaterThan(0);
    expectAllNear(product(factor), [...few.values], 1e-10);
  });
  it('leaves a symbol that does not move at zero', () => {
    const { values } = covarianceFactor(
      matrix([
        [0, 0],
        [0, 9e-4],
      ]),
    );
    expect([...values]).toEqual([0, 0, 0, 0.03]);
  });
  it.each([
    ['a variance below zero', [[-1]]],
    [
      'what is not symmetric',
      [
        [1, 0.5],
        [0.4, 1],
      ],
    ],
    ['what is not square', [[1, 0.5]]],
    ['what is not finite', [[Number.NaN]]],
  ])('refuses %s', (_, rows) => {
    expect(() => covarianceFactor(matrix(rows))).toThrow(RangeError);
  });
  it('comes from eigenvalues that put the matrix together again', () => {
    const { values, vectors } = symmetricEigen(covariances.values, 5);
    const again = covariances.values.map((_, at) => {
      const [i, j] = [Math.floor(at / 5), at % 5];
      return values.reduce((sum, value, k) => sum + vectors[i * 5 + k]! * value * vectors[j * 5 + k]!, 0);
    });
    expectAllNear(again, [...covariances.values], 1e-17);
  });
});

describe('a simulation', () => {
  const simulated = simulatedReturns(covariances, { draws: 20_000, seed: 7 });
  const held = holdPortfolio(simulated, goldenHeld());
  if (!held.ok) throw new Error('no history');
  const before = held.value.profits;
  const answer = profitsWith(held.value, goldenOrder());
  if (!answer.ok) throw new Error('no history');
  const after = answer.value;

  it.each([
    ['before', before, golden.portfolio.before],
    ['after', after, golden.portfolio.after],
  ])('is within three of its standard errors of the truth %s an order', (_, profits, tails) => {
    for (const { confidence, parametricVar, parametricEs } of tails) {
      const valueAtRisk = simulatedValueAtRisk(profits, { confidence })!;
      const shortfall = simulatedExpectedShortfall(profits, { confidence })!;
      expect(Math.abs(valueAtRisk.value - parametricVar)).toBeLessThan(3 * valueAtRisk.standardError);
      expect(Math.abs(shortfall.value - parametricEs)).toBeLessThan(3 * shortfall.standardError);
      // An error that is too large would let anything pass.
      expect(valueAtRisk.standardError).toBeLessThan(0.03 * parametricVar);
      expect(shortfall.standardError).toBeLessThan(0.03 * parametricEs);
      expect(shortfall.value).toBeGreaterThanOrEqual(valueAtRisk.value);
    }
  });
  it('has standard errors that are as large as its errors over many seeds', () => {
    const one = matrix([[1]]);
    const truth = { valueAtRisk: 1.6448536269514722, shortfall: 2.0627128075074257 };
    const errors = Array.from({ length: 200 }, (_, seed) => {
      const profits = simulatedReturns(one, { draws: 2000, seed }).values;
      const options = { confidence: 0.95 };
      const [a, b] = [simulatedValueAtRisk(profits, options)!, simulatedExpectedShortfall(profits, options)!];
      return [(a.value - truth.valueAtRisk) / a.standardError, (b.value - truth.shortfall) / b.standardError];
    });
    for (const which of [0, 1]) {
      // The deviation of 200 standard normal numbers is within 0.15 of 1 in all but 3 of 1000 cases; the density is itself estimated.
      const spread = sampleDeviation(errors.map((pair) => pair[which]!))!;
      expect(spread).toBeGreaterThan(0.8);
      expect(spread).toBeLessThan(1.2);
    }
  });
  it('keeps deviations and correlations', () => {
    const [a, k] = [column(simulated, 0), column(simulated, 1)];
    expectNear(sampleDeviation(a), Math.sqrt(covariances.values[0]!), 0.02);
    const expected = covariances.values[1]! / Math.sqrt(covariances.values[0]! * covariances.values[6]!);
    expect(Math.abs(correlation(a, k)!.value - expected)).toBeLessThan(0.02);
  });
  it('is the same for the same seed, and another for another', () => {
    const draw = (seed: number) => simulatedReturns(covariances, { draws: 50, seed }).values;
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    // The first 50 draws do not hang on how many follow.
    expect([...draw(7).subarray(0, 50)]).toEqual([...simulated.values.subarray(0, 50)]);
  });
  it('says that the covariances were repaired', () => {
    expect(simulated.repaired).toBe(0);
    expectNear(
      simulatedReturns(matrix(golden.repair.covariance), { draws: 1, seed: 1 }).repaired,
      golden.repair.change,
      1e-7,
    );
  });
  it('looks ahead by the square root of time, its error as well', () => {
    const [day, four] = [1, 4].map((horizonDays) => simulatedValueAtRisk(before, { confidence: 0.99, horizonDays })!);
    expect(four).toEqual({ value: 2 * day!.value, standardError: 2 * day!.standardError });
  });
  it('of too few draws says nothing', () => {
    for (const figure of [simulatedValueAtRisk, simulatedExpectedShortfall]) {
      expect(figure(before.subarray(0, 999), { confidence: 0.99 })).toBeNull();
      expect(figure(before.subarray(0, 1000), { confidence: 0.99 })).not.toBeNull();
      expect(() => figure([Number.NaN], { confidence: 0.99 })).toThrow(RangeError);
    }
  });
  it.each([-1, 0.5, 2 ** 32, Number.NaN])('is refused with a seed of %s', (seed) => {
    expect(() => simulatedReturns(covariances, { draws: 1, seed })).toThrow(/seed/);
  });
  it.each([0, 1.5, Number.NaN])('is refused with %s draws', (draws) => {
    expect(() => simulatedReturns(covariances, { draws, seed: 1 })).toThrow(/draws/);
  });
});

describe('seeded normal numbers', () => {
  it('have mean 0, deviation 1, and the tails of the normal distribution', () => {
    const normal = seededNormal(11);
    const numbers = Float64Array.from({ length: 100_000 }, normal);
    expect(Math.abs(numbers.reduce((sum, x) => sum + x, 0) / 100_000)).toBeLessThan(3 / Math.sqrt(100_000));
    expect(Math.abs(sampleDeviation(numbers)! - 1)).toBeLessThan(3 / Math.sqrt(200_000));
    const beyond = numbers.filter((x) => x > 1.6448536269514722).length;
    expect(Math.abs(beyond - 5000)).toBeLessThan(3 * Math.sqrt(100_000 * 0.05 * 0.95));
    expect(Math.abs(correlation(numbers.subarray(1), numbers.subarray(0, -1))!.value)).toBeLessThan(0.01);
  });
});

import { describe, expect, it } from 'vitest';
import { closeSeries } from './close-series.ts';
import { correlation, correlationMatrix, correlationOfCloses } from './correlation.ts';
import { correlationBetween, covarianceMatrix } from './covariance.ts';
import { column, returnTable } from './return-table.ts';
import { expectAllNear, expectNear, golden, goldenSeries, goldenTable } from './testing/golden.ts';

describe('correlation', () => {
  it.each(golden.correlations)('of %s and %s is that of scipy', (a, b, whole, count, of60) => {
    const found = correlationOfCloses(goldenSeries(a), goldenSeries(b))!;
    expectNear(found.value, whole);
    expect(found.observations).toBe(count);
    const last = correlationOfCloses(goldenSeries(a), goldenSeries(b), 60)!;
    expectNear(last.value, of60);
    expect(last.observations).toBe(60);
  });
  it('is not known of two points, of a constant, or of nothing', () => {
    expect(correlation([1, 2], [2, 1])).toBeNull();
    expect(correlation([], [])).toBeNull();
    expect(correlation([0.1, 0.1, 0.1], [1, 2, 3])).toBeNull();
    expect(correlation([1, 2, 3], [0.1, 0.1, 0.1])).toBeNull();
    expect(correlation([1e-200, 2e-200, 3e-200], [1, 2, 3])).toBeNull();
    expect(correlation([1, 2, 3], [2, 4, 7])).toMatchObject({ observations: 3 });
  });
  it('is not carried over one by rounding', () => {
    // Where √a √a is a little less than a.
    expect(correlation([0, 0.01, 0.08], [0, 0.01, 0.08])!.value).toBe(1);
    expect(correlation([0, 0.01, 0.08], [0, -0.01, -0.08])!.value).toBe(-1);
  });
  it('is refused for lengths that differ and for what is not finite', () => {
    expect(() => correlation([1, 2, 3], [1, 2])).toThrow(/aligned/);
    expect(() => correlation([1, 2, Number.NaN], [1, 2, 3])).toThrow(/x\[2\]/);
    expect(() => correlation([1, 2, 3], [1, Number.NEGATIVE_INFINITY, 3])).toThrow(/y\[1\]/);
  });
});

describe('a matrix', () => {
  const names = ['AAPL', 'KO', 'XOM', 'LATE', 'BTC/USD', 'ETH/USD'];
  const { symbols, cells } = correlationMatrix(names.map(goldenSeries));
  it('of correlations has each pair over its own days, in both places, and ones on its diagonal', () => {
    expect(symbols).toEqual(names);
    for (const [a, b, value, observations] of golden.correlations) {
      const [i, j] = [names.indexOf(a), names.indexOf(b)];
      expectNear(cells[i]![j]!.value, value);
      expect(cells[i]![j]!.observations).toBe(observations);
      expect(cells[j]![i]).toEqual(cells[i]![j]);
    }
    for (const [i, row] of cells.entries()) expect(row[i]!.value).toBe(1);
  });
  it('of correlations has holes where nothing is known', () => {
    const nothing = closeSeries('NOTHING', []);
    expect(correlationMatrix([goldenSeries('KO'), nothing]).cells[0]![1]).toBeNull();
    expect(correlationMatrix([goldenSeries('KO'), nothing]).cells[1]![1]).toBeNull();
  });
  it('of covariances is that of numpy', () => {
    const { values } = covarianceMatrix(goldenTable())!;
    expectAllNear(values, golden.covariance.flat(), 0);
  });
  it('of covariances needs two rows, and finite returns', () => {
    expect(covarianceMatrix(returnTable(['A'], 1, new Float64Array(1)))).toBeNull();
    const broken = returnTable(['A'], 2, Float64Array.of(0.1, Number.NaN));
    expect(() => covarianceMatrix(broken)).toThrow(RangeError);
    expect([...covarianceMatrix(returnTable(['A'], 3, Float64Array.of(0.5, 0.5, 0.5)))!.values]).toEqual([0]);
  });
  it('of covariances that is kept answers for any two of its symbols', () => {
    const table = goldenTable();
    const kept = covarianceMatrix(table)!;
    for (const [i, a] of table.symbols.entries()) {
      for (const [j, b] of table.symbols.entries()) {
        const found = correlationBetween(kept, a, b)!;
        expectNear(found.value, correlation(column(table, i), column(table, j))!.value);
        expect(found.observations).toBe(250);
      }
    }
    expect(correlationBetween(kept, 'AAPL', 'NONE')).toBeNull();
    expect(correlationBetween(kept, 'NONE', 'AAPL')).toBeNull();
    const of = (...rows: readonly (readonly [number, number])[]) =>
      covarianceMatrix(
        returnTable(['A', 'B'], rows.length, Float64Array.from([...rows.map(([a]) => a), ...rows.map(([, b]) => b)])),
      )!;
    expect(correlationBetween(of([1, 2], [2, 1]), 'A', 'B')).toBeNull();
    expect(correlationBetween(of([0.1, 2], [0.1, 1], [0.1, 3]), 'A', 'B')).toBeNull();
    expect(correlationBetween(of([1, 2], [2, 1], [3, 5]), 'A', 'B')).not.toBeNull();
  });
  it('is of a table that holds together', () => {
    expect(() => returnTable(['A', 'A'], 1, new Float64Array(2))).toThrow(/twice/);
    expect(() => returnTable(['A'], 2, new Float64Array(3))).toThrow(RangeError);
  });
});

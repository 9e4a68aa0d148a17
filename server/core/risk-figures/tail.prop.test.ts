// Invariant: the worst few of a series are the first of all of it in order, however many are asked for.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { worstFirst, worstOf } from './tail.ts';

it('finds the worst few as sorting all does', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
    maxLength: 80,
  });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 90 }), (series, count) => {
      // Plus zero: the two may differ in the sign of a zero, which is no loss either way.
      const plain = (list: Iterable<number>) => [...list].map((value) => value + 0);
      expect(plain(worstOf(series, count))).toEqual(plain(worstFirst(series).subarray(0, count)));
    }),
    {
      numRuns: 500,
      examples: [
        [[], 3],
        [[1, 1, 1], 2],
      ],
    },
  );
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (value) => {
  expect(() => worstOf([1, value], 1)).toThrow(RangeError);
});

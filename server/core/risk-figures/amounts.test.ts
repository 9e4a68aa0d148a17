import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, text } from '../decimal.ts';
import { fromAmount, toAmount } from './amounts.ts';

describe('an amount', () => {
  it('enters as the nearest double, whatever its length', () => {
    const digits = fc.stringMatching(/^-?[0-9]{1,18}(\.[0-9]{1,18})?$/);
    fc.assert(
      fc.property(digits, (typed) => {
        expect(fromAmount(decimal(typed))).toBe(Number(typed) + 0);
      }),
    );
  });
  it.each(['0', '-0', '0.1', '-12345.67', '1e22', '1e23', '1e-22', '1e-25', '123456789012345', '1234567890123456789'])(
    '%s is what its text says',
    (typed) => {
      expect(fromAmount(decimal(typed))).toBe(Number(typed) + 0);
    },
  );
  it('leaves unrounded, and comes back the same', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e18, max: 1e18 }), (value) => {
        expect(fromAmount(toAmount(value))).toBe(value + 0);
      }),
    );
    expect(text(toAmount(-0))).toBe('0');
  });
  it('is refused when it is none', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) expect(() => toAmount(value)).toThrow(RangeError);
    expect(() => fromAmount(decimal('1e400'))).toThrow(RangeError);
  });
});

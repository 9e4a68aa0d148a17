// Invariant: whatever is added, a sum is what decimals make of it, to the last digit.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Big, decimal, text, zeroMoney } from '../../core/decimal.ts';
import { asDouble, ExactSum, fromMillionths, millionths, productInMillionths } from './exact-sum.ts';

const anyDecimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 12 }))
  .map(([digits, places]) => decimal(digits).div(new Big('10').pow(places)));
const small = fc
  .tuple(fc.integer({ min: -2_000_000, max: 2_000_000 }), fc.integer({ min: 0, max: 4 }))
  .map(([digits, places]) => decimal(String(digits)).div(new Big('10').pow(places)));

describe('an exact sum', () => {
  it('is what decimals make of it, of amounts and of products', () => {
    const one = fc.oneof(small, anyDecimal);
    fc.assert(
      fc.property(fc.array(fc.tuple(one, one, fc.constantFrom<1 | -1>(1, -1)), { maxLength: 40 }), (terms) => {
        const sum = new ExactSum();
        let expected: Big = zeroMoney;
        for (const [a, b, sign] of terms) {
          sum.add(a);
          sum.addProduct(a, b, sign);
          expected = expected.plus(a).plus(a.times(b).times(String(sign)));
        }
        expect(text(sum.value)).toBe(text(expected));
      }),
    );
  });

  it('goes on beyond what a double holds', () => {
    const sum = new ExactSum();
    for (let i = 0; i < 5; i++) sum.add(decimal('9007199254.740991'));
    sum.add(decimal('-0.0000001'));
    expect(text(sum.value)).toBe('45035996273.7049549');
  });

  it('counts in millionths what is a whole number of them, and nothing else', () => {
    expect(millionths(decimal('-134.12'))).toBe(134_120_000);
    expect(millionths(decimal('0.0000001'))).toBeNaN();
    expect(millionths(decimal('0'))).toBe(0);
    expect(productInMillionths(decimal('0.000001'), decimal('0'))).toBe(0);
    expect(productInMillionths(decimal('134.1234'), decimal('37'))).toBe(4_962_565_800);
    expect(text(fromMillionths(4_962_565_800))).toBe('4962.5658');
    expect(text(fromMillionths(0))).toBe('0');
    expect(asDouble(4_962_565_800)).toBe(4962.5658);
  });
});

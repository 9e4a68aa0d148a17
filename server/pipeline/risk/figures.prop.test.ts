// Invariant: what is written without decimals, as it is quicker, is to the letter what decimals write.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Big, decimal, rounding, text, toCents } from '../../core/decimal.ts';
import { toAmount } from '../../core/risk-figures/amounts.ts';
import { amount, amountOf, percent, quotientText } from './figures.ts';

/** Short and long ones, halves of every place, both signs, zero, and what no double holds. */
const anyDecimal: fc.Arbitrary<Big> = fc
  .tuple(
    fc.oneof(fc.bigInt({ min: -2_000n, max: 2_000n }), fc.bigInt({ min: -(10n ** 26n), max: 10n ** 26n })),
    fc.integer({ min: 0, max: 24 }),
    fc.constantFrom('', '5', '50', '4999999', '49999999999999999999'),
  )
  .map(([digits, places, tail]) => decimal(`${digits}${tail}e-${places}`));
const often = { numRuns: 2000 };

it('writes the canonical text', () => {
  fc.assert(
    fc.property(anyDecimal, (value) => {
      const plain = value.toFixed();
      const trimmed = plain.includes('.') ? plain.replace(/0+$/, '').replace(/\.$/, '') : plain;
      expect(text(value)).toBe(trimmed === '-0' ? '0' : trimmed);
    }),
    often,
  );
});

it('writes amounts to the cent', () => {
  fc.assert(
    fc.property(anyDecimal, (value) => {
      expect(amount(value)).toBe(toCents(value).toFixed(2));
    }),
    often,
  );
  expect(amount(decimal('-0.004'))).toBe('0.00');
});

it('writes percentages to a tenth', () => {
  const byDecimals = (value: Big) => `${text(value.times('100').round(1, rounding.halfAwayFromZero))} %`;
  fc.assert(
    fc.property(anyDecimal, (value) => {
      expect(percent(value)).toBe(byDecimals(value));
    }),
    often,
  );
});

it('writes statistics as their decimals', () => {
  const halves = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((thousandths) => thousandths / 1000);
  fc.assert(
    fc.property(fc.oneof(halves, fc.double({ min: -1e11, max: 1e11, noNaN: true })), (value) => {
      expect(amountOf(value)).toBe(amount(toAmount(value)));
    }),
    often,
  );
});

it('writes proportions as their quotients', () => {
  const modes = fc.constantFrom(rounding.halfAwayFromZero, rounding.towardZero);
  const some = anyDecimal.filter((value) => !value.eq('0'));
  fc.assert(
    fc.property(anyDecimal, some, fc.integer({ min: 1, max: 7 }), modes, (a, b, places, mode) => {
      expect(quotientText(a, b, places, mode)).toBe(text(a.div(b).round(places, mode)));
    }),
    often,
  );
});

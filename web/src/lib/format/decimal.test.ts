import { expect, it } from 'vitest';
import { add, compare, multiply, percentOf, rounded } from './decimal.ts';

it('reads what a float writes of very small and very large numbers', () => {
  expect(add('5e-7', '0.1')).toBe('0.1000005');
  expect(multiply('-4.99999850000045e-7', '100')).toBe('-0.0000499999850000045');
  expect(rounded('1.5e+21', 2)).toBe('1500000000000000000000.00');
  expect(compare('1e-9', '0')).toBe(1);
});

it.each([
  ['0.05', '100000', '0.00'],
  ['-0.05', '99999.95', '0.00'],
  ['-500', '100000', '-0.50'],
  ['1', '3', '33.33'],
  ['2', '3', '66.67'],
  ['-2', '3', '-66.67'],
  ['0.125', '100', '0.13'],
  ['-0.125', '100', '-0.13'],
  ['100', '0', null],
])('%s of %s is %s percent', (part, whole, percent) => {
  expect(percentOf(part, whole, 2)).toBe(percent);
});

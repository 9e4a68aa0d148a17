import { expect, it } from 'vitest';
import { instruments } from '../market/instruments.ts';
import { cusips } from './cusips.ts';

/** The check digit of a CUSIP's first eight characters: digits and letters valued 0 to 35, every second one doubled, digits summed. */
function checkDigit(body: string): number {
  const sum = [...body].reduce((total, letter, index) => {
    const value = Number.parseInt(letter, 36) * (index % 2 === 1 ? 2 : 1);
    return total + Math.floor(value / 10) + (value % 10);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

it('names every listed instrument, each once, with the check digit that its number must have', () => {
  expect([...cusips.keys()].sort()).toEqual(instruments.map(({ symbol }) => symbol).sort());
  expect(new Set(cusips.values()).size).toBe(cusips.size);
  for (const [symbol, cusip] of cusips) expect(cusip.slice(8), symbol).toBe(String(checkDigit(cusip.slice(0, 8))));
});

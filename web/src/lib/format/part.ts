import { compare } from './decimal.ts';

/**
 * So many percent of a quantity, never more: whole shares of whole ones, else with as many digits as it has and two more. Null: less than
 * the smallest that can be closed.
 */
export function partOf(held: string, percent: number): string | null {
  if (percent === 100) return held;
  const [whole = '0', fraction = ''] = held.split('.');
  const places = fraction === '' ? 0 : Math.min(9, fraction.length + 2);
  const units = BigInt(whole + fraction.padEnd(places, '0')) * BigInt(percent);
  const digits = (units / 100n).toString().padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, '');
  return compare(text, '0') > 0 ? text : null;
}

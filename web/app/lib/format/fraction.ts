import { multiply } from './decimal.ts';

/** "0.2" as the "20" that a field for percent shows. */
export const asPercent = (fraction: string): string => multiply(fraction, '100');

/** "20" or "20 %" as "0.2"; null where it is no number. */
export function fromPercent(text: string): string | null {
  const plain = text.replace('%', '').trim();
  return /^\d+(\.\d+)?$/.test(plain) ? multiply(plain, '0.01') : null;
}

import { rounded, signOf } from './decimal.ts';

const minus = '\u2212';
/** What stands where there is no figure. */
export const none = '\u2013';

function grouped(text: string): string {
  const negative = text.startsWith('-');
  const [whole = '0', fraction] = (negative ? text.slice(1) : text).split('.');
  const body = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction === undefined ? '' : `.${fraction}`);
  return negative ? minus + body : body;
}

/** "−1,234.50": an amount to the cent, without its currency, which stands once per column. */
export const money = (text: string | null | undefined): string => (text == null ? none : grouped(rounded(text, 2)));

/** "+12.00" or "−12.00": a change, which always says its direction. */
export function change(text: string | null | undefined): string {
  if (text == null) return none;
  const shown = rounded(text, 2);
  return signOf(shown) > 0 ? `+${grouped(shown)}` : grouped(shown);
}

/** A price: two digits at least, all it has at most. */
export function price(text: string | null | undefined): string {
  if (text == null) return none;
  const digits = text.split('.')[1]?.length ?? 0;
  return grouped(rounded(text, Math.min(Math.max(digits, 2), 4)));
}

/** A quantity as it is: "57", "0.125", "−20". */
export const quantity = (text: string | null | undefined): string => (text == null ? none : grouped(text));

/** "0.2" as "20 %", exactly. */
export function percent(fraction: string | null | undefined): string {
  if (fraction == null) return none;
  const [whole = '0', rest = ''] = fraction.split('.');
  const moved = `${whole}${rest.padEnd(2, '0').slice(0, 2)}`.replace(/^(-?)0+(?=\d)/, '$1');
  const tail = rest.slice(2).replace(/0+$/, '');
  return `${grouped(tail ? `${moved}.${tail}` : moved)} %`;
}

export function bytes(count: number): string {
  return count < 1024 ? `${count} bytes` : `${(count / 1024).toFixed(1)} KiB`;
}

/** How long a step took: "0.4 ms", "12 ms", "3.2 s", "4 min 10 s". */
export function duration(ms: number | null): string {
  if (ms === null) return none;
  if (ms < 0.1) return '<0.1 ms';
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
  return `${Math.floor(ms / 3_600_000)} h ${Math.round((ms % 3_600_000) / 60_000)} min`;
}

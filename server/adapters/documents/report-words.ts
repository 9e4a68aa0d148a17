import { decimal, rounding, text } from '../../core/decimal.ts';
import { dateIn, marketZone } from '../../core/zoned-day.ts';

const minus = '\u2212';
const grouped = (plain: string): string => {
  const [whole = '0', fraction] = plain.replace('-', '').split('.');
  const body = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction === undefined ? '' : `.${fraction}`);
  return plain.startsWith('-') ? minus + body : body;
};

/** "1,234.50": to the cent, half away from zero. */
export const amount = (value: string): string => grouped(cents(value));

const cents = (value: string): string => decimal(value).round(2, rounding.halfAwayFromZero).toFixed(2);

/** "12.34 %" of a fraction, with at most two decimals. */
export const percent = (fraction: string): string =>
  `${grouped(text(decimal(fraction).times('100').round(2, rounding.halfAwayFromZero)))} %`;

/** With its sign, as it is or to the cent. */
export function signed(value: string, places?: 2): string {
  const shown = grouped(places === undefined ? value : cents(value));
  return decimal(value).gt('0') ? `+${shown}` : shown;
}

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: marketZone,
  ...({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const),
});

/** "2026-11-20 16:00:00 New York". */
export function moment(iso: string): string {
  const at = new Date(iso);
  return `${dateIn(at, marketZone)} ${clock.format(at)} New York`;
}

import { page } from '$app/state';
import type { LimitBesideJson, RiskGaugeJson } from '../api/contract.ts';
import { multiply, rounded } from '../format/decimal.ts';
import { money, none, percent, quantity } from '../format/number.ts';

/** "14.71 %" of a fraction, to two decimals. */
export const share = (fraction: string | null | undefined): string =>
  fraction == null ? none : `${quantity(rounded(multiply(fraction, '100'), 2))} %`;

const stateWords: Readonly<Record<LimitBesideJson['state'], string>> = {
  within: 'within',
  near: 'near the limit',
  over: 'over the limit',
  unknown: 'not known',
};
export const stateTone: Readonly<Record<LimitBesideJson['state'], string>> = {
  within: 'text-soft',
  near: 'text-warning',
  over: 'text-danger font-medium',
  unknown: 'text-danger font-medium',
};

/** A figure or its limit in its unit; the currency stands in the heading. */
export function figureWords(unit: RiskGaugeJson['unit'], value: string | null | undefined): string {
  if (value == null) return none;
  if (unit === 'USD') return money(value);
  if (unit === 'times') return `${quantity(rounded(value, 2))} ×`;
  return unit === 'share' ? share(value) : quantity(value);
}

/** What was gained, where a figure of loss is below zero; else null. */
export const gainOf = ({ key, value }: RiskGaugeJson): string | null =>
  key.endsWith('-loss') && value?.startsWith('-') && Number(value) !== 0 ? value.slice(1) : null;

/** "One position, 20 % of equity, for the sector Energy". */
export function limitWords(limit: LimitBesideJson): string {
  const part = limit.ofEquity === null ? '' : `, ${percent(limit.ofEquity)} of equity`;
  return `${limit.name}${part}${limit.scope === 'everything' ? '' : `, for ${limit.scope}`}`;
}

/** "73.53 % used, within": how a figure stands to its limit. */
export const useWords = ({ use, state }: LimitBesideJson): string =>
  // Of losses: a profit uses nothing of a limit.
  use === null || use.startsWith('-') ? stateWords[state] : `${share(use)} used, ${stateWords[state]}`;

/** Where a bar ends, in percent of its room. Floats only draw. */
export const widthOf = (value: string | null | undefined, scale: number): number =>
  value == null || scale <= 0 ? 0 : Math.min(Math.max((Number(value) / scale) * 100, 0), 100);

export const methodWords = { historical: 'Historical', parametric: 'Parametric', simulated: 'Monte Carlo' } as const;

/** Where a rule stands with its limits: on the page itself, or there from elsewhere. */
export const ruleHref = (rule: string): string => `${page.url.pathname === '/risk' ? '' : '/risk'}#${rule}`;

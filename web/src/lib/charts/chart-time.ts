import type { Timeframe } from './chart-settings.svelte.ts';

const seconds: Readonly<Record<Exclude<Timeframe, '1d'>, number>> = { '1m': 60, '5m': 300, '15m': 900, '1h': 3600 };
/** The zone whose midnight ends a bar of a day. */
const marketZone = 'America/New_York';
const dayFormat = new Intl.DateTimeFormat('en-CA', {
  timeZone: marketZone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/**
 * Where a bar that begins at a moment stands on the axis, in seconds. A day stands at its date's midnight in Greenwich, so that it has the
 * same date in every zone it is read in.
 */
export function axisTime(iso: string, timeframe: Timeframe): number {
  if (timeframe === '1d') return Date.parse(`${dayFormat.format(new Date(iso))}T00:00:00Z`) / 1000;
  return Math.floor(Date.parse(iso) / 1000);
}

/** Where the bar stands that a moment belongs to. */
export function barTimeOf(iso: string, timeframe: Timeframe): number {
  const at = axisTime(iso, timeframe);
  return timeframe === '1d' ? at : at - (at % seconds[timeframe]);
}

/** Moments in ISO 8601. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Dashboards' steps of time: a step is taken for widths under its bound, in milliseconds. The largest first. */
const steps: readonly (readonly [bound: number, step: string])[] = [
  [Number.POSITIVE_INFINITY, '1y'],
  [365 * day, '1M'],
  [21 * day, '1w'],
  [7 * day, '1d'],
  [day, '12h'],
  [6 * hour, '3h'],
  [2 * hour, '1h'],
  [45 * minute, '30m'],
  [20 * minute, '10m'],
  [9 * minute, '5m'],
  [3 * minute, '1m'],
  [45 * second, '30s'],
  [15 * second, '10s'],
  [7.5 * second, '5s'],
  [5 * second, '1s'],
];

/** How many bars Dashboards aims at: its setting histogram:barTarget. */
const barTarget = 50;

/**
 * The step that Dashboards takes for the interval “auto”, as its calc_auto_interval.ts does: the one whose bounds hold a fiftieth of the
 * range. A single unit above seconds is a calendar's, anything else is of fixed length.
 */
export function intervalFor({ from, to }: TimeRange): { calendar_interval: string } | { fixed_interval: string } {
  const width = (Date.parse(to) - Date.parse(from)) / barTarget;
  const step = steps.findLast(([bound]) => bound > width)![1];
  return /^1[mhdwMy]$/.test(step) ? { calendar_interval: step } : { fixed_interval: step };
}

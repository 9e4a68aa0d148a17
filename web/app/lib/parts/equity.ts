import type { EquityPoint } from '../api/contract.ts';

/** A point as the chart draws it: seconds since 1970 and a float, which are good enough for a picture. */
export type PlottedPoint = { time: number; value: number; point: EquityPoint };

/** Oldest first, one a second: the last reading of a second stands for it. */
export function plotted(points: readonly EquityPoint[]): PlottedPoint[] {
  const bySecond = new Map<number, PlottedPoint>();
  for (const point of [...points].sort((a, b) => (a.at < b.at ? -1 : 1))) {
    const time = Math.floor(Date.parse(point.at) / 1000);
    bySecond.set(time, { time, value: Number(point.equity), point });
  }
  return [...bySecond.values()];
}

/** How far below its highest point so far, in percent; zero or negative. */
export function drawdowns(points: readonly PlottedPoint[]): { time: number; value: number }[] {
  let highest = Number.NEGATIVE_INFINITY;
  return points.map(({ time, value }) => {
    highest = Math.max(highest, value);
    return { time, value: highest > 0 ? Math.min(0, (value / highest - 1) * 100) : 0 };
  });
}

import type { Price, Quantity } from '../../core/decimal.ts';
import { averageTrueRange } from '../../core/indicators/average-true-range.ts';
import { averageVolume } from '../../core/indicators/average-volume.ts';
import type { Bar } from '../../core/indicators/bar.ts';

/** Figures of bars that are kept ready: the same bars are asked for by every decision until the next one is finished. */
const kept = new WeakMap<readonly Bar[], Map<string, unknown>>();

function once<Figure>(bars: readonly Bar[], name: string, work: () => Figure): Figure {
  let figures = kept.get(bars);
  if (figures === undefined) {
    figures = new Map();
    kept.set(bars, figures);
  }
  if (!figures.has(name)) figures.set(name, work());
  return figures.get(name) as Figure;
}

/** Wilder's average true range; null: there are too few bars. */
export const atrOf = (bars: readonly Bar[], period: number): Price | null =>
  once(bars, `atr ${period}`, () => averageTrueRange(bars, period));

/** The mean volume of the last bars; null: there are too few. */
export const volumeOf = (bars: readonly Bar[], period: number): Quantity | null =>
  once(bars, `volume ${period}`, () => averageVolume(bars, period));

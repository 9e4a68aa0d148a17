import type { Big } from '../../core/decimal.ts';
import type { EntryContext } from './rule.ts';

/** How far an entry's stop is from it, in money a share; a stop that trails counts where it begins. */
export interface StopDistance {
  readonly entry: Big;
  readonly distance: Big;
  readonly trails: boolean;
}

/** 'none': the entry has no stop; null: there is no price to measure from. */
export function stopOf({ sized, signal }: EntryContext): StopDistance | 'none' | null {
  const entry = sized.referencePrice;
  const { stopLoss } = sized;
  if (stopLoss === null && signal.trailAmount === null && signal.trailPercent === null) return 'none';
  if (entry === null || entry.lte('0')) return null;
  if (stopLoss) return { entry, distance: stopLoss.minus(entry).abs(), trails: false };
  const distance = signal.trailAmount ?? entry.times(signal.trailPercent!).div('100');
  return { entry, distance, trails: true };
}

import type postgres from 'postgres';
import { compareRecords, type Figure } from './compare-records.ts';
import { type OwnRecord, readOwnRecord } from './own-record.ts';
import type { Acknowledged } from './senders.ts';
import { readVenueRecord, type VenueAccess, type VenueRecord } from './venue-record.ts';

const lookEveryMs = 500;
/** One that is never done, and never right, is not waited for longer than this many times the quiet that is asked for. */
const longestQuiets = 5;

/**
 * Compares again and again until nothing differs, or for so long that it will not go any more. The market goes on meanwhile, so one
 * moment's difference is none; two records that agree in everything at once cannot be chance.
 */
export async function quietDown(parts: {
  readonly sql: () => postgres.Sql;
  readonly venue: VenueAccess;
  readonly acknowledged: ReadonlyMap<string, Acknowledged>;
  /** How long nothing may happen while something differs, before it counts. */
  readonly quietMs: number;
  /** Figures of which it is enough that they stay other than zero for as long, whatever else goes on. */
  readonly sought: readonly string[];
  /** Sees to it that the server runs. */
  readonly alive: () => Promise<void>;
}): Promise<{ figures: Figure[]; own: OwnRecord; venue: VenueRecord }> {
  const startedMs = performance.now();
  let quietSinceMs = startedMs;
  let soughtSinceMs = startedMs;
  let before = '';
  for (;;) {
    await parts.alive();
    const venue = await readVenueRecord(parts.venue);
    const own = await readOwnRecord(parts.sql());
    const figures = compareRecords(parts.acknowledged, own, venue);
    // A server with much left to do goes on for as long as it takes; one that does nothing any more will not.
    const now = `${own.events.length} ${venue.fills.length} ${venue.orders.length} ${figures.map((figure) => figure.value)}`;
    if (now !== before) quietSinceMs = performance.now();
    before = now;
    const differs = figures.some((figure) => figure.value !== 0);
    const nowMs = performance.now();
    const isThere = (name: string) => figures.some((figure) => figure.name === name && figure.value !== 0);
    if (parts.sought.length === 0 || !parts.sought.every(isThere)) soughtSinceMs = nowMs;
    const over =
      nowMs - quietSinceMs > parts.quietMs ||
      nowMs - soughtSinceMs > parts.quietMs ||
      nowMs - startedMs > longestQuiets * parts.quietMs;
    if (!differs || over) return { figures, own, venue };
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

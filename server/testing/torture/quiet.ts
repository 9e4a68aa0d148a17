import type postgres from 'postgres';
import { compareRecords, type Figure } from './compare-records.ts';
import { type OwnRecord, readOwnRecord } from './own-record.ts';
import type { Acknowledged } from './senders.ts';
import { readVenueRecord, type VenueAccess, type VenueRecord } from './venue-record.ts';

const lookEveryMs = 500;

/**
 * Compares again and again until nothing differs, or for so long that it will not go any more. The market goes on meanwhile, so one
 * moment's difference is none; two records that agree in everything at once cannot be chance.
 */
export async function quietDown(parts: {
  readonly sql: () => postgres.Sql;
  readonly venue: VenueAccess;
  readonly acknowledged: ReadonlyMap<string, Acknowledged>;
  /** How long differences may take to go. */
  readonly quietMs: number;
  /** Sees to it that the server runs. */
  readonly alive: () => Promise<void>;
}): Promise<{ figures: Figure[]; own: OwnRecord; venue: VenueRecord }> {
  const startedMs = performance.now();
  for (;;) {
    await parts.alive();
    const venue = await readVenueRecord(parts.venue);
    const own = await readOwnRecord(parts.sql());
    const figures = compareRecords(parts.acknowledged, own, venue);
    const differs = figures.some((figure) => figure.value !== 0);
    if (!differs || performance.now() - startedMs > parts.quietMs) return { figures, own, venue };
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

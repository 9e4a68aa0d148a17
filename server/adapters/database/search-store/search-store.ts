import type postgres from 'postgres';
import type { StoredEvent } from '../../../core/model/event.ts';
import type { RefusedDocument, SearchAlias, SearchDocument } from '../../../core/ports/search-index.ts';
import type { SearchSource } from '../../../core/ports/search-source.ts';
import { documentsOfEvent, type Instrument, type Known } from './documents/told.ts';
import { wantedBy } from './wanted.ts';

export interface SearchStoreOptions {
  readonly sql: postgres.Sql;
  /** Under which the dashboard is reached; documents link to their receipts there. */
  readonly baseUrl: string;
}

/** The cursor's name of a generation's reader. */
export const readerOf = (generation: number): string => `search:${generation}`;

const countedAtMost = 100_000;
/** First half of the advisory lock's key; the second is the generation. */
const turnKey = 0x5345_4152;

/** What the search copy is made of, from PostgreSQL; documents are built there, and never parsed here. */
export function createSearchStore({ sql, baseUrl }: SearchStoreOptions): SearchSource {
  let accounts = new Map<string, { name: string; mode: string }>();
  let instruments: Map<string, Instrument> | null = null;

  /** Accounts are few and seldom new: read when one is met that is not known, or has changed. */
  async function known(events: readonly StoredEvent[]): Promise<Known> {
    const changed = events.some(
      ({ kind, accountId }) => kind === 'account.changed' || (accountId && !accounts.has(accountId)),
    );
    if (changed) {
      const rows = await sql<{ id: string; name: string; mode: string }[]>`select id, name, mode from accounts`;
      accounts = new Map(rows.map(({ id, name, mode }) => [id, { name, mode }]));
    }
    if (events.some(({ kind }) => kind === 'instruments.imported' || kind === 'instruments.restored'))
      instruments = null;
    if (instruments === null) {
      const rows = await sql<
        (Instrument & { symbol: string })[]
      >`select symbol, name, sector, industry from instruments`;
      instruments = new Map(rows.map(({ symbol, ...rest }) => [symbol, rest]));
    }
    return { accounts, instruments, baseUrl };
  }

  return {
    async documents(events) {
      const read = [...wantedBy(events)].map(async ([query, wanted]) => {
        const rows = await query.read(sql, wanted, baseUrl);
        return rows.map((row): SearchDocument => ({ alias: query.alias, ...row }));
      });
      const told = await known(events);
      const ofEvents = events.flatMap((event) => documentsOfEvent(event, told));
      return [...(await Promise.all(read)).flat(), ...ofEvents];
    },

    async liveGeneration() {
      const [row] = await sql<{ live: number }[]>`select live from search_state`;
      return row!.live;
    },

    async setLiveGeneration(generation) {
      await sql`update search_state set live = ${generation}`;
    },

    async newGeneration() {
      const [row] = await sql<{ newest: number }[]>`update search_state set newest = newest + 1 returning newest`;
      return row!.newest;
    },

    async lag(generation) {
      const [row] = await sql<{ events: number; seconds: number }[]>`
        select count(*)::int as events,
          coalesce(greatest(0, extract(epoch from clock_timestamp() - min(at))), 0)::float8 as seconds
        from (
          select at from events
          where (xid, seq) > (
            select coalesce(max(xid::text), '0')::xid8, coalesce(max(seq), 0)
            from event_cursors where reader = ${readerOf(generation)})
          order by xid, seq limit ${countedAtMost}
        ) as behind`;
      return { events: row!.events, seconds: row!.seconds };
    },

    async keepRefused(generation, refused) {
      const rows = refused.map(({ document: { alias, id, version, part, json }, reason }) => ({
        generation,
        alias,
        id,
        version,
        part,
        document: json,
        reason,
      }));
      if (rows.length === 0) return;
      await sql`
        insert into search_refused ${sql(rows)}
        on conflict (generation, alias, id) do update set version = excluded.version, part = excluded.part,
          document = excluded.document, reason = excluded.reason, at = now()`;
    },

    async refused(generation, limit) {
      const rows = await sql<
        { alias: SearchAlias; id: string; version: string; part: string; json: string; reason: string }[]
      >`
        select alias, id, version, part, document as json, reason from search_refused
        where generation = ${generation} order by at, alias, id limit ${limit}`;
      return rows.map(({ reason, ...document }): RefusedDocument => ({ document, reason }));
    },

    async countRefused(generation) {
      const [row] = await sql<{ count: number }[]>`
        select count(*)::int as count from search_refused where generation = ${generation}`;
      return row!.count;
    },

    async forgetRefused(generation, documents) {
      if (documents.length === 0) return;
      await sql`
        delete from search_refused r
        using unnest(${documents.map((one) => one.alias)}::text[], ${documents.map((one) => one.id)}::text[],
          ${documents.map((one) => one.version)}::text[]) as gone (alias, id, version)
        where r.generation = ${generation} and r.alias = gone.alias and r.id = gone.id and r.version = gone.version`;
    },

    async forgetOthers(generation) {
      await sql`delete from search_refused where generation <> ${generation}`;
      await sql`delete from event_cursors where reader like 'search:%' and reader <> ${readerOf(generation)}`;
    },

    async takeTurn(generation) {
      const held = await sql.reserve();
      const [row] = await held<{ taken: boolean }[]>`
        select pg_try_advisory_lock(${turnKey}::int, ${generation}::int) as taken`.catch((error: unknown) => {
        held.release();
        throw error;
      });
      if (!row!.taken) {
        held.release();
        return null;
      }
      return async () => {
        // A connection that broke has given the lock back already. The word that it is ended comes before its end: whoever was given it in
        // between would fail, so it is asked once more, which is answered by the end itself.
        await held`select pg_advisory_unlock(${turnKey}::int, ${generation}::int)`
          .catch(() => held`select 1`)
          .catch(() => {});
        held.release();
      };
    },
  };
}

import type postgres from 'postgres';
import { auditedKinds, isAudited } from '../../../core/audit/audited-kinds.ts';
import { type ChainRow, chainOn, emptyChain, entryOf } from '../../../core/audit/chain.ts';
import type { StoredEvent } from '../../../core/model/event.ts';
import type { AuditLog } from '../../../core/ports/audit-log.ts';
import type { EventCursor } from '../../../core/ports/event-reader.ts';
import type { Statements } from '../event-reader/append-events.ts';
import { readEvents } from '../event-reader/cursor.ts';

type Row = Omit<ChainRow, 'number'> & { number: string };
const toRow = ({ number, ...row }: Row): ChainRow => ({ number: Number(number), ...row });
const columns = (sql: Statements) => sql`number::text as number, previous_hash as "previousHash", hash, entry`;

/** The name of the chain's cursor in the event table. */
const reader = 'audit';
/** Any number that no other lock of this database has: whoever chains holds it until its transaction ends. */
const lock = 7_203_184_650;

const lastOf = async (sql: Statements) => {
  const [last] = await sql<{ number: string; hash: string; at: string }[]>`
    select number::text as number, hash, at from audit_entries order by audit_entries.number desc limit 1`;
  return last ? { number: Number(last.number), hash: last.hash, at: last.at } : { ...emptyChain, at: null };
};

/** The audit in PostgreSQL: what is hashed is the column `entry`; the columns to search by are made from it by the database. */
export function createAuditLog({ sql }: { readonly sql: postgres.Sql }): AuditLog {
  return {
    async chain(limit) {
      return await sql.begin(async (tx) => {
        await tx`select pg_advisory_xact_lock(${lock})`;
        const [stored] = await tx<EventCursor[]>`
          select xid::text as xid, seq::text as seq from event_cursors where reader = ${reader}`;
        const position = { ...(stored ?? { xid: '0', seq: '0' }), after: null };
        const { events, cursor } = await readEvents(tx, position, limit);
        if (events.length === 0) return { appended: 0, more: false };
        const rows = chainOn(
          await lastOf(tx),
          events.filter(({ kind }) => isAudited(kind)),
        );
        if (rows.length > 0) {
          const texts = rows.map(({ number, previousHash, hash, entry }) => ({
            ...{ number, previous_hash: previousHash, hash, entry },
          }));
          await tx`
            insert into audit_entries (number, previous_hash, hash, entry)
            select number, previous_hash, hash, entry
            from jsonb_to_recordset(${tx.json(texts)}::jsonb)
              as told (number bigint, previous_hash text, hash text, entry text)
            order by number`;
        }
        await tx`
          insert into event_cursors (reader, xid, seq, updated_at)
          values (${reader}, ${cursor.xid}::xid8, ${cursor.seq}::bigint, now())
          on conflict (reader) do update set xid = excluded.xid, seq = excluded.seq, updated_at = excluded.updated_at`;
        return { appended: rows.length, more: events.length === limit };
      });
    },

    head: () => lastOf(sql),

    async list({ who, kind, text, from, until, before, limit }) {
      const rows = await sql<Row[]>`
        select ${columns(sql)} from audit_entries
        where true
          ${who ? sql`and who ilike ${`%${escaped(who)}%`}` : sql``}
          ${kind ? sql`and kind ilike ${`%${escaped(kind)}%`}` : sql``}
          ${text ? sql`and entry ilike ${`%${escaped(text)}%`}` : sql``}
          ${from ? sql`and at >= ${from}` : sql``}
          ${until ? sql`and at < ${until}` : sql``}
          ${before ? sql`and number < ${before}` : sql``}
        order by audit_entries.number desc limit ${limit}`;
      return rows.map(toRow);
    },

    async read(after, limit) {
      const rows = await sql<Row[]>`
        select ${columns(sql)} from audit_entries where number > ${after} order by audit_entries.number limit ${limit}`;
      return rows.map(toRow);
    },

    async hashAt(number) {
      const [row] = await sql<{ hash: string }[]>`select hash from audit_entries where number = ${number}`;
      return row?.hash ?? null;
    },

    async compareEvents(rows) {
      // Who did it was read from the event by what was known of events then: the hash holds that, and a later version may read it otherwise.
      const read = ({ entry }: ChainRow) => JSON.parse(entry) as { event: string; who: string | null };
      const idOf = (row: ChainRow) => read(row).event;
      const events = await sql<StoredEvent[]>`
        select seq::text as seq, id, at, kind, signal_id as "signalId", order_id as "orderId", account_id as "accountId", data
        from events where id = any(${rows.map(idOf)}::uuid[])`;
      const byId = new Map(events.map((event) => [event.id, event]));
      for (const row of rows) {
        const event = byId.get(idOf(row));
        if (event && entryOf(event, row.number, read(row).who) === row.entry) continue;
        const sentence = event
          ? `Entry ${row.number} says something else than the event that it was made from: the event table was changed.`
          : `The event that entry ${row.number} was made from is gone from the event table.`;
        return { number: row.number, code: 'EVENT', sentence };
      }
      return null;
    },

    async findMissing() {
      const [missing] = await sql<{ id: string; kind: string; number: string }[]>`
        select events.id, events.kind, (select coalesce(max(number), 0) + 1 from audit_entries)::text as number
        from events join event_cursors on event_cursors.reader = ${reader}
        where (events.xid, events.seq) <= (event_cursors.xid, event_cursors.seq)
          and events.kind = any(${[...auditedKinds]})
          and not exists (select 1 from audit_entries where audit_entries.event_id = events.id)
        order by events.xid, events.seq limit 1`;
      if (!missing) return null;
      const sentence = `The event ${missing.id} (${missing.kind}) has no entry: entries were taken away, or an event was put in.`;
      return { number: Number(missing.number), code: 'MISSING', sentence };
    },
  };
}

/** So that what is searched for is taken for what it is. */
const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

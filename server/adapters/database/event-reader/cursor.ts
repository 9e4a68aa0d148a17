import type { EventKind, StoredEvent } from '../../../core/model/event.ts';
import type { EventCursor } from '../../../core/ports/event-reader.ts';
import type { Statements } from './append-events.ts';

/** A cursor, and what was committed before a reader without a name began: not news to it. */
export interface Position extends EventCursor {
  readonly after: string | null;
}

interface EventRow {
  seq: string;
  xid: string;
  id: string;
  at: Date;
  kind: EventKind;
  signalId: string | null;
  orderId: string | null;
  accountId: string | null;
  data: Record<string, unknown>;
  ready: boolean;
}

/** Where a reader goes on: its stored cursor, the first event when it is new, or, without a name, what commits from now on. */
export async function startOf(sql: Statements, reader: string | null): Promise<Position> {
  if (reader === null) {
    // A transaction that still runs may have a smaller number than one that has ended: the snapshot tells them apart.
    const [now] = await sql<{ xid: string; after: string }[]>`
      select pg_snapshot_xmin(snapshot)::text as xid, snapshot::text as after from pg_current_snapshot() as snapshot`;
    return { xid: now!.xid, seq: '0', after: now!.after };
  }
  const [stored] = await sql<EventCursor[]>`
    select xid::text as xid, seq::text as seq from event_cursors where reader = ${reader}`;
  return stored ? { xid: stored.xid, seq: stored.seq, after: null } : { xid: '0', seq: '0', after: null };
}

/**
 * The next events behind a cursor. Every transaction below the oldest running one has ended, so nothing can still appear among
 * what is ready; `heldBack` says that committed rows wait for an older transaction to end.
 */
export async function readEvents(
  sql: Statements,
  position: Position,
  limit: number,
): Promise<{ events: StoredEvent[]; cursor: EventCursor; heldBack: boolean }> {
  const rows = await sql<EventRow[]>`
    select seq::text as seq, xid::text as xid, id, at, kind, signal_id as "signalId", order_id as "orderId",
      account_id as "accountId", data, xid < pg_snapshot_xmin(pg_current_snapshot()) as ready
    from events
    where (xid, seq) > (${position.xid}::xid8, ${position.seq}::bigint)
      ${position.after === null ? sql`` : sql`and not pg_visible_in_snapshot(xid, ${position.after}::pg_snapshot)`}
    order by events.xid, events.seq limit ${limit}`;
  const ready = rows.filter((row) => row.ready);
  const last = ready.at(-1);
  return {
    events: ready.map(({ xid: _xid, ready: _ready, ...event }) => event),
    cursor: last ? { xid: last.xid, seq: last.seq } : { xid: position.xid, seq: position.seq },
    heldBack: ready.length < rows.length,
  };
}

/** The first events behind one place, up to and with another below which nothing can appear any more. */
export async function readBetween(
  sql: Statements,
  after: EventCursor,
  until: EventCursor,
  limit: number,
): Promise<StoredEvent[]> {
  return sql<StoredEvent[]>`
    select seq::text as seq, id, at, kind, signal_id as "signalId", order_id as "orderId", account_id as "accountId", data
    from events
    where (xid, seq) > (${after.xid}::xid8, ${after.seq}::bigint)
      and (xid, seq) <= (${until.xid}::xid8, ${until.seq}::bigint)
    order by events.xid, events.seq limit ${limit}`;
}

/** Stores how far a reader has come. Not waiting for the disk: a cursor lost in a crash only makes a batch come again. */
export async function saveCursor(sql: Statements, reader: string, cursor: EventCursor): Promise<void> {
  await sql`
    with quick as materialized (select set_config('synchronous_commit', 'off', true))
    insert into event_cursors (reader, xid, seq, updated_at)
    select ${reader}, ${cursor.xid}::xid8, ${cursor.seq}::bigint, now() from quick
    on conflict (reader) do update set xid = excluded.xid, seq = excluded.seq, updated_at = excluded.updated_at`;
}

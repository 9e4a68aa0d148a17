import type postgres from 'postgres';
import type { Clock } from '../../../core/ports/clock.ts';
import {
  keptDays,
  keptOfSource,
  type NamedRecording,
  type RecordingStore,
  type SandboxState,
} from '../../../core/ports/recordings.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { pageOf, readCursor } from '../read-store/paging.ts';

/** A sender is answered within its three seconds, whatever the database does. */
const recordWithinMs = 2000;

export interface RecordingStoreOptions {
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  /** Called after a source was switched, before that is answered: from then on this process must know it. */
  readonly switched: () => Promise<void>;
  /** Called after each commit that stored events. */
  readonly committed?: () => void;
}

/** Recordings and sandboxes in PostgreSQL. */
export function createRecordingStore({ sql, clock, switched, committed }: RecordingStoreOptions): RecordingStore {
  const oldest = (): Date => new Date(clock.now().getTime() - keptDays * 86_400_000);

  const select = (condition: postgres.PendingQuery<postgres.Row[]>, limit: number) => sql<NamedRecording[]>`
    select r.id, r.webhook_id as "webhookId", t.source, t.name as "sourceName", r.received_at as "receivedAt", r.address, r.headers,
      r.dialect, r.size_bytes as "sizeBytes", r.body
    from recordings r join webhook_tokens t on t.id = r.webhook_id
    where r.received_at > ${oldest()} ${condition}
    order by r.received_at desc, r.id desc limit ${limit}`;

  const states = (tx: Statements, only: string | null) => tx<SandboxState[]>`
    select t.id, t.source, t.name, t.sandbox_since is not null as "on", t.sandbox_since as since, t.sandbox_by as by,
      (select count(*)::int from recordings r where r.webhook_id = t.id and r.received_at > ${oldest()}) as kept
    from webhook_tokens t
    where t.revoked_at is null and t.source <> 'dashboard' ${only === null ? sql`` : sql`and t.id = ${only}`}
    order by t.created_at, t.id`;

  return {
    async record(one) {
      const storing = sql`
        with kept as (
          insert into recordings (id, webhook_id, received_at, address, headers, dialect, size_bytes, body)
          values (${one.id}, ${one.webhookId}, ${one.receivedAt}, ${one.address}, ${sql.json(one.headers)}, ${one.dialect},
            ${one.sizeBytes}, ${Buffer.from(one.body)}))
        delete from recordings where id in (
          select id from recordings where webhook_id = ${one.webhookId}
          order by received_at desc, id desc offset ${keptOfSource - 1})`;
      const late = Promise.withResolvers<never>();
      const timer = clock.after(recordWithinMs, () => late.reject(new Error('the database did not answer in time')));
      storing.catch(() => {});
      try {
        await Promise.race([storing, late.promise]);
      } finally {
        timer.cancel();
      }
    },
    async list({ limit, cursor, webhookId }) {
      const after = readCursor(cursor);
      const rows = await select(
        sql`${webhookId ? sql`and r.webhook_id = ${webhookId}` : sql``}
          ${after ? sql`and (r.received_at, r.id) < (${after.at}, ${after.id})` : sql``}`,
        limit + 1,
      );
      return pageOf(
        rows,
        limit,
        ({ receivedAt, id }) => ({ at: receivedAt, id }),
        (row) => row,
      );
    },
    async find(id) {
      const [found] = await select(sql`and r.id = ${id}`, 1);
      return found ?? null;
    },
    async remove(id) {
      return (await sql`delete from recordings where id = ${id}`).count > 0;
    },
    sandboxes: () => states(sql, null),
    async switch(webhookId, on, by) {
      const done = await sql.begin(async (tx) => {
        await tx`select 1 from webhook_tokens where id = ${webhookId} for update`;
        const [before] = await states(tx, webhookId);
        if (before === undefined || before.on === on) return before ?? null;
        await tx`
          update webhook_tokens set sandbox_since = ${on ? clock.now() : null}, sandbox_by = ${on ? by : null}
          where id = ${webhookId}`;
        const { source, name } = before;
        await appendEvents(tx, [{ kind: 'source.sandbox_switched', data: { webhookId, source, name, on, by } }]);
        const [after] = await states(tx, webhookId);
        return after!;
      });
      if (done === null) return null;
      committed?.();
      await switched();
      return done;
    },
    async forget() {
      await sql`delete from recordings where received_at <= ${oldest()}`;
    },
  };
}

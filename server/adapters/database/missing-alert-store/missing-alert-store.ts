import type postgres from 'postgres';
import type { Quarantine } from '../../../core/model/sequence.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Quarantines, SignOfLife, SignsOfLife } from '../../../core/ports/missing-alerts.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';

export interface MissingAlertStoreOptions {
  /** A plain postgres.js client, never one that drizzle was given. */
  readonly sql: postgres.Sql;
  readonly clock: Pick<Clock, 'now'>;
  /** Called after each commit that stored events. */
  readonly committed?: () => void;
}

type Row = Omit<Quarantine, 'cleared'> & { clearedAt: Date | null; clearedBy: string | null; reason: string | null };

const toQuarantine = ({ clearedAt, clearedBy, reason, ...row }: Row): Quarantine => ({
  ...row,
  cleared: clearedAt === null ? null : { at: clearedAt, by: clearedBy!, reason: reason! },
});

const columns = (sql: Statements) => sql`
  id, account_id as "accountId", strategy, symbol, signal_id as "signalId", expected, found, sentence, opened_at as "openedAt",
  cleared_at as "clearedAt", cleared_by as "clearedBy", reason`;

/** Quarantines in PostgreSQL. */
export function createQuarantines({ sql, clock, committed }: MissingAlertStoreOptions): Quarantines {
  return {
    async open() {
      const rows = await sql<Row[]>`
        select ${columns(sql)} from quarantines where cleared_at is null order by opened_at desc, id desc`;
      return rows.map(toQuarantine);
    },
    async newest(limit) {
      const rows = await sql<Row[]>`
        select ${columns(sql)} from quarantines order by cleared_at is not null, opened_at desc, id desc limit ${limit}`;
      return rows.map(toQuarantine);
    },
    async clear(id, by, reason) {
      const now = clock.now();
      const done = await sql.begin(async (tx) => {
        const [row] = await tx<Row[]>`
          update quarantines set cleared_at = ${now}, cleared_by = ${by}, reason = ${reason}
          where id = ${id} and cleared_at is null returning ${columns(tx)}`;
        if (!row) {
          const [there] = await tx<Row[]>`select ${columns(tx)} from quarantines where id = ${id}`;
          return there ? { quarantine: toQuarantine(there), cleared: false } : null;
        }
        const { accountId, strategy, symbol } = row;
        await appendEvents(tx, [
          {
            kind: 'strategy.quarantine_cleared',
            accountId,
            data: { quarantineId: id, key: strategy, symbol, by, reason },
          },
        ]);
        return { quarantine: toQuarantine(row), cleared: true };
      });
      if (done?.cleared) committed?.();
      return done;
    },
  };
}

/** Signs of life in PostgreSQL. */
export function createSignsOfLife({ sql }: Pick<MissingAlertStoreOptions, 'sql'>): SignsOfLife {
  return {
    async beat(strategy, source, at) {
      await sql`
        insert into heartbeats as known (strategy, source, received_at) values (${strategy}, ${source}, ${at})
        on conflict (strategy) do update set count = known.count + 1,
          source = case when excluded.received_at >= known.received_at then excluded.source else known.source end,
          received_at = greatest(known.received_at, excluded.received_at)`;
    },
    async last(strategies) {
      if (strategies.length === 0) return new Map();
      const rows = await sql<{ strategy: string; beat: Date | null; alert: Date | null }[]>`
        select asked.strategy, h.received_at as beat, s.received_at as alert
        from unnest(${[...strategies]}::text[]) as asked(strategy)
        left join heartbeats h on h.strategy = asked.strategy
        left join lateral (
          select received_at from trading_signals
          where strategy = asked.strategy and status <> 'refused' and replay_of is null order by received_at desc limit 1
        ) s on true`;
      return new Map(rows.flatMap((row) => signOf(row) ?? []));
    },
  };
}

function signOf(row: { strategy: string; beat: Date | null; alert: Date | null }): [string, SignOfLife][] | null {
  const { strategy, beat, alert } = row;
  if (beat !== null && (alert === null || beat >= alert)) return [[strategy, { strategy, at: beat, by: 'heartbeat' }]];
  return alert === null ? null : [[strategy, { strategy, at: alert, by: 'alert' }]];
}

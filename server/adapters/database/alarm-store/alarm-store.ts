import type postgres from 'postgres';
import { type Alarm, type NewAlarm, overWhenSeen } from '../../../core/model/alarm.ts';
import type { NewEvent } from '../../../core/model/event.ts';
import type { AlarmDelivery, Alarms } from '../../../core/ports/alarms.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Random } from '../../../core/ports/random.ts';
import { appendEvents } from '../event-reader/append-events.ts';

export interface AlarmStoreOptions {
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly random: Pick<Random, 'id'>;
  /** Called after each commit that stored events; meant for the event reader's `kick`. */
  readonly committed?: () => void;
}

/** Alarms in PostgreSQL: a unique index holds each key to one that is open, whoever raises it. */
export function createAlarmStore(options: AlarmStoreOptions): Alarms & AlarmDelivery {
  const { sql, clock, random } = options;
  const columns = sql`
    id, key, kind, severity, account_id as "accountId", order_id as "orderId", sentence, data, count,
    raised_at as "raisedAt", last_raised_at as "lastRaisedAt", acknowledged_at as "acknowledgedAt",
    acknowledged_by as "acknowledgedBy", snoozed_until as "snoozedUntil", snoozed_by as "snoozedBy", cleared_at as "clearedAt", cleared_sentence as "clearedSentence"`;
  const toJson = (data: NewAlarm['data']) => sql.json((data ?? {}) as postgres.JSONValue);

  /** The open alarm of this key is still so. False: there is none, or it is told anew, as it pages from now on. */
  async function again(alarm: NewAlarm): Promise<boolean> {
    const rows = await sql`
      update alarms set sentence = ${alarm.sentence}, data = ${toJson(alarm.data)}, severity = ${alarm.severity},
        count = count + 1, last_raised_at = ${clock.now()}
      where key = ${alarm.key} and cleared_at is null and (severity = 'page' or ${alarm.severity} = 'warn') returning id`;
    return rows.length > 0;
  }

  async function tell(tx: postgres.TransactionSql, alarm: Alarm, what: 'raised' | 'cleared'): Promise<void> {
    await appendEvents(tx, [eventOf(alarm, what)]);
  }

  const committed = (): void => options.committed?.();

  return {
    async raise(alarm) {
      if (await again(alarm)) return;
      const now = clock.now();
      const raised = await sql.begin(async (tx) => {
        // One that turns from a warning into a page is as good as new; two raisers at once meet at the index.
        const [row] = await tx<Alarm[]>`
          insert into alarms (id, key, kind, severity, account_id, order_id, sentence, data, raised_at, last_raised_at)
          values (${random.id()}, ${alarm.key}, ${alarm.kind}, ${alarm.severity}, ${alarm.accountId ?? null},
            ${alarm.orderId ?? null}, ${alarm.sentence}, ${toJson(alarm.data)}, ${now}, ${now})
          on conflict (key) where cleared_at is null do update set
            sentence = excluded.sentence, data = excluded.data, severity = excluded.severity, count = alarms.count + 1,
            last_raised_at = excluded.last_raised_at, acknowledged_at = null, acknowledged_by = null,
            snoozed_until = null, snoozed_by = null
            where alarms.severity = 'warn' and excluded.severity = 'page'
          returning ${columns}`;
        if (row) await tell(tx, row, 'raised');
        return row !== undefined;
      });
      if (raised) committed();
      else await again(alarm);
    },

    async clear(key, sentence) {
      const open = await sql`select from alarms where key = ${key} and cleared_at is null`;
      if (open.length === 0) return;
      const cleared = await sql.begin(async (tx) => {
        const [row] = await tx<Alarm[]>`
          update alarms set cleared_at = ${clock.now()}, cleared_sentence = ${sentence}
          where key = ${key} and cleared_at is null returning ${columns}`;
        if (row) await tell(tx, row, 'cleared');
        return row !== undefined;
      });
      if (cleared) committed();
    },

    async open() {
      return sql<Alarm[]>`
        select ${columns} from alarms where cleared_at is null order by severity = 'page' desc, raised_at desc, id`;
    },

    async acknowledge(id, by) {
      const acknowledged = await sql.begin(async (tx) => {
        const [row] = await tx<Alarm[]>`
          update alarms set acknowledged_at = ${clock.now()}, acknowledged_by = ${by}
          where id = ${id} and cleared_at is null and acknowledged_at is null returning ${columns}`;
        if (row) await appendEvents(tx, [eventOf(row, 'acknowledged')]);
        if (row && overWhenSeen.includes(row.kind)) {
          const [over] = await tx<Alarm[]>`
            update alarms set cleared_at = ${clock.now()}, cleared_sentence = ${`Seen by ${by}.`}
            where id = ${id} returning ${columns}`;
          if (over) await tell(tx, over, 'cleared');
        }
        return row !== undefined;
      });
      if (acknowledged) options.committed?.();
      return acknowledged;
    },

    async snooze(id, until, by) {
      const snoozed = await sql.begin(async (tx) => {
        const [row] = await tx<Alarm[]>`
          update alarms set snoozed_until = ${until}, snoozed_by = ${by} where id = ${id} and cleared_at is null
          returning ${columns}`;
        if (row) await appendEvents(tx, [eventOf(row, 'snoozed')]);
        return row !== undefined;
      });
      if (snoozed) options.committed?.();
      return snoozed;
    },

    async wake() {
      const woken = await sql.begin(async (tx) => {
        const rows = await tx<Alarm[]>`
          update alarms set snoozed_until = null, snoozed_by = null, acknowledged_at = null, acknowledged_by = null
          where snoozed_until <= ${clock.now()} and cleared_at is null returning ${columns}`;
        for (const row of rows) await tell(tx, row, 'raised');
        return rows.length;
      });
      if (woken > 0) committed();
      return woken;
    },

    async recordDelivery(id, problem) {
      await sql`
        update alarms set delivery_problem = ${problem},
          delivered_at = ${problem === null ? clock.now() : sql`delivered_at`}
        where id = ${id}`;
    },
  };
}

function eventOf(alarm: Alarm, what: 'raised' | 'acknowledged' | 'snoozed' | 'cleared'): NewEvent {
  const { id, key, kind, severity, accountId, orderId, sentence, clearedSentence, acknowledgedBy } = alarm;
  const how = {
    raised: { data: alarm.data },
    acknowledged: { by: acknowledgedBy },
    snoozed: { by: alarm.snoozedBy, until: alarm.snoozedUntil?.toISOString() ?? null },
    cleared: { clearedSentence },
  }[what];
  return { kind: `alarm.${what}`, accountId, orderId, data: { alarmId: id, key, kind, severity, sentence, ...how } };
}

import type postgres from 'postgres';
import type { NewNotification } from '../../../core/model/notification.ts';
import type { DeliveryRecord, DueDelivery, NotificationStore } from '../../../core/ports/notification-store.ts';
import { allOf, pageOf, readCursor } from '../read-store/paging.ts';
import type { NotificationStoreOptions } from './destinations.ts';
import { type DestinationRow, destinationColumns } from './rows.ts';

type Deliveries = Pick<NotificationStore, 'collect' | 'claim' | 'settle' | 'release' | 'recordTest' | 'log' | 'again'>;

interface ClaimedRow extends DestinationRow {
  readonly deliveryId: string;
  readonly notificationId: string;
  readonly kind: NewNotification['kind'];
  readonly at: Date;
  readonly facts: Record<string, string>;
  readonly path: string;
  readonly live: boolean;
  readonly expiresAt: Date | null;
  readonly tries: number;
  readonly since: Date;
  readonly stale: DueDelivery['stale'];
}

/** What is told to whom, and what became of it, in PostgreSQL. */
export function createDeliveries({ sql, clock, random }: NotificationStoreOptions): Deliveries {
  const json = (value: unknown) => sql.json(value as postgres.JSONValue);

  /** What an event does not say of its order or approval, and of the account. */
  async function lookUp({ facts, orderId, accountId }: NewNotification) {
    const [found] = await sql<
      { account: string | null; live: boolean; strategy: string | null; profit: string | null }[]
    >`
      select
        (select name from accounts where id = ${accountId}) as account,
        coalesce((select mode from accounts where id = ${accountId}), (select value #>> '{}' from settings where key = 'mode.master')) = 'production' as live,
        coalesce(
          (select strategy from orders where id = ${orderId}),
          (select strategy from approvals where id = ${facts.approvalId ?? null})
        ) as strategy,
        (select trim_scale(sum(realized_pnl))::text from trade_executions where order_id = ${orderId} and realized_pnl <> 0) as profit`;
    const { account, live, strategy, profit } = found!;
    return {
      live: live ?? false,
      facts: {
        ...facts,
        account: account ?? '',
        ...(strategy === null ? {} : { strategy }),
        ...(profit === null ? {} : { profit: `${profit} USD` }),
      },
    };
  }

  const wanting = ({ kind, aboutDestination }: NewNotification, at: Date) => sql`
    select id from notification_destinations
    where removed_at is null and enabled and ${kind} = any(kinds) and created_at <= ${at}
      and id is distinct from ${aboutDestination}::uuid`;

  return {
    async collect(event, notification) {
      // Most events are wanted by nobody.
      const [wanted] = await sql`${wanting(notification, event.at)} limit 1`;
      if (!wanted) return false;
      const { kind, path, expiresAt } = notification;
      const { live, facts } = await lookUp(notification);
      const now = clock.now();
      const added = await sql`
        with told as (
          insert into notifications (id, event_id, kind, at, facts, path, live, expires_at)
          values (${random.id()}, ${event.id}, ${kind}, ${event.at}, ${json(facts)}, ${path}, ${live}, ${expiresAt})
          on conflict (event_id) do update set kind = excluded.kind returning id
        )
        insert into notification_deliveries (id, notification_id, destination_id, state, created_at, since, due_at)
        select gen_random_uuid(), told.id, wanted.id, 'waiting', ${now}, ${now}, ${now}
        from told, (${wanting(notification, event.at)}) as wanted
        on conflict (notification_id, destination_id) do nothing`;
      return added.count > 0;
    },

    async claim(limit, leaseMs) {
      const now = clock.now();
      const rows = await sql<ClaimedRow[]>`
        with due as (
          select id from notification_deliveries
          where state = 'waiting' and due_at <= ${now} and (leased_until is null or leased_until <= ${now})
          order by due_at, created_at, id limit ${limit} for update skip locked
        ), taken as (
          update notification_deliveries d set leased_until = ${new Date(now.getTime() + leaseMs)}
          from due where d.id = due.id
          returning d.id, d.notification_id, d.destination_id, d.tries, d.since, d.created_at
        )
        select ${destinationColumns(sql)}, taken.id as "deliveryId", taken.tries, taken.since, n.id as "notificationId", n.kind, n.at, n.facts,
          n.path, n.live, n.expires_at as "expiresAt",
          case
            when t.removed_at is not null then 'removed'
            when not t.enabled then 'switched_off'
            when t.person_id is not null and u.id is null then 'person_gone'
            when n.kind = 'approval.wanted' and a.state <> 'open' then 'answered'
            when n.facts ->> 'what' = 'raised' and l.cleared_at is not null then 'over'
          end as stale
        from taken
          join notification_destinations t on t.id = taken.destination_id
          join notifications n on n.id = taken.notification_id
          left join auth_users u on u.id = t.person_id and u.disabled_at is null
          left join approvals a on n.kind = 'approval.wanted' and a.id::text = n.facts ->> 'approvalId'
          left join alarms l on n.kind like 'alarm.%' and l.id::text = n.facts ->> 'alarmId'
        order by n.at, taken.created_at, taken.id`;
      return rows.map(toDue);
    },

    async settle({ id, destination }, outcome, sent) {
      const now = clock.now();
      const tried = sent !== null;
      await sql.begin(async (tx) => {
        if (outcome.kind === 'again') {
          await tx`
            update notification_deliveries set due_at = ${outcome.dueAt}, leased_until = null, tries = tries + ${tried ? 1 : 0},
              answer = coalesce(${outcome.answer}, answer), since = coalesce(${outcome.since ?? null}, since),
              subject = coalesce(${sent?.subject ?? null}, subject), text = coalesce(${sent?.text ?? null}, text)
            where id = ${id} and state = 'waiting'`;
          if (outcome.hold)
            await tx`
              update notification_deliveries set due_at = greatest(due_at, ${outcome.dueAt})
              where destination_id = ${destination.id} and state = 'waiting'`;
        } else {
          await tx`
            update notification_deliveries set state = ${outcome.kind}, leased_until = null, done_at = ${now}, answer = ${outcome.answer},
              tries = tries + ${tried ? 1 : 0}, subject = coalesce(${sent?.subject ?? null}, subject), text = coalesce(${sent?.text ?? null}, text)
            where id = ${id} and state = 'waiting'`;
        }
        if (!tried) return;
        if (outcome.kind === 'delivered')
          await tx`
            update notification_destinations set told_at = ${now}, problem = null, failing_since = null where id = ${destination.id}`;
        else
          await tx`
            update notification_destinations set problem = ${outcome.answer}, failing_since = coalesce(failing_since, ${now})
            where id = ${destination.id}`;
      });
    },

    async release(id) {
      await sql`update notification_deliveries set leased_until = null where id = ${id} and state = 'waiting'`;
    },

    async recordTest(destination, sent, told) {
      const now = clock.now();
      const ok = told.kind === 'delivered';
      await sql.begin(async (tx) => {
        const id = random.id();
        await tx`
          insert into notifications (id, event_id, kind, at, facts, path, live, expires_at)
          values (${id}, null, 'test', ${now}, '{}', '/notifications', false, null)`;
        await tx`
          insert into notification_deliveries (id, notification_id, destination_id, state, created_at, since, due_at, tries, subject, text, answer, done_at)
          values (${random.id()}, ${id}, ${destination.id}, ${ok ? 'delivered' : 'failed'}, ${now}, ${now}, ${now}, 1, ${sent.subject},
            ${sent.text}, ${told.answer}, ${now})`;
        await tx`
          update notification_destinations set told_at = case when ${ok} then ${now} else told_at end,
            problem = ${ok ? null : told.answer}, failing_since = case when ${ok} then null else coalesce(failing_since, ${now}) end
          where id = ${destination.id}`;
      });
    },

    async log(query) {
      const cursor = readCursor(query.cursor);
      const rows = await sql<DeliveryRecord[]>`
        select d.id, n.kind, t.id as "destinationId", t.name as destination, t.channel, t.person_id as "personId", d.state, n.at,
          d.created_at as "createdAt", d.due_at as "dueAt", d.done_at as "doneAt", d.tries, d.subject, d.text, d.answer, n.path
        from notification_deliveries d
          join notifications n on n.id = d.notification_id
          join notification_destinations t on t.id = d.destination_id
        where (t.person_id is null or t.person_id = ${query.personId}) ${allOf(sql, [
          query.state ? sql`d.state = ${query.state}` : null,
          query.kind ? sql`n.kind = ${query.kind}` : null,
          query.destinationId ? sql`t.id = ${query.destinationId}` : null,
          cursor ? sql`(d.created_at, d.id) < (${cursor.at}, ${cursor.id})` : null,
        ])}
        order by d.created_at desc, d.id desc limit ${query.limit + 1}`;
      return pageOf(
        rows,
        query.limit,
        (row) => ({ at: row.createdAt, id: row.id }),
        (row) => row,
      );
    },

    async again(id, personId, everybodys) {
      const now = clock.now();
      const done = await sql`
        update notification_deliveries d set state = 'waiting', tries = 0, since = ${now}, due_at = ${now}, done_at = null, answer = null
        from notification_destinations t, notifications n
        where d.id = ${id} and d.state <> 'waiting' and t.id = d.destination_id and t.removed_at is null and n.id = d.notification_id
          and n.kind <> 'test' and (t.person_id = ${personId} or (${everybodys} and t.person_id is null))`;
      return done.count > 0;
    },
  };
}

function toDue(row: ClaimedRow): DueDelivery {
  const { deliveryId, tries, since, notificationId, kind, at, facts, path, live, expiresAt, stale, ...destination } =
    row;
  return {
    ...{ id: deliveryId, destination, tries, since, stale },
    notification: { id: notificationId, kind, at, facts, path, live, expiresAt },
  };
}

import type postgres from 'postgres';
import type { KillSwitch, KillTarget } from '../../../core/model/kill-switch.ts';
import type { Statements } from '../event-reader/append-events.ts';

export interface KillSwitchRow extends Omit<KillSwitch, 'lifted'> {
  readonly liftedAt: Date | null;
  readonly liftedBy: string | null;
  readonly liftReason: string | null;
}

/** Asks for switches by a condition on the table under the name `k`. It is sent when it is waited for, as any statement. */
export const selectKillSwitches = (
  sql: Statements,
  where: postgres.Fragment,
  order: postgres.Fragment = sql`order by k.engaged_at, k.id`,
) => sql<KillSwitchRow[]>`
    select k.id, k.scope, k.key, coalesce(a.name, k.key) as name, k.reason, k.engaged_by as "by", k.via, k.flatten,
      k.requested_at as "requestedAt", k.engaged_at as "engagedAt", k.stopped_at as "stoppedAt",
      k.last_entry_at as "lastEntryAt", k.cancelled, k.cancelled_at as "cancelledAt", k.flat_at as "flatAt",
      k.lifted_at as "liftedAt", k.lifted_by as "liftedBy", k.lift_reason as "liftReason"
    from kill_switches k left join accounts a on k.scope = 'account' and a.id::text = k.key
    where ${where} ${order}`;

export const toKillSwitch = ({ liftedAt, liftedBy, liftReason, ...row }: KillSwitchRow): KillSwitch => ({
  ...row,
  lifted: liftedAt && { at: liftedAt, by: liftedBy ?? '', reason: liftReason ?? '' },
});

export const readKillSwitches = async (...ask: Parameters<typeof selectKillSwitches>): Promise<KillSwitch[]> =>
  (await selectKillSwitches(...ask)).map(toKillSwitch);

/** Asks for those that are engaged. Within a transaction that holds the lock on `settings` nothing can be added to them. */
export const selectEngaged = (sql: Statements) => selectKillSwitches(sql, sql`k.lifted_at is null`);

/** Whether an order, under the name `o`, is of the target. */
export function ofTarget(sql: Statements, { scope, key }: KillTarget) {
  switch (scope) {
    case 'all':
      return sql`true`;
    case 'account':
      return sql`o.account_id = ${key}::uuid`;
    case 'strategy':
      return sql`o.strategy = ${key}`;
    case 'symbol':
      return sql`o.symbol = ${key}`;
  }
}

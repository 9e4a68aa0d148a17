import type postgres from 'postgres';
import { money, quantity } from '../../../core/decimal.ts';
import { closable } from '../../../core/model/account-view.ts';
import type { NewEvent } from '../../../core/model/event.ts';
import { cancelReason, type KillSwitch, type KillTarget, targetInWords } from '../../../core/model/kill-switch.ts';
import type { Mode } from '../../../core/model/mode.ts';
import { openStatuses } from '../../../core/model/order.ts';
import { externalStrategy } from '../../../core/model/posting.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { JobWriter } from '../../../core/ports/job-queue.ts';
import type { KillSwitchStore, NewKillSwitch, OpenEntry } from '../../../core/ports/kill-switch-store.ts';
import type { Random } from '../../../core/ports/random.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { ofTarget, readKillSwitches, selectEngaged, toKillSwitch } from './rows.ts';

export interface KillSwitchStoreOptions {
  /** A plain postgres.js client, never one that drizzle was given. */
  readonly sql: postgres.Sql;
  readonly jobs: JobWriter;
  readonly clock: Clock;
  readonly random: Pick<Random, 'id'>;
  /** Called after each commit that stored events or jobs. */
  readonly committed?: () => void;
}

interface LotRow {
  readonly accountId: string;
  readonly mode: Mode;
  readonly strategy: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly cost: string;
  /** What the account has of the symbol. */
  readonly account: string;
}

/** On this channel every process is told at once that a switch was engaged or lifted. */
export const killSwitchChannel = 'signalbox_kill_switch';

/** A decision or a submission holds the lock for milliseconds; whoever holds it longer must not keep a person from knowing. */
const longestLockWait = '5s';

/** Kill switches in PostgreSQL. */
export function createKillSwitchStore(options: KillSwitchStoreOptions): KillSwitchStore {
  const { sql, jobs, clock } = options;
  const committed = () => options.committed?.();

  async function askCancels(tx: Statements, orderIds: readonly string[], reason: string): Promise<void> {
    if (orderIds.length === 0) return;
    const insert = jobs.insert(
      'order.cancel',
      orderIds.map((orderId) => ({ data: { orderId, reason }, key: `cancel:${orderId}` })),
    );
    await tx.unsafe(insert.text, insert.values as never[]);
  }

  const openEntries = (tx: Statements, target: KillTarget) => tx<OpenEntry[]>`
    select o.id as "orderId", o.status, o.updated_at as "updatedAt" from orders o
    where o.role = 'entry' and o.status in ${tx([...openStatuses])} and ${ofTarget(tx, target)}
    order by o.created_at, o.id`;

  async function record(
    id: string,
    kind: NewEvent['kind'],
    update: (tx: Statements) => PromiseLike<readonly unknown[]>,
  ) {
    const recorded = await sql.begin(async (tx) => {
      if ((await update(tx)).length === 0) return null;
      const [after] = await readKillSwitches(tx, tx`k.id = ${id}`);
      await appendEvents(tx, [{ kind, data: told(after!) }]);
      return after!;
    });
    if (recorded) committed();
    return recorded;
  }

  return {
    engage: async (wish) => {
      const outcome = await sql.begin(async (tx) => engage(tx, wish));
      if (outcome.changed) committed();
      return outcome;
    },

    lift: async (id, by, reason) => {
      const lifted = await sql.begin(async (tx) => {
        await tx`lock table settings in share row exclusive mode`;
        const done = await tx`
          update kill_switches set lifted_at = ${clock.now()}, lifted_by = ${by}, lift_reason = ${reason}
          where id = ${id} and lifted_at is null returning id`;
        if (done.length === 0) return null;
        const [after] = await readKillSwitches(tx, tx`k.id = ${id}`);
        await appendEvents(tx, [{ kind: 'kill_switch.released', data: { ...told(after!), by, reason } }]);
        await tx`select pg_notify(${killSwitchChannel}, ${id})`;
        return after!;
      });
      if (lifted) committed();
      return lifted;
    },

    engaged: async () => (await selectEngaged(sql)).map(toKillSwitch),

    history: (limit) => readKillSwitches(sql, sql`true`, sql`order by k.engaged_at desc, k.id limit ${limit}`),

    account: async (idOrName) => {
      const [row] = await sql<{ id: string; name: string }[]>`
        select id, name from accounts where id::text = ${idOrName} or name = ${idOrName}
        order by id::text = ${idOrName} desc limit 1`;
      return row ?? null;
    },

    openEntries: async (target) => [...(await openEntries(sql, target))],

    askCancels: async (orderIds, reason) => {
      await askCancels(sql, orderIds, reason);
      if (orderIds.length > 0) committed();
    },

    cancelAll: async (target, which, reason) => {
      const open = await sql<{ id: string }[]>`
        select o.id from orders o
        where o.status in ${sql([...openStatuses])} and ${ofTarget(sql, target)}
          ${which === 'entries' ? sql`and o.role = 'entry'` : sql``}
        order by o.created_at, o.id`;
      await askCancels(
        sql,
        open.map(({ id }) => id),
        reason,
      );
      if (open.length > 0) committed();
      return open.length;
    },

    recordCancelled: (id) =>
      record(
        id,
        'kill_switch.entries_cancelled',
        (tx) => tx`
          update kill_switches k set (cancelled, cancelled_at, last_entry_at) = (
            select count(*) filter (where o.status = 'canceled'), greatest(max(o.closed_at), k.stopped_at),
              max(o.submitting_at) filter (where o.submitting_at >= k.requested_at and o.status <> 'rejected')
            from orders o
            where o.role = 'entry' and o.closed_at >= k.requested_at and (
              k.scope = 'all' or (k.scope = 'account' and k.key = o.account_id::text)
              or (k.scope = 'strategy' and k.key = o.strategy) or (k.scope = 'symbol' and k.key = o.symbol)))
          where k.id = ${id} and k.cancelled_at is null returning k.id`,
      ),

    recordFlat: (id) =>
      record(
        id,
        'kill_switch.flattened',
        (tx) => tx`update kill_switches set flat_at = ${clock.now()} where id = ${id} and flat_at is null returning id`,
      ),

    held: async (target) => {
      const rows = await sql<LotRow[]>`
        select o.account_id as "accountId", a.mode, o.strategy, o.symbol, o.quantity, o.cost, p.quantity as account
        from strategy_positions o join accounts a on a.id = o.account_id
          join positions p on p.account_id = o.account_id and p.symbol = o.symbol
        where o.quantity <> 0 and o.strategy <> ${externalStrategy} and ${ofTarget(sql, target)}
        order by o.account_id, o.symbol, o.strategy`;
      return rows.flatMap(({ account, ...row }) => {
        const own = quantity(row.quantity);
        const left = closable(own, quantity(account));
        return left.eq('0') ? [] : [{ ...row, quantity: left, cost: money(money(row.cost).times(left).div(own)) }];
      });
    },
  };

  async function engage(tx: Statements, wish: NewKillSwitch): Promise<{ killSwitch: KillSwitch; changed: boolean }> {
    await tx.unsafe(`set local lock_timeout = '${longestLockWait}'`);
    // Decisions and submissions that have begun are waited for, those that come wait for us: see locked-view.ts and migration 0009.
    await tx`lock table settings in share row exclusive mode`;
    const same = tx`k.lifted_at is null and k.scope = ${wish.scope} and k.key = ${wish.key}`;
    const [before] = await readKillSwitches(tx, same);
    if (before && (before.flatten || !wish.flatten)) return { killSwitch: before, changed: false };
    const now = clock.now();
    if (before) await tx`update kill_switches k set flatten = true, flat_at = null where k.id = ${before.id}`;
    else {
      await tx`
        insert into kill_switches (id, scope, key, reason, engaged_by, via, flatten, requested_at, engaged_at, stopped_at)
        values (${options.random.id()}, ${wish.scope}, ${wish.key}, ${wish.reason}, ${wish.by}, ${wish.via}, ${wish.flatten},
                ${wish.requestedAt}, ${now}, ${now})`;
    }
    const [killSwitch] = await readKillSwitches(tx, same);
    const entries = await openEntries(tx, wish);
    await askCancels(
      tx,
      entries.map(({ orderId }) => orderId),
      cancelReason(killSwitch!),
    );
    const data = { ...told(killSwitch!), by: wish.by, reason: wish.reason, entriesOpen: entries.length };
    await appendEvents(tx, [{ kind: 'kill_switch.engaged', data }]);
    await tx`select pg_notify(${killSwitchChannel}, ${killSwitch!.id})`;
    return { killSwitch: killSwitch!, changed: true };
  }
}

/**
 * What the events say of a switch. The times count from the request, in milliseconds; null: not yet, or nothing to measure.
 */
function told(killSwitch: KillSwitch): NewEvent['data'] {
  const { requestedAt, scope, name, reason, by, via, flatten, cancelled } = killSwitch;
  const after = (at: Date | null) => at && at.getTime() - requestedAt.getTime();
  return {
    ...{ switchId: killSwitch.id, scope, name, target: targetInWords(killSwitch), reason, by, via, flatten, cancelled },
    requestedAt: requestedAt.toISOString(),
    stoppedMs: after(killSwitch.stoppedAt),
    lastEntryMs: after(killSwitch.lastEntryAt),
    cancelledMs: after(killSwitch.cancelledAt),
    flatMs: after(killSwitch.flatAt),
  };
}

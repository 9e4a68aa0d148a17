import type postgres from 'postgres';
import type { AlarmSeverity } from '../../../core/model/alarm.ts';
import type { AlertMemory, DayHours } from '../../../core/model/alert-rule.ts';
import type { ParameterValue } from '../../../core/model/risk-limit.ts';
import type { AlertRules, AlertRuleWish, StoredAlertRule } from '../../../core/ports/alert-rules.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Random } from '../../../core/ports/random.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';

export interface AlertRuleStoreOptions {
  /** A plain postgres.js client, never one that drizzle was given. */
  readonly sql: postgres.Sql;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'id'>;
  /** Called after each commit that stored events. */
  readonly committed?: () => void;
}

interface Row {
  id: string;
  name: string;
  kind: string;
  parameters: Record<string, ParameterValue>;
  accountId: string | null;
  strategy: string | null;
  symbol: string | null;
  severity: AlarmSeverity;
  once: boolean;
  cooldownMinutes: number;
  activeHours: DayHours | null;
  quietHours: DayHours | null;
  on: boolean;
  version: number;
  changedBy: string;
  changedAt: Date;
  firing: boolean;
  firedAt: Date | null;
  firedCount: number;
  memory: AlertMemory | null;
  value: string | null;
  problem: string | null;
  problemSince: Date | null;
  lookedAt: Date | null;
}

const columns = (sql: Statements) => sql`
  id, name, kind, parameters, account_id as "accountId", strategy, symbol, severity, once, cooldown_minutes as "cooldownMinutes",
  active_hours as "activeHours", quiet_hours as "quietHours", is_on as "on", version, changed_by as "changedBy",
  changed_at as "changedAt", firing, fired_at as "firedAt", fired_count as "firedCount", memory, value, problem,
  problem_since as "problemSince", looked_at as "lookedAt"`;

function toStored(row: Row): StoredAlertRule {
  const { firing, firedAt, firedCount, memory, value, problem, problemSince, lookedAt, ...rest } = row;
  const { accountId, strategy, symbol, ...rule } = rest;
  return {
    rule: { ...rule, scope: { accountId, strategy, symbol } },
    state: { firing, firedAt, firedCount, memory, value, problem, problemSince, lookedAt },
  };
}

/** What people want to be told of, in PostgreSQL. */
export function createAlertRuleStore({ sql, clock, random, committed }: AlertRuleStoreOptions): AlertRules {
  const json = (value: unknown) => (value === null ? null : sql.json(value as postgres.JSONValue));

  /** One statement on one rule, with its event. */
  async function changed(
    what: 'added' | 'changed' | 'switched' | 'removed',
    by: string,
    statement: (tx: postgres.TransactionSql) => Promise<Row[]>,
  ): Promise<StoredAlertRule | null> {
    const row = await sql.begin(async (tx) => {
      const [found] = await statement(tx);
      if (!found) return null;
      const { id, name, kind, on, version, accountId } = found;
      const data = { ruleId: id, what, name, kind, on, version, by };
      await appendEvents(tx, [{ kind: 'alert_rule.changed', accountId, data }]);
      return found;
    });
    if (row) committed?.();
    return row && toStored(row);
  }

  return {
    async list() {
      const rows = await sql<Row[]>`select ${columns(sql)} from alert_rules where removed_at is null order by name, id`;
      return rows.map(toStored);
    },

    async find(id) {
      const [row] = await sql<Row[]>`
        select ${columns(sql)} from alert_rules where id = ${id} and removed_at is null`;
      return row ? toStored(row) : null;
    },

    async add(wish, by) {
      const stored = await changed('added', by, (tx) => {
        const { scope } = wish;
        return tx<Row[]>`
          insert into alert_rules (id, name, kind, parameters, account_id, strategy, symbol, severity, once, cooldown_minutes,
            active_hours, quiet_hours, is_on, version, changed_by, changed_at)
          values (${random.id()}, ${wish.name}, ${wish.kind}, ${json(wish.parameters)}, ${scope.accountId}, ${scope.strategy},
            ${scope.symbol}, ${wish.severity}, ${wish.once}, ${wish.cooldownMinutes}, ${json(wish.activeHours)},
            ${json(wish.quietHours)}, ${wish.on}, 1, ${by}, ${clock.now()})
          returning ${columns(tx)}`;
      });
      return stored!;
    },

    change(id, version, wish: AlertRuleWish, by) {
      const { scope } = wish;
      return changed(
        'changed',
        by,
        (tx) => tx<Row[]>`
          update alert_rules set name = ${wish.name}, kind = ${wish.kind}, parameters = ${json(wish.parameters)},
            account_id = ${scope.accountId}, strategy = ${scope.strategy}, symbol = ${scope.symbol},
            severity = ${wish.severity}, once = ${wish.once}, cooldown_minutes = ${wish.cooldownMinutes},
            active_hours = ${json(wish.activeHours)}, quiet_hours = ${json(wish.quietHours)}, is_on = ${wish.on},
            version = version + 1, changed_by = ${by}, changed_at = ${clock.now()}, firing = false, memory = null,
            value = null, problem = null, problem_since = null, looked_at = null
          where id = ${id} and version = ${version} and removed_at is null returning ${columns(tx)}`,
      );
    },

    switch(id, on, by) {
      return changed(
        'switched',
        by,
        (tx) => tx<Row[]>`
          update alert_rules set is_on = ${on}, version = version + 1, changed_by = ${by}, changed_at = ${clock.now()},
            firing = false, memory = null, value = null, problem = null, problem_since = null, looked_at = null
          where id = ${id} and removed_at is null returning ${columns(tx)}`,
      );
    },

    async remove(id, by) {
      const removed = await changed(
        'removed',
        by,
        (tx) => tx<Row[]>`
          update alert_rules set removed_at = ${clock.now()}, is_on = false, version = version + 1, changed_by = ${by}
          where id = ${id} and removed_at is null returning ${columns(tx)}`,
      );
      return removed !== null;
    },

    async keep(id, version, state) {
      await sql`
        update alert_rules set firing = ${state.firing}, fired_at = ${state.firedAt}, fired_count = ${state.firedCount},
          memory = ${json(state.memory)}, value = ${state.value}, problem = ${state.problem},
          problem_since = ${state.problemSince}, looked_at = ${state.lookedAt}
        where id = ${id} and version = ${version}`;
    },
  };
}

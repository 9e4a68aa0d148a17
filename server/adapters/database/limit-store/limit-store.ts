import { isDeepStrictEqual } from 'node:util';
import type postgres from 'postgres';
import type { LimitScope } from '../../../core/model/risk-limit.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import {
  LimitChangedMeanwhile,
  type LimitStore,
  type LimitVersion,
  type LimitWish,
} from '../../../core/ports/limit-store.ts';
import { appendEvents } from '../event-reader/append-events.ts';
import { columns, type LimitRow, toVersion } from './rows.ts';

export interface LimitStoreOptions {
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  /** Called after each commit that stored events. */
  readonly committed?: () => void;
}

/** Limits in PostgreSQL. Whoever changes one locks `settings` as every change of settings does: no decision is half before it. */
export function createLimitStore({ sql, clock, committed }: LimitStoreOptions): LimitStore {
  async function change(
    rule: string,
    scope: LimitScope,
    version: number,
    { author, reason }: { readonly author: string; readonly reason: string },
    wish: LimitWish | null,
  ): Promise<LimitVersion | null> {
    let stored = false;
    const now = await sql.begin(async (tx) => {
      const [, [row]] = await Promise.all([
        tx`lock table settings in share row exclusive mode`,
        tx<LimitRow[]>`
          select ${columns(tx)} from risk_limits
          where rule = ${rule} and scope_kind = ${scope.kind} and scope_name = ${scope.name}
          order by version desc limit 1`,
      ]);
      const before = row ? toVersion(row) : null;
      if ((before?.version ?? 0) !== version) throw new LimitChangedMeanwhile(before);
      const same =
        wish === null
          ? before === null || before.removed
          : before !== null &&
            !before.removed &&
            before.on === wish.on &&
            before.severity === wish.severity &&
            isDeepStrictEqual(before.parameters, wish.parameters);
      if (same) return before;
      const next: LimitVersion = {
        rule,
        scope,
        on: (wish ?? before!).on,
        severity: (wish ?? before!).severity,
        parameters: (wish ?? before!).parameters,
        version: version + 1,
        removed: wish === null,
        author,
        reason,
        at: clock.now(),
      };
      const told = (one: LimitVersion | null) =>
        one && !one.removed ? { on: one.on, severity: one.severity, parameters: one.parameters } : null;
      await Promise.all([
        tx`
          insert into risk_limits (id, rule, scope_kind, scope_name, version, removed, enabled, severity, parameters, author, reason, at)
          values (gen_random_uuid(), ${rule}, ${scope.kind}, ${scope.name}, ${next.version}, ${next.removed}, ${next.on},
            ${next.severity}, ${tx.json(next.parameters as postgres.JSONValue)}, ${author}, ${reason}, ${next.at})`,
        appendEvents(tx, [
          {
            kind: 'limit.changed',
            data: {
              rule,
              scope: scope.kind,
              scopeName: scope.name,
              version: next.version,
              from: told(before),
              to: told(next),
              by: author,
              reason,
            },
          },
        ]),
      ]);
      stored = true;
      return next;
    });
    if (stored) committed?.();
    return now;
  }

  return {
    async set(wish, version, by) {
      return (await change(wish.rule, wish.scope, version, by, wish))!;
    },
    async remove(rule, scope, version, by) {
      return change(rule, scope, version, by, null);
    },
    async history(rule, limit) {
      const rows = await sql<LimitRow[]>`
        select ${columns(sql)} from risk_limits ${rule === null ? sql`` : sql`where rule = ${rule}`}
        order by at desc, version desc limit ${limit}`;
      return rows.map(toVersion);
    },
  };
}

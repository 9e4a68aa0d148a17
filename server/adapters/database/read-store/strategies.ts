import type postgres from 'postgres';
import type { StrategyActivityJson, StrategyChangeMade } from '../../../contract/index.ts';
import { type Money, money, text, toCents } from '../../../core/decimal.ts';
import type { Mode } from '../../../core/model/mode.ts';
import { marketZone, startOfDay } from '../../../core/zoned-day.ts';
import { iso } from './paging.ts';
import { findSignals } from './signals.ts';

/** Of strategies that have no settings of their own, as many as a page shows. */
const mostUnknown = 200;

/** Of the strategies with settings, and of those that alerts have named without: what each has done today, and its last alert. */
export async function strategyActivity(
  sql: postgres.Sql,
  known: readonly string[],
  now: Date,
): Promise<StrategyActivityJson[]> {
  // From name to name by the index, however many alerts there are of each.
  const named = await sql<{ strategy: string }[]>`
    with recursive named as (
      (select strategy from trading_signals where strategy is not null order by strategy limit 1)
      union all
      select (select s.strategy from trading_signals s where s.strategy > named.strategy order by s.strategy limit 1)
      from named where named.strategy is not null
    )
    select strategy from named where strategy is not null and not strategy = any(${[...known]}::text[]) limit ${mostUnknown}`;
  const keys = [...known, ...named.map((row) => row.strategy)];
  const [last, closed, promoted] = await Promise.all([
    sql<{ strategy: string; id: string }[]>`
      select asked.strategy, s.id from unnest(${keys}::text[]) as asked(strategy)
      join lateral (
        select id from trading_signals where strategy = asked.strategy order by received_at desc, id desc limit 1
      ) s on true`,
    sql<{ strategy: string; mode: Mode; trades: number; profit: string }[]>`
      select t.strategy, a.mode, count(*)::int as trades, sum(t.profit) as profit
      from accounts a join closed_trades t on t.account_id = a.id
      where t.closed_at >= ${startOfDay(now, marketZone)}
      group by t.strategy, a.mode order by t.strategy, a.mode`,
    sql<{ strategy: string; at: Date }[]>`
      select s.key as strategy, e.at from strategies s
      join lateral (
        select at from events where kind = 'strategy.promoted' and data->>'key' = s.key order by xid desc, seq desc limit 1
      ) e on true
      where s.mode = 'production'`,
  ]);
  const signals = new Map(
    (
      await findSignals(
        sql,
        last.map((row) => row.id),
      )
    ).map((signal) => [signal.id, signal]),
  );
  const lastOf = new Map(last.map((row) => [row.strategy, signals.get(row.id) ?? null]));
  const promotedAt = new Map(promoted.map((row) => [row.strategy, row.at]));
  const owned = new Set(known);
  const cents = (amount: Money): string => text(toCents(amount));
  return keys.map((strategy) => ({
    strategy,
    known: owned.has(strategy),
    lastSignal: lastOf.get(strategy) ?? null,
    today: closed
      .filter((row) => row.strategy === strategy)
      .map(({ mode, trades, profit }) => ({ mode, trades, profit: cents(money(profit)) })),
    productionSince: promotedAt.get(strategy)?.toISOString() ?? null,
  }));
}

interface ChangeRow {
  xid: string;
  at: Date;
  kind: 'strategy.changed' | 'strategy.promoted';
  by: string;
  reason: string | null;
  from: Record<string, unknown> | null;
  to: Record<string, unknown> | null;
}

const nothing = { reason: null, from: null, to: null, rule: null, killSwitchId: null };

/** Settings, promotions, kill switches and limits of one strategy: who did what, and why. */
export async function strategyHistory(
  sql: postgres.Sql,
  strategy: string,
  limit: number,
): Promise<StrategyChangeMade[]> {
  const [changes, switches, limits] = await Promise.all([
    sql<ChangeRow[]>`
      select xid::text as xid, at, kind, data->>'by' as "by", data->>'overrideReason' as reason,
        nullif(data->'from', 'null') as "from", nullif(data->'to', 'null') as "to"
      from events
      where kind in ('strategy.changed', 'strategy.promoted') and data->>'key' = ${strategy}
      order by events.xid desc, events.seq desc limit ${2 * limit}`,
    sql<
      {
        id: string;
        at: Date;
        by: string;
        reason: string;
        liftedAt: Date | null;
        liftedBy: string;
        liftReason: string;
      }[]
    >`
      select id, engaged_at as at, engaged_by as "by", reason, lifted_at as "liftedAt", lifted_by as "liftedBy",
        lift_reason as "liftReason"
      from kill_switches where scope = 'strategy' and key = ${strategy} order by engaged_at desc limit ${limit}`,
    sql<{ rule: string; at: Date; author: string; reason: string; removed: boolean }[]>`
      select rule, at, author, reason, removed from risk_limits
      where scope_kind = 'strategy' and scope_name = ${strategy} order by at desc, version desc limit ${limit}`,
  ]);
  // A promotion is told twice, as itself and as a change of the mode, in one transaction.
  const promotions = new Map(changes.filter((row) => row.kind === 'strategy.promoted').map((row) => [row.xid, row]));
  const made: StrategyChangeMade[] = [
    ...changes
      .filter((row) => row.kind === 'strategy.changed')
      .map((row): StrategyChangeMade => {
        const promotion = promotions.get(row.xid);
        return {
          ...nothing,
          at: iso(row.at),
          by: row.by,
          kind: promotion ? 'promoted' : row.from === null ? 'made' : 'changed',
          reason: promotion?.reason ?? null,
          from: row.from,
          to: row.to,
        };
      }),
    ...switches.flatMap(({ id, at, by, reason, liftedAt, liftedBy, liftReason }): StrategyChangeMade[] => [
      ...(liftedAt
        ? [
            {
              ...nothing,
              at: iso(liftedAt),
              by: liftedBy,
              kind: 'released' as const,
              reason: liftReason,
              killSwitchId: id,
            },
          ]
        : []),
      { ...nothing, at: iso(at), by, kind: 'stopped', reason, killSwitchId: id },
    ]),
    ...limits.map(
      ({ rule, at, author, reason, removed }): StrategyChangeMade => ({
        ...nothing,
        at: iso(at),
        by: author,
        kind: removed ? 'limit_removed' : 'limit_set',
        reason,
        rule,
      }),
    ),
  ];
  return made.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, limit);
}

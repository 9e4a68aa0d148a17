import type postgres from 'postgres';
import { decimal, type Money, money, price, quantity } from '../../../core/decimal.ts';
import type { Mode } from '../../../core/model/mode.ts';
import { terminalStatuses } from '../../../core/model/order.ts';
import type { Side } from '../../../core/model/signal.ts';
import type { AccountMarks, AccountRefusals, RiskBooks } from '../../../core/ports/risk-books.ts';
import { marketZone, startOfDay, startOfWeek } from '../../../core/zoned-day.ts';
import { type HeldRow, heldBySymbol, type LotRow } from '../decision-store/held-by-symbol.ts';
import type { Statements } from '../event-reader/append-events.ts';
import { columns, type LimitRow, toVersion } from '../limit-store/rows.ts';

interface MarksRow {
  accountId: string;
  name: string;
  mode: Mode;
  enabled: boolean;
  cash: string;
  peak: string | null;
  peakAt: Date | null;
  firstAt: Date | null;
  firstEquity: string | null;
  paidSince: string | null;
  dayStart: string | null;
  weekStart: string | null;
}

/** What the risk page and the report read of PostgreSQL; best with a client of its own, so that no page keeps an order waiting. */
export function createRiskBooks({ sql }: { readonly sql: postgres.Sql }): RiskBooks {
  return {
    async now(at) {
      return sql.begin('isolation level repeatable read read only', async (tx) => {
        const accounts = await readMarks(tx, at);
        const [positions, lots, entries] = await Promise.all([
          tx<(HeldRow & OfAccount)[]>`
            select account_id as "accountId", symbol, quantity, cost, realized_pnl as "realizedPnl" from positions
            where quantity <> 0 order by symbol`,
          tx<(LotRow & OfAccount)[]>`
            select account_id as "accountId", strategy, symbol, quantity, cost from strategy_positions
            where quantity <> 0 order by strategy`,
          tx<EntryRow[]>`
            select account_id as "accountId", symbol, side, strategy, quantity - filled_quantity as remaining,
              reference_price as "referencePrice" from orders
            where role = 'entry' and status not in ${tx([...terminalStatuses])} order by created_at, id`,
        ]);
        return accounts.map((row) => ({
          ...toMarks(row),
          cash: money(row.cash),
          positions: heldBySymbol(of(positions, row), of(lots, row)),
          entries: of(entries, row).map(({ symbol, side, strategy, remaining, referencePrice }) => ({
            ...{ symbol, side, strategy, remaining: quantity(remaining), referencePrice: price(referencePrice) },
          })),
        }));
      });
    },

    async asOf(at) {
      return sql.begin('isolation level repeatable read read only', async (tx) => {
        const accounts = await readMarks(tx, at);
        const recorded = await tx<RecordedRow[]>`
          select a.id as "accountId", e.data from accounts a, lateral (
            select data from events
            where kind = 'equity.recorded' and account_id = a.id and (data ->> 'at')::timestamptz <= ${at}
              and at <= ${at}::timestamptz + interval '1 hour'
            order by xid desc, seq desc limit 1) e
          where a.archived_at is null or a.archived_at > ${at}`;
        return accounts.map((row) => {
          const [found] = of(recorded, row);
          return { ...toMarks(row), recorded: found ? toRecorded(found.data) : null };
        });
      });
    },

    async curve(accountId, from, until, stretches) {
      const widthMs = Math.max((until.getTime() - from.getTime()) / stretches, 1);
      const rows = await sql<{ at: Date; last: string; lowest: string; highest: string }[]>`
        select max(at) as at, (array_agg(equity order by at desc))[1] as last, min(equity) as lowest, max(equity) as highest
        from equity_snapshots where account_id = ${accountId} and at > ${from} and at <= ${until}
        group by floor(extract(epoch from at - ${from}::timestamptz) * 1000 / ${widthMs}::float8)
        order by 1`;
      return rows.map((row) => ({
        at: row.at,
        last: money(row.last),
        lowest: money(row.lowest),
        highest: money(row.highest),
      }));
    },

    async refusals(from, until) {
      return sql<AccountRefusals[]>`
        with told as (
          select account_id, pattern_id, count(*) as decisions from decisions
          where decided_at >= ${from} and decided_at < ${until} group by 1, 2
        ), said as (
          select account_id, split_part(one, ':', 1) as rule, split_part(one, ':', 2) as verdict, decisions
          from told join verdict_patterns p on p.id = told.pattern_id, unnest(p.verdicts) one
        )
        select account_id as "accountId", rule,
          coalesce(sum(decisions) filter (where verdict = 'deny'), 0)::int as deny,
          coalesce(sum(decisions) filter (where verdict = 'reduce'), 0)::int as reduce,
          coalesce(sum(decisions) filter (where verdict = 'ask'), 0)::int as ask,
          coalesce(sum(decisions) filter (where verdict = 'warn'), 0)::int as warn
        from said where verdict in ('deny', 'reduce', 'ask', 'warn')
        group by 1, 2`;
    },

    async limitsAt(at) {
      const rows = await sql<LimitRow[]>`
        select * from (
          select distinct on (rule, scope_kind, scope_name) ${columns(sql)} from risk_limits where at <= ${at}
          order by rule, scope_kind, scope_name, version desc
        ) as newest where not removed`;
      return rows.map(toVersion);
    },

    async firstAt() {
      const [row] = await sql<{ at: Date | null }[]>`select min(first_at) as at from account_marks`;
      return row?.at ?? null;
    },

    async limitChanges(from, until) {
      const rows = await sql<LimitRow[]>`
        select ${columns(sql)} from risk_limits where at >= ${from} and at < ${until} order by at, rule, version`;
      return rows.map(toVersion);
    },
  };
}

/** Of every account that was not put away by then. */
function readMarks(sql: Statements, at: Date): PromiseLike<MarksRow[]> {
  const [day, week] = [startOfDay(at, marketZone), startOfWeek(at, marketZone)];
  return sql<MarksRow[]>`
    select a.id as "accountId", a.name, a.mode, a.enabled, 
      case when m.peak_at <= ${at} then m.peak_equity else p.equity end as peak,
      case when m.peak_at <= ${at} then m.peak_at else p.at end as "peakAt",
      m.first_at as "firstAt", m.first_equity as "firstEquity",
      coalesce((select balance from account_balances where account_id = a.id and book = 'cash'), 0) as cash,
      m.capital_at_first - coalesce((select balance from account_balances
        where account_id = a.id and book = 'capital'), 0) as "paidSince",
      coalesce(
        (select equity from equity_snapshots where account_id = a.id and at < ${day} order by at desc limit 1),
        (select equity from equity_snapshots where account_id = a.id and at >= ${day} and at <= ${at} order by at limit 1)
      ) as "dayStart",
      (select equity from equity_snapshots where account_id = a.id and at >= ${week} and at <= ${at} order by at limit 1)
        as "weekStart"
    from accounts a left join account_marks m on m.account_id = a.id
    -- A report that is made late must not know of a peak that came after.
    left join lateral (
      select equity, at from equity_snapshots where account_id = a.id and at <= ${at} and m.peak_at > ${at}
      order by equity desc, at limit 1) p on true
    where a.archived_at is null or a.archived_at > ${at}
    order by a.mode desc, a.name`;
}

const moneyOrNull = (text: string | null): Money | null => (text === null ? null : money(text));

const toMarks = (row: MarksRow): AccountMarks => ({
  ...{ accountId: row.accountId, name: row.name, mode: row.mode, enabled: row.enabled },
  ...{ peak: moneyOrNull(row.peak), peakAt: row.peakAt, firstAt: row.firstAt },
  equityAtDayStart: moneyOrNull(row.dayStart),
  equityAtWeekStart: moneyOrNull(row.weekStart),
  paidIn: row.firstEquity === null ? null : money(decimal(row.firstEquity).plus(row.paidSince ?? '0')),
});

interface OfAccount {
  readonly accountId: string;
}
interface EntryRow {
  accountId: string;
  symbol: string;
  side: Side;
  strategy: string;
  remaining: string;
  referencePrice: string;
}
interface RecordedRow {
  accountId: string;
  data: {
    at: string;
    cash: string;
    equity: string;
    positions: readonly { symbol: string; marketValue: string }[];
  };
}

const of = <Row extends { accountId: string }>(rows: readonly Row[], { accountId }: { accountId: string }): Row[] =>
  rows.filter((row) => row.accountId === accountId);

const toRecorded = ({ at, cash, equity, positions }: RecordedRow['data']) => ({
  at: new Date(at),
  cash: money(cash),
  equity: money(equity),
  holdings: positions.map(({ symbol, marketValue }) => ({ symbol, value: money(marketValue) })),
});

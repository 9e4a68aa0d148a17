import type postgres from 'postgres';
import { money, quantity } from '../../../core/decimal.ts';
import type { Mode } from '../../../core/model/mode.ts';
import type { Side } from '../../../core/model/signal.ts';
import type {
  AccountCloses,
  ListedTrade,
  PerformanceBooks,
  RecordedClose,
} from '../../../core/ports/performance-books.ts';
import { marketZone } from '../../../core/zoned-day.ts';

interface CloseRow {
  accountId: string;
  day: string;
  at: Date;
  equity: string;
  isBefore: boolean;
}
interface TradeRow {
  accountId: string;
  strategy: string;
  symbol: string;
  side: Side;
  quantity: string;
  profit: string;
  risk: string | null;
  signalId: string | null;
  openedAt: Date;
  closedAt: Date;
}

/** What performance is made of, from PostgreSQL; best with a client of its own, so that no page keeps an order waiting. */
export function createPerformanceBooks({ sql }: { readonly sql: postgres.Sql }): PerformanceBooks {
  const startOf = (day: string) => sql`(${day}::date::timestamp at time zone ${marketZone})`;
  const endOf = (day: string) => sql`((${day}::date + 1)::timestamp at time zone ${marketZone})`;

  return {
    async accounts() {
      return sql<{ id: string; name: string; mode: Mode; firstAt: Date | null }[]>`
        select a.id, a.name, a.mode, m.first_at as "firstAt"
        from accounts a left join account_marks m on m.account_id = a.id
        order by a.archived_at nulls first, a.created_at, a.name`;
    },

    async closes(accountIds, fromDay, toDay) {
      if (accountIds.length === 0) return [];
      // A day is one look into the index, however many times a minute equity is recorded.
      const rows = await sql<CloseRow[]>`
        select a.id as "accountId", to_char(d.day, 'YYYY-MM-DD') as day, e.at, e.equity, false as "isBefore"
        from accounts a
        cross join generate_series(${fromDay}::date, ${toDay}::date, interval '1 day') as d(day)
        cross join lateral (
          select at, equity from equity_snapshots
          where account_id = a.id and at >= d.day::timestamp at time zone ${marketZone}
            and at < (d.day + interval '1 day')::timestamp at time zone ${marketZone}
          order by at desc limit 1) e
        where a.id in ${sql([...accountIds])}
        union all
        select a.id, to_char(e.at at time zone ${marketZone}, 'YYYY-MM-DD'), e.at, e.equity, true
        from accounts a
        cross join lateral (
          (select at, equity, 0 as choice from equity_snapshots where account_id = a.id and at < ${startOf(fromDay)} order by at desc limit 1)
          union all
          (select at, equity, 1 from equity_snapshots where account_id = a.id and at >= ${startOf(fromDay)} and at < ${endOf(toDay)} order by at limit 1)
          order by choice limit 1) e
        where a.id in ${sql([...accountIds])}
        order by 3`;
      const payments = await sql<{ accountId: string; at: Date; amount: string }[]>`
        select t.account_id as "accountId", t.posted_at as at, -sum(e.amount) as amount
        from ledger_entries e join ledger_transactions t on t.id = e.transaction_id
        where e.account_id in ${sql([...accountIds])} and e.book = 'capital' and t.posted_at < ${endOf(toDay)}
        group by t.id order by t.posted_at`;
      return accountIds.map((accountId): AccountCloses => {
        const own = rows.filter((row) => row.accountId === accountId);
        const before = own.find((row) => row.isBefore) ?? null;
        return {
          accountId,
          before: before && toClose(before),
          closes: own.filter((row) => !row.isBefore).map(toClose),
          payments: payments
            .filter((one) => one.accountId === accountId && before !== null && one.at > before.at)
            .map(({ at, amount }) => ({ at, amount: money(amount) })),
        };
      });
    },

    async trades({ accountIds, strategy, fromDay, toDay }, limit) {
      if (accountIds.length === 0) return [];
      const rows = await sql<TradeRow[]>`
        select c.account_id as "accountId", c.strategy, c.symbol, c.side, c.quantity, c.profit, c.signal_id as "signalId",
          c.opened_at as "openedAt", c.closed_at as "closedAt", (d.sizing ->> 'riskPerShare')::numeric * c.quantity as risk
        from closed_trades c
        left join decisions d on d.signal_id = c.signal_id and d.account_id = c.account_id
        where c.account_id in ${sql([...accountIds])} and c.closed_at >= ${startOf(fromDay)} and c.closed_at < ${endOf(toDay)}
          ${strategy === null ? sql`` : sql`and c.strategy = ${strategy}`}
        order by c.closed_at desc, c.seq desc limit ${limit}`;
      return rows.map(
        (row): ListedTrade => ({
          ...row,
          quantity: quantity(row.quantity),
          profit: money(row.profit),
          risk: row.risk === null ? null : money(row.risk),
        }),
      );
    },

    async openedAt({ accountIds, strategy }) {
      if (accountIds.length === 0) return [];
      const rows = await sql<{ at: Date }[]>`
        select opened_at as at from trade_folds
        where account_id in ${sql([...accountIds])} and side is not null and opened_at is not null
          ${strategy === null ? sql`` : sql`and strategy = ${strategy}`}`;
      return rows.map(({ at }) => at);
    },

    async strategies(accountIds) {
      if (accountIds.length === 0) return [];
      const rows = await sql<{ strategy: string }[]>`
        select distinct strategy from trade_folds where account_id in ${sql([...accountIds])} order by 1`;
      return rows.map(({ strategy }) => strategy);
    },
  };
}

const toClose = ({ day, at, equity }: CloseRow): RecordedClose => ({ day, at, equity: money(equity) });

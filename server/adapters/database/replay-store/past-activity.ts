import { money } from '../../../core/decimal.ts';
import type { AccountActivity, ApprovedEntry, StrategyTrade } from '../../../core/model/account-activity.ts';
import type { KeptFacts } from '../../../core/model/kept-facts.ts';
import type { Side } from '../../../core/model/signal.ts';
import { marketZone, startOfDay } from '../../../core/zoned-day.ts';
import { entriesSince, mostTrades, tradesForMs } from '../decision-store/activity.ts';
import type { Statements } from '../event-reader/append-events.ts';

interface Decided {
  readonly decisionId: string;
  readonly accountId: string;
  readonly kept: KeptFacts;
}

interface EntryRow {
  decisionId: string;
  at: Date;
  strategy: string;
  symbol: string;
  value: string;
}

interface TradeRow {
  strategy: string;
  symbol: string;
  side: Side;
  profit: string;
  openedAt: Date;
  closedAt: Date;
}

type Past = Pick<AccountActivity, 'entries' | 'trades'>;
const nothing: Past = { entries: [], trades: [] };

/** What the accounts of some decisions had done before each of them: read at once, and cut for each. */
export async function readActivity(
  sql: Statements,
  decided: readonly Decided[],
): Promise<(decisionId: string) => Past> {
  const byAccount = Map.groupBy(decided, (one) => one.accountId);
  const found = new Map<string, Past>();
  for (const [accountId, own] of byAccount) {
    const [entries, trades] = await Promise.all([readEntries(sql, accountId, own), readTrades(sql, accountId, own)]);
    for (const { decisionId, kept } of own) {
      found.set(decisionId, { entries: entriesBefore(entries, decisionId, kept), trades: tradesBefore(trades, kept) });
    }
  }
  return (decisionId) => found.get(decisionId) ?? nothing;
}

const sinceOf = ({ now }: KeptFacts): Date => entriesSince(new Date(now), startOfDay(new Date(now), marketZone));

async function readEntries(
  sql: Statements,
  accountId: string,
  decided: readonly Decided[],
): Promise<(ApprovedEntry & { readonly decisionId: string })[]> {
  const busy = decided.filter(({ kept }) => kept.activity.entries > 0);
  if (busy.length === 0) return [];
  const since = Math.min(...busy.map(({ kept }) => sinceOf(kept).getTime()));
  const until = Math.max(...busy.map(({ kept }) => kept.now));
  const rows = await sql<EntryRow[]>`
    select decision_id as "decisionId", min(created_at) as at, strategy, symbol, sum(quantity * reference_price) as value
    from orders
    where account_id = ${accountId} and role = 'entry' and created_at >= ${new Date(since)} and created_at <= ${new Date(until)}
      and decision_id is not null and parent_id is null and replaces_id is null
    group by decision_id, strategy, symbol order by at desc`;
  return rows.map((row) => ({ ...row, value: money(row.value) }));
}

function entriesBefore(
  entries: readonly (ApprovedEntry & { readonly decisionId: string })[],
  decisionId: string,
  kept: KeptFacts,
): ApprovedEntry[] {
  if (kept.activity.entries === 0) return [];
  const since = sinceOf(kept).getTime();
  return entries.filter(
    (one) => one.at.getTime() >= since && one.at.getTime() <= kept.now && one.decisionId !== decisionId,
  );
}

async function readTrades(sql: Statements, accountId: string, decided: readonly Decided[]): Promise<StrategyTrade[]> {
  const newest = decided.flatMap(({ kept }) => kept.activity.newestTrade ?? []);
  if (newest.length === 0) return [];
  const [first, last] = [Math.min(...newest), Math.max(...newest)];
  // Those that the first of the decisions saw, and all since then.
  const rows = await sql<TradeRow[]>`
    select * from (
      (select strategy, symbol, side, profit, opened_at as "openedAt", closed_at as "closedAt", seq from closed_trades
        where account_id = ${accountId} and closed_at > ${new Date(first)} and closed_at <= ${new Date(last)})
      union all
      (select strategy, symbol, side, profit, opened_at, closed_at, seq from closed_trades
        where account_id = ${accountId} and closed_at <= ${new Date(first)}
        order by closed_at desc, seq desc limit ${mostTrades})
    ) as trades order by "closedAt" desc, seq desc`;
  return rows.map(({ strategy, symbol, side, profit, openedAt, closedAt }) => ({
    ...{ strategy, symbol, side, openedAt, closedAt },
    profit: money(profit),
  }));
}

function tradesBefore(trades: readonly StrategyTrade[], { now, activity }: KeptFacts): StrategyTrade[] {
  const { newestTrade } = activity;
  if (newestTrade === null) return [];
  const since = now - tradesForMs;
  return trades
    .filter(({ closedAt }) => closedAt.getTime() <= newestTrade && closedAt.getTime() >= since)
    .slice(0, mostTrades);
}

import type postgres from 'postgres';
import type { Account, EquityPoint, Position } from '../../../contract/index.ts';
import { type Money, money, type Price, quantity, text, toCents } from '../../../core/decimal.ts';
import { terminalStatuses } from '../../../core/model/order.ts';
import { equity, unrealizedPnl } from '../../../core/model/valuation.ts';
import { marketZone, startOfDay } from '../../../core/zoned-day.ts';
import { iso, isoOrNull } from './paging.ts';

/** The last price seen of a symbol, from the account's market data; null: none. */
export type LastPrice = (accountId: string, symbol: string) => Price | null;

interface PositionRow {
  accountId: string;
  symbol: string;
  quantity: string;
  cost: string;
  realizedPnl: string;
  openedAt: Date | null;
  updatedAt: Date;
  stopLossPrice: string | null;
  takeProfitPrice: string | null;
  lots: {
    strategy: string;
    quantity: string;
    cost: string;
    realizedPnl: string;
    protection: Position['lots'][number]['protection'];
  }[];
}

const readPositions = (sql: postgres.Sql, accountId: string | undefined) => sql<PositionRow[]>`
  select p.account_id as "accountId", p.symbol, p.quantity, p.cost, p.realized_pnl as "realizedPnl",
         p.opened_at as "openedAt", p.updated_at as "updatedAt",
         trim_scale(l.stop)::text as "stopLossPrice", trim_scale(l.target)::text as "takeProfitPrice",
         array(
           select jsonb_build_object('strategy', s.strategy, 'quantity', s.quantity::text, 'cost', s.cost::text,
             'realizedPnl', s.realized_pnl::text, 'protection', (
               select jsonb_build_object('stage', k.stage, 'covered', trim_scale(k.covered)::text,
                 'stopPrice', trim_scale(k.stop_price)::text, 'uncoveredSince', k.uncovered_since,
                 'protectedMs', (
                   select max(t.milliseconds)
                   from protection_times t join trade_executions e on e.id = t.execution_id join orders o on o.id = t.order_id
                   where o.account_id = s.account_id and o.strategy = s.strategy and o.symbol = s.symbol
                     and e.executed_at >= s.opened_at))
               from protections k
               where k.account_id = s.account_id and k.strategy = s.strategy and k.symbol = s.symbol and k.stage <> 'none'))
           from strategy_positions s where s.account_id = p.account_id and s.symbol = p.symbol and s.quantity <> 0
           order by s.strategy) as lots
  from positions p
  left join lateral (
    -- The nearest of several: below the price of a long position is its highest stop, above that of a short one its lowest.
    select case when p.quantity > 0 then max(o.stop_price) filter (where o.role = 'stop_loss')
                else min(o.stop_price) filter (where o.role = 'stop_loss') end as stop,
           case when p.quantity > 0 then min(o.limit_price) filter (where o.role = 'take_profit')
                else max(o.limit_price) filter (where o.role = 'take_profit') end as target
    from orders o
    where o.account_id = p.account_id and o.symbol = p.symbol and o.status not in ${sql([...terminalStatuses])}
  ) l on true
  where ${accountId ? sql`p.account_id = ${accountId}` : sql`true`}
  order by p.symbol, p.account_id`;

function showPosition(row: PositionRow, last: Price | null): Position {
  const held = quantity(row.quantity);
  const cost = money(row.cost);
  const flat = held.eq('0');
  return {
    accountId: row.accountId,
    symbol: row.symbol,
    quantity: text(held),
    averagePrice: flat ? '0' : text(cost.div(held).round(6, 1)),
    cost: text(cost),
    lastPrice: last && text(last),
    marketValue: last && text(held.times(last)),
    unrealizedPnl: last && text(toCents(unrealizedPnl({ quantity: held, cost }, last))),
    realizedPnl: text(toCents(money(row.realizedPnl))),
    stopLossPrice: flat ? null : row.stopLossPrice,
    takeProfitPrice: flat ? null : row.takeProfitPrice,
    lots: row.lots.map((lot) => ({
      strategy: lot.strategy,
      quantity: text(quantity(lot.quantity)),
      averagePrice: text(money(lot.cost).div(lot.quantity).round(6, 1)),
      realizedPnl: text(toCents(money(lot.realizedPnl))),
      protection: lot.protection && {
        ...lot.protection,
        uncoveredSince: lot.protection.uncoveredSince && iso(new Date(lot.protection.uncoveredSince)),
      },
    })),
    openedAt: isoOrNull(row.openedAt),
    updatedAt: iso(row.updatedAt),
  };
}

/** Open positions; flat ones are left out, but for those that strategies hold against each other. */
export async function listPositions(sql: postgres.Sql, lastPrice: LastPrice, accountId?: string): Promise<Position[]> {
  const rows = await readPositions(sql, accountId);
  return rows
    .filter((row) => !quantity(row.quantity).eq('0') || row.lots.length > 0)
    .map((row) => showPosition(row, lastPrice(row.accountId, row.symbol)));
}

interface AccountRow {
  id: string;
  name: string;
  broker: string;
  venue: Account['venue'];
  mode: Account['mode'];
  enabled: boolean;
  cash: string;
  realizedPnl: string;
  brokerCash: string | null;
  brokerEquity: string | null;
  brokerBuyingPower: string | null;
  reconciledAt: Date | null;
  accountNumber: string | null;
  keysFrom: Account['keysFrom'];
  archivedAt: Date | null;
  dayStart: string | null;
}

/** Every account with its figures, folded from the ledger and valued at the last prices. */
export async function listAccounts(
  sql: postgres.Sql,
  lastPrice: LastPrice,
  connected: (accountId: string) => boolean,
  now: Date,
): Promise<Account[]> {
  const dayStart = startOfDay(now, marketZone);
  const [rows, positions] = await Promise.all([
    sql<AccountRow[]>`
      select a.id, a.name, a.broker, a.venue, a.mode, a.enabled, a.broker_cash as "brokerCash",
             a.broker_equity as "brokerEquity", a.broker_buying_power as "brokerBuyingPower",
             a.reconciled_at as "reconciledAt", a.account_number as "accountNumber", a.keys_from as "keysFrom",
             a.archived_at as "archivedAt", l.cash, l.realized as "realizedPnl",
             coalesce(
               (select equity from equity_snapshots e where e.account_id = a.id and e.at < ${dayStart} order by at desc limit 1),
               (select equity from equity_snapshots e where e.account_id = a.id and e.at >= ${dayStart} order by at limit 1)
             ) as "dayStart"
      from accounts a
      left join lateral (
        select coalesce(sum(amount) filter (where book = 'cash'), 0) as cash,
               coalesce(-sum(amount) filter (where book = 'realized_pnl'), 0) as realized
        from ledger_entries where account_id = a.id and book in ('cash', 'realized_pnl')
      ) l on true
      order by a.archived_at nulls first, a.mode, a.name`,
    readPositions(sql, undefined),
  ]);
  return rows.map((row) => {
    const holdings = positions
      .filter((held) => held.accountId === row.id)
      .map((held) => ({ symbol: held.symbol, quantity: quantity(held.quantity), cost: money(held.cost) }));
    const prices = new Map<string, Price>();
    for (const { symbol } of holdings) {
      const last = lastPrice(row.id, symbol);
      if (last) prices.set(symbol, last);
    }
    const value = equity(money(row.cash), holdings, prices);
    const cents = (amount: Money): string => text(toCents(amount));
    const orNull = (amount: string | null): string | null => amount && text(money(amount));
    return {
      id: row.id,
      name: row.name,
      broker: row.broker,
      venue: row.venue,
      mode: row.mode,
      enabled: row.enabled,
      cash: cents(money(row.cash)),
      positionValue: cents(value.positionValue),
      equity: cents(value.equity),
      realizedPnl: cents(money(row.realizedPnl)),
      unrealizedPnl: cents(value.unrealizedPnl),
      dayPnl: row.dayStart && cents(money(value.equity.minus(row.dayStart))),
      brokerCash: orNull(row.brokerCash),
      brokerEquity: orNull(row.brokerEquity),
      brokerBuyingPower: orNull(row.brokerBuyingPower),
      connected: connected(row.id),
      reconciledAt: isoOrNull(row.reconciledAt),
      accountNumber: row.accountNumber,
      keysFrom: row.keysFrom,
      archivedAt: isoOrNull(row.archivedAt),
    };
  });
}

type EquityRow = Omit<EquityPoint, 'at'> & { at: Date };

/** The curve since a moment, thinned to at most some 1,500 points by keeping the last of each stretch. */
export async function equityCurve(sql: postgres.Sql, accountId: string, since: Date): Promise<EquityPoint[]> {
  const rows = await sql<EquityRow[]>`
    with span as (
      select extract(epoch from (max(at) - min(at))) / 1500 as width
      from equity_snapshots where account_id = ${accountId} and at >= ${since}
    ), thinned as (
      select distinct on (floor(extract(epoch from at) / greatest(width, 1))) *
      from equity_snapshots, span where account_id = ${accountId} and at >= ${since}
      order by floor(extract(epoch from at) / greatest(width, 1)), at desc
    )
    select at, trim_scale(round(cash, 2))::text as cash, trim_scale(round(position_value, 2))::text as "positionValue",
           trim_scale(round(equity, 2))::text as equity, trim_scale(round(realized_pnl, 2))::text as "realizedPnl",
           trim_scale(round(unrealized_pnl, 2))::text as "unrealizedPnl"
    from thinned order by at`;
  return rows.map((row) => ({ ...row, at: iso(row.at) }));
}

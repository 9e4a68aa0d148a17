import { money, price, quantity } from '../../../core/decimal.ts';
import type { AccountView } from '../../../core/model/account-view.ts';
import type { Mode } from '../../../core/model/mode.ts';
import { isTerminal, type OrderRole, orderStatuses } from '../../../core/model/order.ts';
import type { Side } from '../../../core/model/signal.ts';
import type { Bar, LockedView, SignalToDecide } from '../../../core/ports/decision-store.ts';
import { marketZone, startOfDay } from '../../../core/zoned-day.ts';
import type { Statements } from '../event-reader/append-events.ts';
import { readSetting } from '../settings-store/shapes.ts';

const openStatuses = orderStatuses.filter((status) => !isTerminal(status));

interface OpenOrderRow {
  id: string;
  symbol: string;
  side: Side;
  role: OrderRole;
  remaining: string;
  referencePrice: string;
  countedByBroker: boolean;
}

/**
 * Locks the signal's row, the account's and the settings, in this order, and reads what the risk gate needs, all sent together: the
 * server runs the statements one after the other, so every read comes after the locks. Changes of settings lock their table against
 * the mode taken here: once a change of the kill switch has been committed, no decision made without it can be. Null: the
 * signal has been decided already.
 */
export async function readLockedView(
  sql: Statements,
  decided: SignalToDecide,
  accountId: string | null,
  bar: Bar,
  now: Date,
): Promise<LockedView | null> {
  const { signal, signalId } = decided;
  const dayStart = startOfDay(now, marketZone);
  const [, accounts, , before, figures, positions, orders, dayEquity, settings, inBar] = await Promise.all([
    sql`select 1 from trading_signals where id = ${signalId} for no key update`,
    sql<{ name: string; mode: Mode; enabled: boolean }[]>`
      select name, mode, enabled from accounts where id = ${accountId} for no key update`,
    sql`lock table settings in row exclusive mode`,
    sql`select 1 from decisions where signal_id = ${signalId}`,
    sql<{ cash: string; buyingPower: string | null }[]>`
      select (select coalesce(sum(amount), 0) from ledger_entries where account_id = ${accountId} and book = 'cash') as cash,
        (select broker_buying_power - (
           select coalesce(sum(o.filled_cost), 0) from orders o
           where o.account_id = a.id and o.role = 'entry' and o.acknowledged_at >= a.broker_seen_at
             and o.created_at > a.broker_seen_at - interval '1 day')
         from accounts a where a.id = ${accountId}) as "buyingPower"`,
    sql<{ symbol: string; quantity: string; cost: string; realizedPnl: string }[]>`
      select symbol, quantity, cost, realized_pnl as "realizedPnl"
      from positions where account_id = ${accountId} and quantity <> 0`,
    sql<OpenOrderRow[]>`
      select o.id, o.symbol, o.side, o.role, o.quantity - o.filled_quantity as remaining,
        o.reference_price as "referencePrice", coalesce(o.acknowledged_at < a.broker_seen_at, false) as "countedByBroker"
      from orders o join accounts a on a.id = o.account_id
      where o.account_id = ${accountId} and o.status in ${sql(openStatuses)}`,
    sql<{ equity: string }[]>`
      (select equity from equity_snapshots where account_id = ${accountId} and at < ${dayStart} order by at desc limit 1)
      union all
      (select equity from equity_snapshots where account_id = ${accountId} and at >= ${dayStart} order by at limit 1)
      limit 1`,
    sql<{ key: string; value: unknown }[]>`
      select key, value from settings where key in ('kill_switch', 'risk', 'mode.master')`,
    sql<{ id: string }[]>`
      select id from trading_signals
      where ticker = ${signal.ticker} and side = ${signal.side} and strategy = ${signal.strategy} and status = 'approved'
        and parsed->>'timeframe' is not distinct from ${signal.timeframe} and id <> ${signalId}
        and received_at >= ${bar.start}::timestamptz - interval '1 hour'
        and coalesce((parsed->>'firedAt')::timestamptz, received_at) >= ${bar.start}
        and coalesce((parsed->>'firedAt')::timestamptz, received_at) < ${bar.end}
        and exists (select 1 from decisions d where d.signal_id = trading_signals.id and d.account_id = ${accountId})
      order by received_at desc limit 1`,
  ]);
  if (before.length > 0) return null;
  const stored = (key: string): unknown => settings.find((row) => row.key === key)?.value;
  const row = accounts[0];
  const account: AccountView | null =
    row && accountId
      ? {
          accountId,
          name: row.name,
          mode: row.mode,
          enabled: row.enabled,
          cash: money(figures[0]!.cash),
          brokerBuyingPower: figures[0]!.buyingPower === null ? null : money(figures[0]!.buyingPower),
          equityAtDayStart: dayEquity[0] ? money(dayEquity[0].equity) : null,
          positions: positions.map((held) => ({
            symbol: held.symbol,
            quantity: quantity(held.quantity),
            cost: money(money(held.cost).abs()),
            realizedPnl: money(held.realizedPnl),
          })),
          openOrders: orders.map((order) => ({
            orderId: order.id,
            symbol: order.symbol,
            side: order.side,
            role: order.role,
            remaining: quantity(order.remaining),
            referencePrice: price(order.referencePrice),
            countedByBroker: order.countedByBroker,
          })),
        }
      : null;
  return {
    account,
    killSwitch: readSetting('kill_switch', stored('kill_switch')),
    limits: readSetting('risk', stored('risk')),
    master: readSetting('mode.master', stored('mode.master')),
    approvedInBar: inBar[0]?.id ?? null,
  };
}

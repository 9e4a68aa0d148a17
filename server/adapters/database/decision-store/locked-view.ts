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

interface AccountRow {
  name: string;
  mode: Mode;
  enabled: boolean;
  brokerBuyingPower: string | null;
}

/**
 * Locks the account's row and reads what the risk gate needs, sent together: the server runs the statements one after the other, so every
 * read comes after the lock. Null: the signal has been decided already.
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
  const [accounts, before, cash, positions, orders, dayEquity, settings, inBar] = await Promise.all([
    sql<AccountRow[]>`
      select name, mode, enabled, broker_buying_power as "brokerBuyingPower"
      from accounts where id = ${accountId} for no key update`,
    sql`select 1 from decisions where signal_id = ${signalId}`,
    sql<{ cash: string }[]>`
      select coalesce(sum(amount), 0) as cash from ledger_entries where account_id = ${accountId} and book = 'cash'`,
    sql<{ symbol: string; quantity: string; cost: string; realizedPnl: string }[]>`
      select symbol, quantity, cost, realized_pnl as "realizedPnl"
      from positions where account_id = ${accountId} and quantity <> 0`,
    sql<{ id: string; symbol: string; side: Side; role: OrderRole; remaining: string; referencePrice: string }[]>`
      select id, symbol, side, role, quantity - filled_quantity as remaining, reference_price as "referencePrice"
      from orders where account_id = ${accountId} and status in ${sql(openStatuses)}`,
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
          cash: money(cash[0]!.cash),
          brokerBuyingPower: row.brokerBuyingPower === null ? null : money(row.brokerBuyingPower),
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

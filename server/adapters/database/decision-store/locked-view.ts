import { money, price, quantity } from '../../../core/decimal.ts';
import type { AccountView } from '../../../core/model/account-view.ts';
import type { Destination } from '../../../core/model/destination.ts';
import type { Mode } from '../../../core/model/mode.ts';
import {
  isTerminal,
  type OrderRole,
  type OrderStatus,
  type OrderType,
  orderStatuses,
} from '../../../core/model/order.ts';
import type { RefusalCode } from '../../../core/model/refusals.ts';
import type { Side } from '../../../core/model/signal.ts';
import type { Bar, LockedView, SignalToDecide } from '../../../core/ports/decision-store.ts';
import { marketZone, startOfDay } from '../../../core/zoned-day.ts';
import type { Statements } from '../event-reader/append-events.ts';
import { selectEngaged, toKillSwitch } from '../kill-switch-store/rows.ts';
import { selectLimits, toLimits } from '../limit-store/rows.ts';
import { readSetting } from '../settings-store/shapes.ts';
import { type ActivityReader, noActivity } from './activity.ts';
import { heldBySymbol } from './held-by-symbol.ts';
import { readSequence, toSequence } from './sequence.ts';

/** Of orders that are not final. */
export const openStatuses = orderStatuses.filter((status) => !isTerminal(status));

interface OpenOrderRow {
  id: string;
  symbol: string;
  side: Side;
  strategy: string;
  role: OrderRole;
  status: OrderStatus;
  type: OrderType;
  parentId: string | null;
  limitPrice: string | null;
  stopPrice: string | null;
  trailPrice: string | null;
  trailPercent: string | null;
  remaining: string;
  referencePrice: string;
  stopLoss: string | null;
  countedByBroker: boolean;
}

/** A decision that the signal has already. */
export interface DecidedRow {
  readonly accountId: string | null;
  readonly outcome: 'approved' | 'denied' | 'held';
  readonly shadow: boolean;
  readonly code: RefusalCode | null;
  readonly sentence: string | null;
}

/** What is read with the locks held. */
export interface Locked {
  readonly view: LockedView;
  /** As set down with the signal's first decision; null: this is the first. */
  readonly destinations: readonly Destination[] | null;
  readonly before: readonly DecidedRow[];
}

/**
 * Locks the signal's row, the account's and the settings, in this order, and reads what the risk gate needs, all sent together: the
 * server runs the statements one after the other, so every read comes after the locks. Changes of settings lock their table against
 * the mode taken here: once a change of the kill switch has been committed, no decision made without it can be. Null: the
 * signal has been decided for this account already, or is not for it.
 */
export async function readLockedView(
  sql: Statements,
  decided: SignalToDecide,
  accountId: string | null,
  bar: Bar,
  now: Date,
  activity: ActivityReader,
  /** It is decided anew: what was decided for the account before is no obstacle, and not among `before`. */
  again = false,
): Promise<Locked | null> {
  return readView(sql, decided, accountId, bar, now, activity, true, again);
}

/** The same view with nothing locked, for an alert that is not stored: what a decision made at this moment would see. */
export async function readUnlockedView(
  sql: Statements,
  asked: SignalToDecide,
  accountId: string | null,
  bar: Bar,
  now: Date,
  activity: ActivityReader,
): Promise<LockedView> {
  const read = await readView(sql, asked, accountId, bar, now, activity, false);
  if (read === null) throw new Error(`signal ${asked.signalId} is stored and has been decided`);
  return read.view;
}

async function readView(
  sql: Statements,
  decided: SignalToDecide,
  accountId: string | null,
  bar: Bar,
  now: Date,
  activity: ActivityReader,
  locks: boolean,
  again = false,
): Promise<Locked | null> {
  const { signal, signalId } = decided;
  const locked = locks ? sql`for no key update` : sql``;
  const dayStart = startOfDay(now, marketZone);
  const [
    marked,
    accounts,
    ,
    decisions,
    figures,
    positions,
    lots,
    orders,
    dayEquity,
    settings,
    engaged,
    limits,
    inBar,
    sequence,
    ...did
  ] = await Promise.all([
    sql<{ destinations: Destination[] | null }[]>`
      select destinations from trading_signals where id = ${signalId} ${locked}`,
    sql<{ name: string; mode: Mode; enabled: boolean }[]>`
      select name, mode, enabled from accounts where id = ${accountId} ${locked}`,
    locks ? sql`lock table settings in row exclusive mode` : null,
    sql<DecidedRow[]>`
      select account_id as "accountId", outcome, shadow, code, sentence from decisions where signal_id = ${signalId}`,
    sql<{ cash: string; buyingPower: string | null }[]>`
      select coalesce((select balance from account_balances where account_id = ${accountId} and book = 'cash'), 0) as cash,
        (select broker_buying_power - (
           select coalesce(sum(o.filled_cost), 0) from orders o
           where o.account_id = a.id and o.role = 'entry' and o.acknowledged_at >= a.broker_seen_at
             and o.created_at > a.broker_seen_at - interval '1 day')
         from accounts a where a.id = ${accountId}) as "buyingPower"`,
    sql<{ symbol: string; quantity: string; cost: string; realizedPnl: string }[]>`
      select symbol, quantity, cost, realized_pnl as "realizedPnl"
      from positions where account_id = ${accountId} and quantity <> 0`,
    sql<{ strategy: string; symbol: string; quantity: string; cost: string }[]>`
      select strategy, symbol, quantity, cost from strategy_positions
      where account_id = ${accountId} and quantity <> 0 order by strategy`,
    sql<OpenOrderRow[]>`
      select o.id, o.symbol, o.side, o.strategy, o.role, o.status, o.type, o.parent_id as "parentId",
        o.limit_price as "limitPrice", o.stop_price as "stopPrice", o.trail_price as "trailPrice",
        o.trail_percent as "trailPercent", o.quantity - o.filled_quantity as remaining,
        o.reference_price as "referencePrice", o.stop_loss_price as "stopLoss", coalesce(o.acknowledged_at < a.broker_seen_at, false) as "countedByBroker"
      from orders o join accounts a on a.id = o.account_id
      where o.account_id = ${accountId} and o.status in ${sql(openStatuses)}
      order by o.created_at, o.id`,
    sql<{ equity: string }[]>`
      (select equity from equity_snapshots where account_id = ${accountId} and at < ${dayStart} order by at desc limit 1)
      union all
      (select equity from equity_snapshots where account_id = ${accountId} and at >= ${dayStart} order by at limit 1)
      limit 1`,
    sql<{ key: string; value: unknown }[]>`
      select key, value from settings where key = 'mode.master'`,
    selectEngaged(sql),
    selectLimits(sql),
    sql<{ id: string }[]>`
      select id from trading_signals
      where ticker = ${signal.ticker} and side is not distinct from ${signal.side}
        and coalesce(parsed ->> 'action', side) = ${signal.action} and strategy = ${signal.strategy}
        and parsed->>'timeframe' is not distinct from ${signal.timeframe} and id <> ${signalId}
        and received_at >= ${bar.start}::timestamptz - interval '1 hour'
        and coalesce((parsed->>'firedAt')::timestamptz, received_at) >= ${bar.start}
        and coalesce((parsed->>'firedAt')::timestamptz, received_at) < ${bar.end}
        and exists (select 1 from decisions d
          where d.signal_id = trading_signals.id and d.account_id = ${accountId} and d.outcome = 'approved')
      order by received_at desc limit 1`,
    readSequence(sql, decided, accountId),
    ...activity.ask(sql, accountId, now),
  ]);
  const destinations = marked[0]?.destinations ?? null;
  const before = again ? decisions.filter((one) => one.accountId !== accountId) : decisions;
  if (before.some((one) => one.accountId === accountId)) return null;
  // Decided before there could be several.
  if (destinations === null && before.length > 0) return null;
  if (destinations && !destinations.some((one) => one.accountId === accountId)) return null;
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
          positions: heldBySymbol(positions, lots),
          openOrders: orders.map((order) => ({
            orderId: order.id,
            symbol: order.symbol,
            side: order.side,
            strategy: order.strategy,
            role: order.role,
            status: order.status,
            type: order.type,
            parentId: order.parentId,
            limitPrice: order.limitPrice === null ? null : price(order.limitPrice),
            stopPrice: order.stopPrice === null ? null : price(order.stopPrice),
            trail: order.trailPrice
              ? { price: price(order.trailPrice) }
              : order.trailPercent
                ? { percent: price(order.trailPercent) }
                : null,
            remaining: quantity(order.remaining),
            referencePrice: price(order.referencePrice),
            stopLoss: order.stopLoss === null ? null : price(order.stopLoss),
            countedByBroker: order.countedByBroker,
          })),
        }
      : null;
  const view: LockedView = {
    account,
    killSwitches: engaged.map(toKillSwitch),
    limits: toLimits(limits),
    activity: account === null ? noActivity : activity.read(account.accountId, now, did),
    master: readSetting('mode.master', settings[0]?.value),
    approvedInBar: inBar[0]?.id ?? null,
    ...(sequence[0] && { sequence: toSequence(sequence[0]) }),
  };
  return { view, destinations, before };
}

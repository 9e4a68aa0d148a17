import { money, price, quantity } from '../../../core/decimal.ts';
import type { Mode } from '../../../core/model/mode.ts';
import { openStatuses } from '../../../core/model/order.ts';
import { externalStrategy } from '../../../core/model/posting.ts';
import type { ExposureFacts, ExposureOrder, OpeningFill, ProtectionStage } from '../../../core/model/protection.ts';
import type { Statements } from '../event-reader/append-events.ts';

/** Which exposures are meant. */
export interface FactsScope {
  readonly accountId: string;
  readonly symbol?: string | undefined;
  readonly strategy?: string;
}

interface ExposureRow {
  readonly strategy: string;
  readonly symbol: string;
  readonly mode: Mode;
  readonly held: string;
  readonly cost: string;
  readonly openedAt: Date | null;
  readonly ownOrders: number;
  readonly stage: ProtectionStage | null;
  readonly uncoveredSince: Date | null;
  readonly overSince: Date | null;
  readonly alarmed: boolean | null;
  readonly knownHeld: string | null;
  readonly covered: string | null;
  readonly stopOrderId: string | null;
  readonly stopPrice: string | null;
}

type OrderFactsRow = Omit<
  ExposureOrder,
  'quantity' | 'filledQuantity' | 'limitPrice' | 'stopPrice' | 'trail' | 'takeProfit' | 'stopLoss' | 'stopLossLimit'
> & {
  readonly strategy: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly trailPrice: string | null;
  readonly trailPercent: string | null;
  readonly takeProfit: string | null;
  readonly stopLoss: string | null;
  readonly stopLossLimit: string | null;
};

type FillRow = Omit<OpeningFill, 'quantity'> & {
  readonly strategy: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly measured: boolean;
};

/** Reads exposures of an account: what strategies of ours hold, and what has a closing order open. Three statements in one trip. */
export async function readFacts(sql: Statements, scope: FactsScope): Promise<ExposureFacts[]> {
  const of = (table: 'p' | 'o' | 'e') => sql`
    ${scope.symbol === undefined ? sql`` : sql`and ${sql(table)}.symbol = ${scope.symbol}`}
    ${scope.strategy === undefined ? sql`` : sql`and ${sql(table === 'e' ? 'o' : table)}.strategy = ${scope.strategy}`}`;
  const exposures = sql`
    select p.strategy, p.symbol, p.quantity, p.cost, p.opened_at
    from strategy_positions p
    where p.account_id = ${scope.accountId} and p.strategy <> ${externalStrategy} ${of('p')} and (
      p.quantity <> 0
      or exists (
        select from orders o
        where o.account_id = p.account_id and o.strategy = p.strategy and o.symbol = p.symbol and o.role <> 'entry'
          and o.status in ${sql([...openStatuses])})
      or exists (
        select from protections k
        where k.account_id = p.account_id and k.strategy = p.strategy and k.symbol = p.symbol and k.stage <> 'none'))`;
  const [rows, orders, fills] = await Promise.all([
    sql<ExposureRow[]>`
      select x.strategy, x.symbol, a.mode, x.quantity::text as held, x.cost::text as cost, x.opened_at as "openedAt",
        k.stage, k.uncovered_since as "uncoveredSince", k.over_since as "overSince", k.alarmed, k.held::text as "knownHeld",
        k.covered::text as covered, k.stop_order_id as "stopOrderId", k.stop_price::text as "stopPrice",
        (select count(*)::int from orders o
         where o.account_id = ${scope.accountId} and o.strategy = x.strategy and o.symbol = x.symbol
           and o.origin in ('protection', 'flatten')) as "ownOrders"
      from (${exposures}) x join accounts a on a.id = ${scope.accountId}
        left join protections k
          on k.account_id = ${scope.accountId} and k.strategy = x.strategy and k.symbol = x.symbol
      order by x.symbol, x.strategy`,
    sql<OrderFactsRow[]>`
      select o.strategy, o.symbol, o.id as "orderId", o.signal_id as "signalId", o.parent_id as "parentId",
        -- Of one that cancels another, the first stands for shares that are there, as a filled entry does.
        case when parent.role = 'take_profit' then 'filled' else parent.status end as "parentStatus",
        (select max(e.executed_at) from trade_executions e where e.order_id = o.parent_id) as "parentFilledAt",
        o.status = 'approved' and coalesce(awaited.status in ${sql([...openStatuses])}, false) as "waitsForOther",
        o.origin, o.role, o.side, o.type, o.order_class as "orderClass", o.time_in_force as "timeInForce", o.status,
        o.quantity::text, o.filled_quantity::text as "filledQuantity", o.limit_price::text as "limitPrice",
        o.stop_price::text as "stopPrice", o.trail_price::text as "trailPrice", o.trail_percent::text as "trailPercent",
        o.take_profit_price::text as "takeProfit", o.stop_loss_price::text as "stopLoss",
        o.stop_loss_limit_price::text as "stopLossLimit",
        o.broker_order_id as "brokerOrderId",
        case when o.status = 'rejected' then
          (select v.data ->> 'code' from events v where v.order_id = o.id and v.kind = 'order.rejected' limit 1) end as "rejectedCode",
        o.origin in ('protection', 'flatten') and exists (
          select from events v where v.order_id = o.id and v.kind = 'order.cancel_requested' and v.data ? 'sentence')
          as "cancelAsked",
        o.problem, o.created_at as "createdAt", o.acknowledged_at as "acknowledgedAt", o.closed_at as "closedAt",
        o.updated_at as "updatedAt", o.broker_updated_at as "brokerUpdatedAt"
      from (${exposures}) x
        join orders o on o.account_id = ${scope.accountId} and o.strategy = x.strategy and o.symbol = x.symbol
        left join orders parent on parent.id = o.parent_id
        left join orders awaited on awaited.id = o.after_order_id
      where o.status in ${sql([...openStatuses])} or o.closed_at >= x.opened_at - interval '1 minute'
      order by o.created_at, o.id`,
    sql<FillRow[]>`
      select o.strategy, o.symbol, e.id as "executionId", e.order_id as "orderId", e.quantity::text,
        e.executed_at as "executedAt", exists (select from protection_times t where t.execution_id = e.id) as measured
      from (${exposures}) x
        join orders o on o.account_id = ${scope.accountId} and o.strategy = x.strategy and o.symbol = x.symbol
          and o.role = 'entry'
        join trade_executions e on e.order_id = o.id
      where x.quantity <> 0 and e.executed_at >= x.opened_at
        and (e.side = 'buy') = (x.quantity > 0)
      order by e.executed_at, e.id`,
  ]);
  return rows.map((row) => {
    const own = <T extends { strategy: string; symbol: string }>(all: readonly T[]): T[] =>
      all.filter((one) => one.strategy === row.strategy && one.symbol === row.symbol);
    const opening = own(fills);
    return {
      accountId: scope.accountId,
      strategy: row.strategy,
      symbol: row.symbol,
      mode: row.mode,
      held: quantity(row.held),
      cost: money(row.cost),
      openedAt: row.openedAt,
      orders: own(orders).map(toOrder),
      lastOpenedAt: opening.at(-1)?.executedAt ?? null,
      unmeasured: opening
        .filter((fill) => !fill.measured)
        .map(({ executionId, orderId, executedAt, quantity: size }) => ({
          executionId,
          orderId,
          executedAt,
          quantity: quantity(size),
        })),
      ownOrders: row.ownOrders,
      known:
        row.stage === null
          ? null
          : {
              stage: row.stage,
              uncoveredSince: row.uncoveredSince,
              overSince: row.overSince,
              held: quantity(row.knownHeld!),
              covered: quantity(row.covered!),
              stopOrderId: row.stopOrderId,
              stopPrice: row.stopPrice === null ? null : price(row.stopPrice),
              alarmed: row.alarmed === true,
            },
    };
  });
}

function toOrder(row: OrderFactsRow): ExposureOrder {
  const { strategy, symbol, trailPrice, trailPercent, ...rest } = row;
  const orNull = (value: string | null) => (value === null ? null : price(value));
  return {
    ...rest,
    quantity: quantity(row.quantity),
    filledQuantity: quantity(row.filledQuantity),
    limitPrice: orNull(row.limitPrice),
    stopPrice: orNull(row.stopPrice),
    // How an entry trails itself says nothing of its stop.
    trail:
      row.role === 'entry' && row.type === 'trailing_stop'
        ? null
        : trailPrice !== null
          ? { price: price(trailPrice) }
          : trailPercent !== null
            ? { percent: price(trailPercent) }
            : null,
    takeProfit: orNull(row.takeProfit),
    stopLoss: orNull(row.stopLoss),
    stopLossLimit: orNull(row.stopLossLimit),
  };
}

import { quantity, text } from '../../../core/decimal.ts';
import type { BrokerFill } from '../../../core/model/broker-order.ts';
import { isTerminal } from '../../../core/model/order.ts';
import type { Posting } from '../../../core/model/posting.ts';
import { attributeFill } from '../../../pipeline/ledger/move-lots.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { postOnce } from '../ledger-store/post.ts';
import { refold } from '../trade-history/trade-history.ts';
import type { OrderStoreOptions } from './context.ts';
import type { OrderRow } from './order-row.ts';

/** A fill that was booked while its order was not known to be ours. */
export interface BookedAsForeign {
  readonly realizedPnl: string;
  /** The broker took it back, or put another in its place: it is nobody's any more. */
  readonly takenBack: boolean;
}

/** What a fill comes to for its order and its strategy. */
export interface FillOfOrder {
  readonly after: OrderRow;
  readonly lot: Posting;
  readonly fill: BrokerFill;
  readonly source: 'stream' | 'poll';
}

/** Whether the fill was booked to nobody here, and is still nobody's. */
export async function bookedAsForeign(
  tx: Statements,
  accountId: string,
  executionId: string,
): Promise<BookedAsForeign | null> {
  const [row] = await tx<BookedAsForeign[]>`
    select realized_pnl as "realizedPnl", exists (
        select from ledger_transactions t
        where t.account_id = foreign_fills.account_id and t.reference = 'bust:' || foreign_fills.execution_id) as "takenBack"
    from foreign_fills where account_id = ${accountId} and execution_id = ${executionId} and order_id is null`;
  return row ?? null;
}

/**
 * Records a fill for its order without booking it a second time: the account has it already, and its shares go from nobody here to the
 * order's strategy. False: the order has it.
 */
export async function attributeBookedFill(
  { random, clock }: OrderStoreOptions,
  tx: Statements,
  { after, lot, fill, source }: FillOfOrder,
  { realizedPnl }: BookedAsForeign,
): Promise<boolean> {
  const now = clock.now();
  const { accountId, id: orderId } = after;
  const recorded = await tx`
    insert into trade_executions (id, order_id, account_id, execution_id, symbol, side, quantity, price, fee,
      cumulative_quantity, realized_pnl, strategy_realized_pnl, source, executed_at, recorded_at)
    values (${random.id()}, ${orderId}, ${accountId}, ${fill.executionId}, ${fill.symbol}, ${fill.side},
      ${text(fill.quantity)}, ${text(fill.price)}, ${text(fill.fee)}, ${text(fill.cumulativeQuantity)}, ${realizedPnl},
      ${text(lot.realizedPnl)}, ${source}, ${fill.at}, ${now})
    on conflict do nothing returning id`;
  if (recorded.length === 0) return false;
  await Promise.all([
    tx`
      update orders set status = ${after.status}, filled_quantity = ${after.filledQuantity},
        filled_cost = ${after.filledCost}, quantity = ${after.quantity}, problem = ${after.problem}, updated_at = ${now},
        acknowledged_at = coalesce(acknowledged_at, ${now}::timestamptz),
        closed_at = case when ${isTerminal(after.status)} then coalesce(closed_at, ${now}::timestamptz) end
      where id = ${orderId}`,
    tx`
      update foreign_fills set order_id = ${orderId}
      where account_id = ${accountId} and execution_id = ${fill.executionId}`,
    appendEvents(tx, [
      {
        kind: 'execution.recorded',
        signalId: after.signalId,
        orderId,
        accountId,
        data: {
          executionId: fill.executionId,
          symbol: fill.symbol,
          side: fill.side,
          quantity: text(fill.quantity),
          price: text(fill.price),
          fee: text(fill.fee),
          cumulativeQuantity: text(fill.cumulativeQuantity),
          realizedPnl: text(quantity(realizedPnl)),
          strategy: after.strategy,
          strategyRealizedPnl: text(lot.realizedPnl),
          role: after.role,
          executedAt: fill.at.toISOString(),
          source,
        },
      },
    ]),
  ]);
  const did = fill.side === 'buy' ? 'bought' : 'sold';
  await postOnce(tx, random, now, accountId, {
    kind: 'fill',
    reference: `given:${fill.executionId}`,
    lines: attributeFill(fill, after.strategy),
    at: fill.at,
    sentence: `${text(fill.quantity)} ${fill.symbol} that were ${did} at ${text(fill.price)} belong to ${after.strategy}.`,
  });
  await refold(tx, { accountId, strategy: after.strategy, symbol: fill.symbol });
  return true;
}

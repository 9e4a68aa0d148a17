import { price, quantity } from '../../../core/decimal.ts';
import { type ApprovedOrder, sealApproval } from '../../../core/model/approved-order.ts';
import type { Intent } from '../../../core/model/decision.ts';
import type { OrderRecord } from '../../../core/ports/order-store.ts';
import type { Statements } from '../event-reader/append-events.ts';
import { type OrderRow, orderColumns, toRecord } from './order-row.ts';

/** Reads an approved order back; null when there is none of that id, or it is a leg. */
export async function readApproved(
  sql: Statements,
  orderId: string,
): Promise<{ order: ApprovedOrder; record: OrderRecord } | null> {
  const [row] = await sql<(OrderRow & { intent: Intent; outcome: string })[]>`
    select ${orderColumns(sql)}, d.intent, d.outcome
    from orders o join decisions d on d.id = o.decision_id
    where o.id = ${orderId} and o.parent_id is null`;
  if (row === undefined) return null;
  // The seal is given by the gate's stored word alone: an order of a denied decision must never reach a broker.
  if (row.outcome !== 'approved') throw new Error(`order ${orderId} belongs to a decision that is ${row.outcome}`);
  if (row.type !== 'market' && row.type !== 'limit') throw new Error(`order ${orderId} is of type ${row.type}`);
  if (row.timeInForce !== 'day' && row.timeInForce !== 'gtc') throw new Error(`order ${orderId} is ${row.timeInForce}`);
  if (row.signalId === null) throw new Error(`order ${orderId} has no signal`);
  const order = sealApproval({
    orderId: row.id,
    decisionId: row.decisionId!,
    signalId: row.signalId,
    accountId: row.accountId,
    strategy: row.strategy,
    mode: row.mode,
    clientOrderId: row.clientOrderId,
    intent: row.intent,
    symbol: row.symbol,
    side: row.side,
    quantity: quantity(row.quantity),
    referencePrice: price(row.referencePrice),
    type: row.type,
    limitPrice: row.limitPrice === null ? null : price(row.limitPrice),
    timeInForce: row.timeInForce,
    stopLoss: row.stopLossPrice === null ? null : price(row.stopLossPrice),
    takeProfit: row.takeProfitPrice === null ? null : price(row.takeProfitPrice),
  });
  return { order, record: toRecord(row) };
}

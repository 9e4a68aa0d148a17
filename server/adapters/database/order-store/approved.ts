import { price, quantity } from '../../../core/decimal.ts';
import { sealApproval } from '../../../core/model/approved-order.ts';
import type { AfterCondition } from '../../../core/model/decision.ts';
import type { OrderOrigin, Trail } from '../../../core/model/order.ts';
import type { ApprovedRecord } from '../../../core/ports/order-store.ts';
import type { Statements } from '../event-reader/append-events.ts';
import { type OrderRow, orderColumns, toRecord } from './order-row.ts';

interface Held {
  readonly step: number;
  /** The step of the order that it waits for; null: it waits for none. */
  readonly afterStep: number | null;
  readonly afterWhen: AfterCondition | null;
  /** Null: no decision made the order. */
  readonly outcome: string | null;
  /** As the alert was understood; null: it does not say, or no alert made the order. */
  readonly alertExpiresAt: string | null;
}

/** Reads an approved order back; null when there is none of that id, or it is a leg. */
export async function readApproved(sql: Statements, orderId: string): Promise<ApprovedRecord | null> {
  const [row] = await sql<(OrderRow & Held)[]>`
    select ${orderColumns(sql)}, o.step, awaited.step as "afterStep", o.after_when as "afterWhen", d.outcome,
      (select s.parsed ->> 'expiresAt' from trading_signals s where s.id = o.signal_id) as "alertExpiresAt"
    from orders o left join decisions d on d.id = o.decision_id left join orders awaited on awaited.id = o.after_order_id
    where o.id = ${orderId} and o.parent_id is null`;
  if (row === undefined) return null;
  mustBeApproved(row);
  const order = sealApproval({
    orderId: row.id,
    decisionId: row.decisionId,
    signalId: row.signalId,
    accountId: row.accountId,
    strategy: row.strategy,
    mode: row.mode,
    clientOrderId: row.clientOrderId,
    intent: row.role === 'entry' ? 'entry' : 'exit',
    symbol: row.symbol,
    side: row.side,
    quantity: quantity(row.quantity),
    referencePrice: price(row.referencePrice),
    type: row.type,
    limitPrice: row.limitPrice === null ? null : price(row.limitPrice),
    stopPrice: row.stopPrice === null ? null : price(row.stopPrice),
    trail: trailOf(row),
    timeInForce: row.timeInForce,
    stopLoss: row.stopLossPrice === null ? null : price(row.stopLossPrice),
    takeProfit: row.takeProfitPrice === null ? null : price(row.takeProfitPrice),
    stopLossLimit: row.stopLossLimitPrice ? price(row.stopLossLimitPrice) : null,
    ...(row.extendedHours && { extendedHours: true }),
    role: row.role,
    step: row.step,
    after: row.afterStep === null || row.afterWhen === null ? null : { step: row.afterStep, when: row.afterWhen },
  });
  const { alertExpiresAt } = row;
  return { order, record: toRecord(row), alertExpiresAt: alertExpiresAt === null ? null : new Date(alertExpiresAt) };
}

/** What may be sent without a decision: it can only make a position smaller. */
const needsNoDecision: readonly OrderOrigin[] = ['protection', 'flatten'];

/** The seal is given by the gate's stored word alone: an order of a denied decision must never reach a broker. */
function mustBeApproved(row: OrderRow & Held): void {
  if (row.decisionId === null) {
    if (needsNoDecision.includes(row.origin) && row.role !== 'entry') return;
    throw new Error(`order ${row.id} of origin ${row.origin} has no decision`);
  }
  if (row.outcome !== 'approved') throw new Error(`order ${row.id} belongs to a decision that is ${row.outcome}`);
}

const trailOf = ({ trailPrice, trailPercent }: OrderRow): Trail | null =>
  trailPrice !== null ? { price: price(trailPrice) } : trailPercent !== null ? { percent: price(trailPercent) } : null;

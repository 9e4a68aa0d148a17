import { type Big, decimal, money, price, quantity, text } from '../../../core/decimal.ts';
import type { BrokerFill, BrokerOrder } from '../../../core/model/broker-order.ts';
import type { NewEvent } from '../../../core/model/event.ts';
import { isTerminal } from '../../../core/model/order.ts';
import type { FillToPost, LedgerLine, OpenPosition, Posting } from '../../../core/model/posting.ts';
import type { CorrectionRecorded, Source } from '../../../core/ports/order-store.ts';
import { flat, postFill } from '../../../pipeline/ledger/post-fill.ts';
import { stepOfCorrection } from '../../../pipeline/orders/correction.ts';
import { eventOfStatus } from '../../../pipeline/orders/event-of-status.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { postOnce } from '../ledger-store/post.ts';
import { refold } from '../trade-history/trade-history.ts';
import type { OrderStoreOptions } from './context.ts';
import { recordRefusal } from './move.ts';
import { type OrderRow, orderColumns, orderFacts, withoutCarried, withoutCarriedFill } from './order-row.ts';

/** A trade that the venue took back or changed. */
type Correction = BrokerFill & Required<Pick<BrokerFill, 'corrects'>>;

interface ExecutionRow {
  quantity: string;
  price: string;
  fee: string;
}

/** What the order had and has of the trade, and what the books are told. */
interface Change {
  readonly correction: Correction;
  readonly busted: ExecutionRow;
  readonly undone: Posting;
  readonly redone: Posting | null;
}

/**
 * Takes a trade back, and puts the corrected one in its place; see the port. Nothing is rewritten: the ledger gets the trade the other
 * way round, at its own price, and then the corrected one, each under a reference that is a function of the venue's fact.
 */
export async function recordCorrection(
  options: OrderStoreOptions,
  accountId: string,
  correction: Correction,
  told: BrokerOrder | null,
  source: Source,
): Promise<CorrectionRecorded> {
  const outcome = await options.sql.begin(async (tx): Promise<CorrectionRecorded> => {
    await tx`select from accounts where id = ${accountId} for no key update`;
    const [order] = await tx<(OrderRow & { epoch: number })[]>`
      select ${orderColumns(tx)},
        (select count(*)::int from execution_corrections c where c.order_id = o.id) as epoch from orders o
      where o.account_id = ${accountId} and o.broker_order_id = ${correction.brokerOrderId} for update`;
    if (order === undefined) return 'unknown_order';
    const { executionId } = correction.corrects;
    const [busted] = await tx<ExecutionRow[]>`
      select quantity, price, fee from trade_executions
      where order_id = ${order.id} and execution_id = ${executionId}`;
    if (busted === undefined) return 'unknown_execution';
    const [known] = await tx`
      select from execution_corrections where account_id = ${accountId} and previous_execution_id = ${executionId}`;
    if (known !== undefined) return 'already_known';
    const [held] = await tx<{ quantity: string; cost: string; realizedPnl: string }[]>`
      select quantity, cost, realized_pnl as "realizedPnl" from positions
      where account_id = ${accountId} and symbol = ${order.symbol}`;
    const before: OpenPosition = held
      ? { quantity: quantity(held.quantity), cost: money(held.cost), realizedPnl: money(held.realizedPnl) }
      : flat;
    const undone = postFill(before, counter(order, busted));
    const redone = correction.corrects.kind === 'correct' ? postFill(undone.position, correction) : null;
    await store(options, tx, order, { correction, busted, undone, redone }, told, source);
    return 'recorded';
  });
  if (outcome === 'recorded') options.committed?.();
  return outcome;
}

/** The trade the other way round. Its fee is given back by a line of its own. */
const counter = (order: OrderRow, busted: ExecutionRow): FillToPost => ({
  symbol: order.symbol,
  side: order.side === 'buy' ? 'sell' : 'buy',
  quantity: quantity(busted.quantity),
  price: price(busted.price),
  fee: money('0'),
});

async function store(
  options: OrderStoreOptions,
  tx: Statements,
  order: OrderRow & { readonly epoch: number },
  change: Change,
  told: BrokerOrder | null,
  source: Source,
): Promise<void> {
  const now = options.clock.now();
  const { correction, busted, undone, redone } = change;
  const { corrects, executionId } = correction;
  const filled = decimal(order.filledQuantity)
    .minus(busted.quantity)
    .plus(redone ? correction.quantity : '0');
  const cost = decimal(order.filledCost)
    .minus(decimal(busted.quantity).times(busted.price))
    .plus(redone ? correction.quantity.times(correction.price) : '0');
  const word = told && withoutCarried(order, told);
  const { step, sentence } = stepOfCorrection(order.status, quantity(order.quantity), quantity(filled), word);
  const after: OrderRow = {
    ...order,
    status: step.kind === 'move' ? step.to : order.status,
    filledQuantity: text(filled),
    filledCost: text(cost),
    quantity: quantityAfter(order, word, filled),
  };
  await tx`
    insert into execution_corrections (id, order_id, account_id, kind, execution_id, previous_execution_id, symbol, side,
      quantity, price, realized_pnl, source, corrected_at, recorded_at)
    values (${options.random.id()}, ${order.id}, ${order.accountId}, ${corrects.kind}, ${executionId}, ${corrects.executionId},
      ${order.symbol}, ${order.side}, ${busted.quantity}, ${busted.price}, ${text(undone.realizedPnl)}, ${source},
      ${correction.at}, ${now})`;
  if (redone) {
    await tx`
      insert into trade_executions (id, order_id, account_id, execution_id, symbol, side, quantity, price, fee,
        cumulative_quantity, epoch, realized_pnl, source, executed_at, recorded_at)
      values (${options.random.id()}, ${order.id}, ${order.accountId}, ${executionId}, ${order.symbol}, ${order.side},
        ${text(correction.quantity)}, ${text(correction.price)}, ${text(correction.fee)},
        ${text(withoutCarriedFill(order, correction))}, ${order.epoch + 1}, ${text(redone.realizedPnl)}, ${source},
        ${correction.at}, ${now})`;
  }
  await tx`
    update orders set status = ${after.status}, filled_quantity = ${after.filledQuantity}, filled_cost = ${after.filledCost},
      quantity = ${after.quantity}, updated_at = ${now},
      closed_at = case when ${isTerminal(after.status)} then coalesce(closed_at, ${now}::timestamptz) end
    where id = ${order.id}`;
  const entries = [
    { reference: `bust:${corrects.executionId}`, lines: withFeeBack(undone.lines, order.symbol, busted.fee) },
    ...(redone ? [{ reference: `correct:${executionId}`, lines: redone.lines }] : []),
  ];
  for (const { reference, lines } of entries) {
    const owned = lines.map((line) => ({ ...line, strategy: order.strategy }));
    // As a fill: the lots of strategies follow it at their own average cost.
    const entry = { kind: 'fill', reference, lines: owned, at: correction.at, sentence } as const;
    await postOnce(tx, options.random, now, order.accountId, entry);
  }
  await refold(tx, { accountId: order.accountId, strategy: order.strategy, symbol: order.symbol });
  await appendEvents(tx, eventsOf(order, after, change, sentence, source));
  if (step.kind === 'refuse') await recordRefusal(tx, order, step.to, { source, executionId });
}

/** The venue may have changed the order with its trade; never below what is filled. */
function quantityAfter(order: OrderRow, word: Pick<BrokerOrder, 'quantity'> | null, filled: Big): string {
  const told = word?.quantity.gt('0') ? word.quantity : decimal(order.quantity);
  return text(filled.gt(told) ? filled : told);
}

/** With the fee of the trade given back. */
export function withFeeBack(lines: readonly LedgerLine[], symbol: string, fee: string): LedgerLine[] {
  const given = decimal(fee);
  if (given.eq('0')) return [...lines];
  const line = (book: LedgerLine['book'], about: string | null, amount: Big): LedgerLine => ({
    book,
    symbol: about,
    amount: money(amount),
    quantity: null,
  });
  return [...lines, line('fees', symbol, given.neg()), line('cash', null, given)];
}

function eventsOf(before: OrderRow, after: OrderRow, change: Change, sentence: string, source: Source): NewEvent[] {
  const { correction, busted, undone, redone } = change;
  const about = { signalId: after.signalId, orderId: after.id, accountId: after.accountId };
  const events: NewEvent[] = [
    {
      kind: redone ? 'execution.corrected' : 'execution.busted',
      ...about,
      data: {
        executionId: correction.executionId,
        previousExecutionId: correction.corrects.executionId,
        symbol: after.symbol,
        side: after.side,
        role: after.role,
        strategy: after.strategy,
        previousQuantity: text(decimal(busted.quantity)),
        previousPrice: text(decimal(busted.price)),
        quantity: text(redone ? correction.quantity : decimal('0')),
        price: text(redone ? correction.price : decimal(busted.price)),
        filledQuantity: after.filledQuantity,
        realizedPnl: text(money(undone.realizedPnl.plus(redone?.realizedPnl ?? '0'))),
        correctedAt: correction.at.toISOString(),
        sentence,
        source,
      },
    },
  ];
  if (after.status !== before.status && after.status !== 'approved') {
    events.push({
      kind: eventOfStatus(after.status),
      ...about,
      data: { ...orderFacts(after), previousStatus: before.status, sentence, source },
    });
  }
  return events;
}

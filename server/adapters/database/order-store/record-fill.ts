import { decimal, money, quantity, text } from '../../../core/decimal.ts';
import type { BrokerFill } from '../../../core/model/broker-order.ts';
import type { NewEvent } from '../../../core/model/event.ts';
import { isTerminal } from '../../../core/model/order.ts';
import type { OpenPosition, Posting } from '../../../core/model/posting.ts';
import type { FillRecorded, Source } from '../../../core/ports/order-store.ts';
import { flat, postFill } from '../../../pipeline/ledger/post-fill.ts';
import { stepOfFill } from '../../../pipeline/orders/broker-word.ts';
import { eventOfStatus } from '../../../pipeline/orders/event-of-status.ts';
import { eventRows, type Statements } from '../event-reader/append-events.ts';
import { openedAtAfter } from '../ledger-store/opened-at.ts';
import type { Move } from '../trade-history/moves.ts';
import { type FoldRow, foldColumns, nextFold, refold, storeFold } from '../trade-history/trade-history.ts';
import { attributeBookedFill, type BookedAsForeign, bookedAsForeign } from './attribute-fill.ts';
import type { OrderStoreOptions } from './context.ts';
import { recordRefusal } from './move.ts';
import { type OrderRow, orderColumns, orderFacts, withoutCarriedFill } from './order-row.ts';

interface PositionRow {
  quantity: string;
  cost: string;
  realizedPnl: string;
  openedAt: Date | null;
}

/**
 * Records a fill once: execution, order, ledger, the account's position, its strategy's, and events in one transaction of four round
 * trips. The account's row is
 * locked first: a decision that is being made for it sees the fill wholly or not at all. `no key update` leaves inserts of orders
 * and events, which only refer to the account, free to go on.
 */
export async function recordFill(
  options: OrderStoreOptions,
  accountId: string,
  fill: BrokerFill,
  source: Source,
): Promise<FillRecorded> {
  const outcome = await options.sql.begin(async (tx): Promise<FillRecorded> => {
    const [, [order], [held], [lot], foreign, [fold]] = await Promise.all([
      tx`select from accounts where id = ${accountId} for no key update`,
      tx<(OrderRow & { epoch: number })[]>`
        select ${orderColumns(tx)},
          (select count(*)::int from execution_corrections c where c.order_id = o.id) as epoch from orders o
        where o.account_id = ${accountId} and o.broker_order_id = ${fill.brokerOrderId} for update`,
      tx<PositionRow[]>`
        select quantity, cost, realized_pnl as "realizedPnl", opened_at as "openedAt"
        from positions where account_id = ${accountId} and symbol = ${fill.symbol}`,
      tx<PositionRow[]>`
        select p.quantity, p.cost, p.realized_pnl as "realizedPnl", p.opened_at as "openedAt"
        from orders o join strategy_positions p using (account_id, strategy)
        where o.account_id = ${accountId} and o.broker_order_id = ${fill.brokerOrderId} and p.symbol = ${fill.symbol}`,
      bookedAsForeign(tx, accountId, fill.executionId),
      tx<FoldRow[]>`
        select ${foldColumns(tx)} from orders o join trade_folds f using (account_id, strategy)
        where o.account_id = ${accountId} and o.broker_order_id = ${fill.brokerOrderId} and f.symbol = ${fill.symbol}`,
    ]);
    if (order === undefined) return 'unknown_order';
    if (foreign?.takenBack) return 'already_known';
    return post(options, tx, order, { account: held, strategy: lot, fold, foreign }, fill, source);
  });
  if (outcome === 'recorded') options.committed?.();
  return outcome;
}

async function post(
  options: OrderStoreOptions,
  tx: Statements,
  order: OrderRow & { readonly epoch: number },
  held: {
    readonly account: PositionRow | undefined;
    readonly strategy: PositionRow | undefined;
    /** Where the fold of the strategy's trades stands. */
    readonly fold: FoldRow | undefined;
    /** The fill was booked before its order was ours. */
    readonly foreign: BookedAsForeign | null;
  },
  fill: BrokerFill,
  source: Source,
): Promise<FillRecorded> {
  const now = options.clock.now();
  const before = toPosition(held.account);
  const posting = postFill(before, fill);
  const { position } = posting;
  const lotBefore = toPosition(held.strategy);
  const lot = postFill(lotBefore, fill);
  const total = quantity(decimal(order.filledQuantity).plus(fill.quantity));
  const step = stepOfFill(order.status, quantity(order.quantity), total);
  const after: OrderRow = {
    ...order,
    status: step.kind === 'move' ? step.to : order.status,
    filledQuantity: text(total),
    filledCost: text(decimal(order.filledCost).plus(fill.quantity.times(fill.price))),
    // More than was ordered is still the venue's word on our money: booked, and seen by reconciliation.
    quantity: total.gt(order.quantity) ? text(total) : order.quantity,
    problem: step.kind === 'move' ? null : order.problem,
  };
  if (held.foreign) {
    const facts = { after, lot, fill, source };
    return (await attributeBookedFill(options, tx, facts, held.foreign)) ? 'recorded' : 'already_known';
  }
  const transactionId = options.random.id();
  const openedAt = openedAtAfter(before.quantity, position.quantity, held.account?.openedAt ?? null, fill.at);
  const lotOpenedAt = openedAtAfter(
    lotBefore.quantity,
    lot.position.quantity,
    held.strategy?.openedAt ?? null,
    fill.at,
  );
  const lines = posting.lines.map((line) => ({
    id: options.random.id(),
    book: line.book,
    symbol: line.symbol,
    strategy: line.symbol && order.strategy,
    amount: text(line.amount),
    quantity: line.quantity && text(line.quantity),
  }));
  // Both tellings of a fill have this reference, whatever execution id each carries.
  const cumulative = text(withoutCarriedFill(order, fill));
  const reference = `fill:${order.id}:${cumulative}${order.epoch === 0 ? '' : `:${order.epoch}`}`;
  const told = eventsOf(order, after, fill, posting, lot, reference, source);

  const executionId = options.random.id();
  const tradeKey = { accountId: order.accountId, strategy: order.strategy, symbol: fill.symbol };
  const move: Move = { ...fill, accountId: order.accountId, signalId: order.signalId, cumulative, id: executionId };
  const folded = nextFold(held.fold, move);

  // One statement, so that a fill we know already stops everything: no execution row, nothing else.
  const recording = tx`
    with execution as (
      insert into trade_executions (id, order_id, account_id, execution_id, symbol, side, quantity, price, fee,
        cumulative_quantity, realized_pnl, strategy_realized_pnl, epoch, source, executed_at, recorded_at)
      values (${executionId}, ${order.id}, ${order.accountId}, ${fill.executionId}, ${fill.symbol}, ${fill.side},
        ${text(fill.quantity)}, ${text(fill.price)}, ${text(fill.fee)}, ${cumulative},
        ${text(posting.realizedPnl)}, ${text(lot.realizedPnl)}, ${order.epoch}, ${source}, ${fill.at}, ${now})
      on conflict do nothing returning id
    ), filled as (
      update orders set status = ${after.status}, filled_quantity = ${after.filledQuantity},
        filled_cost = ${after.filledCost}, quantity = ${after.quantity}, problem = ${after.problem}, updated_at = ${now},
        acknowledged_at = coalesce(acknowledged_at, ${now}::timestamptz),
        closed_at = case when ${isTerminal(after.status)} then coalesce(closed_at, ${now}::timestamptz) end
      where id = ${order.id} and exists (select from execution)
    ), posted as (
      insert into ledger_transactions (id, account_id, kind, reference, at, posted_at)
      select ${transactionId}::uuid, ${order.accountId}::uuid, 'fill', ${reference}, ${fill.at}::timestamptz,
        ${now}::timestamptz
      from execution returning id, account_id
    ), entered as (
      insert into ledger_entries (id, transaction_id, account_id, book, symbol, strategy, amount, quantity)
      select line.id, posted.id, posted.account_id, line.book, line.symbol, line.strategy, line.amount, line.quantity
      from posted, jsonb_to_recordset(${tx.json(lines)}::jsonb)
        as line (id uuid, book text, symbol text, strategy text, amount numeric, quantity numeric)
    ), held as (
      insert into positions (account_id, symbol, quantity, cost, realized_pnl, opened_at, updated_at)
      select ${order.accountId}::uuid, ${fill.symbol}, ${text(position.quantity)}::numeric, ${text(position.cost)}::numeric,
        ${text(position.realizedPnl)}::numeric, ${openedAt}::timestamptz, ${now}::timestamptz
      from execution
      on conflict (account_id, symbol) do update set quantity = excluded.quantity, cost = excluded.cost,
        realized_pnl = excluded.realized_pnl, opened_at = excluded.opened_at, updated_at = excluded.updated_at
    ), owned as (
      insert into strategy_positions (account_id, strategy, symbol, quantity, cost, realized_pnl, opened_at, updated_at)
      select ${order.accountId}::uuid, ${order.strategy}, ${fill.symbol}, ${text(lot.position.quantity)}::numeric,
        ${text(lot.position.cost)}::numeric, ${text(lot.position.realizedPnl)}::numeric, ${lotOpenedAt}::timestamptz,
        ${now}::timestamptz
      from execution
      on conflict (account_id, strategy, symbol) do update set quantity = excluded.quantity, cost = excluded.cost,
        realized_pnl = excluded.realized_pnl, opened_at = excluded.opened_at, updated_at = excluded.updated_at
    ), told as (
      insert into events (kind, signal_id, order_id, account_id, data)
      select event.kind, event.signal_id, event.order_id, event.account_id, event.data
      from execution, jsonb_to_recordset(${tx.json(eventRows(told))}::jsonb)
        as event (kind text, signal_id uuid, order_id uuid, account_id uuid, data jsonb)
    )
    select id from execution`;
  const [recorded] = await Promise.all([recording, folded && storeFold(tx, tradeKey, folded, executionId)]);
  if (recorded.length === 0) return 'already_known';
  // A fill that came late, or the first one: its place is found among all of them.
  if (folded === null) await refold(tx, tradeKey);
  if (step.kind === 'refuse') await recordRefusal(tx, order, step.to, { source, executionId: fill.executionId });
  return 'recorded';
}

const toPosition = (row: PositionRow | undefined): OpenPosition =>
  row ? { quantity: quantity(row.quantity), cost: money(row.cost), realizedPnl: money(row.realizedPnl) } : flat;

function eventsOf(
  before: OrderRow,
  after: OrderRow,
  fill: BrokerFill,
  posting: Posting,
  lot: Posting,
  reference: string,
  source: Source,
): NewEvent[] {
  const about = { signalId: after.signalId, orderId: after.id, accountId: after.accountId };
  const { position } = posting;
  const events: NewEvent[] = [
    {
      kind: 'execution.recorded',
      ...about,
      data: {
        executionId: fill.executionId,
        symbol: fill.symbol,
        side: fill.side,
        quantity: text(fill.quantity),
        price: text(fill.price),
        fee: text(fill.fee),
        cumulativeQuantity: text(withoutCarriedFill(after, fill)),
        realizedPnl: text(posting.realizedPnl),
        strategy: after.strategy,
        strategyRealizedPnl: text(lot.realizedPnl),
        role: after.role,
        executedAt: fill.at.toISOString(),
        source,
      },
    },
  ];
  if (after.status !== 'approved' && (before.status !== after.status || after.status === 'partially_filled')) {
    events.push({
      kind: eventOfStatus(after.status),
      ...about,
      data: { ...orderFacts(after), price: text(fill.price), previousStatus: before.status, source },
    });
  }
  events.push(
    {
      kind: 'ledger.posted',
      ...about,
      data: {
        reference,
        lines: posting.lines.map((line) => ({
          book: line.book,
          symbol: line.symbol,
          amount: text(line.amount),
          quantity: line.quantity && text(line.quantity),
        })),
      },
    },
    {
      kind: 'position.changed',
      ...about,
      data: {
        symbol: fill.symbol,
        quantity: text(position.quantity),
        cost: text(position.cost),
        averagePrice: position.quantity.eq('0') ? null : text(position.cost.div(position.quantity).round(8)),
        realizedPnl: text(position.realizedPnl),
        strategy: after.strategy,
        strategyQuantity: text(lot.position.quantity),
      },
    },
  );
  return events;
}

import { quantity, text } from '../../../core/decimal.ts';
import type { Mode } from '../../../core/model/mode.ts';
import { isTerminal, type OrderRole, type OrderStatus, openStatuses } from '../../../core/model/order.ts';
import { externalStrategy } from '../../../core/model/posting.ts';
import type { Settlements, WishOutcome } from '../../../core/ports/broker-facts.ts';
import { transferLots } from '../../../pipeline/ledger/move-lots.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { lockAccount, readLots, readPosition } from '../ledger-store/held.ts';
import { postOnce } from '../ledger-store/post.ts';
import type { ReconciliationStoreOptions } from './reconciliation-store.ts';

const refused = (sentence: string): WishOutcome => ({ kind: 'refused', sentence });

/** Moves shares between strategies, within a transaction; see the port. */
export async function transfer(
  { random, clock }: ReconciliationStoreOptions,
  tx: Statements,
  wish: Parameters<Settlements['transfer']>[0],
): Promise<WishOutcome> {
  const { accountId, symbol, from, to } = wish;
  if (from === to) return refused(`They belong to ${from} already. Nothing was changed.`);
  await lockAccount(tx, accountId);
  const lots = await readLots(tx, accountId, symbol);
  const lot = lots.find((one) => one.strategy === from);
  const wanted = wish.quantity.abs();
  const reference = `transfer:${wish.requestId}`;
  const [before] = await tx`
    select from ledger_transactions where account_id = ${accountId} and reference = ${reference}`;
  if (before !== undefined) return { kind: 'done', sentence: 'They were given before; nothing was moved again.' };
  if (lot === undefined || wanted.eq('0') || wanted.gt(lot.quantity.abs())) {
    const has = lot === undefined ? '0' : text(lot.quantity);
    return refused(`${from} has ${has} ${symbol}, not ${text(wanted)}. Nothing was changed.`);
  }
  const signed = quantity(lot.quantity.gt('0') ? wanted : wanted.neg());
  const now = clock.now();
  const sentence = `${wish.by} gave ${text(signed)} ${symbol} from ${from} to ${to}: ${wish.reason}`;
  await postOnce(tx, random, now, accountId, {
    // Against what the taker holds they close it, at its cost: a trade between the two at the giver's average.
    kind: against(lots, to, signed) ? 'fill' : 'correction',
    reference,
    lines: transferLots(symbol, { strategy: from, lot }, to, signed),
    at: now,
    sentence,
  });
  await appendEvents(tx, [
    {
      kind: 'position.transferred',
      accountId,
      data: {
        symbol,
        from,
        to,
        quantity: text(signed),
        reason: wish.reason,
        by: wish.by,
        role: wish.role,
        reference,
        sentence,
      },
    },
  ]);
  return { kind: 'done', sentence };
}

const against = (
  lots: Awaited<ReturnType<typeof readLots>>,
  taker: string,
  moved: Parameters<Settlements['transfer']>[0]['quantity'],
): boolean =>
  lots
    .find((one) => one.strategy === taker)
    ?.quantity.times(moved)
    .lt('0') ?? false;

/** Makes a foreign order ours, within a transaction; its fills of before follow. */
export async function adopt(
  { random, clock }: ReconciliationStoreOptions,
  tx: Statements,
  wish: Parameters<Settlements['adoptOrder']>[0],
): Promise<WishOutcome & { readonly orderId?: string }> {
  const { accountId, order, strategy } = wish;
  await lockAccount(tx, accountId);
  const [known] = await tx<{ id: string; strategy: string }[]>`
    select id, strategy from orders
    where account_id = ${accountId}
      and (broker_order_id = ${order.brokerOrderId} or client_order_id = ${order.clientOrderId})`;
  if (known)
    return { ...refused(`The order is ours already, of ${known.strategy}. Nothing was changed.`), orderId: known.id };
  if (isTerminal(order.status)) {
    return refused(`The order is ${order.brokerStatus}: only one that rests can be adopted. Nothing was changed.`);
  }
  if (strategy === externalStrategy) return refused(`${externalStrategy} is nobody. Nothing was changed.`);
  const referencePrice = order.limitPrice ?? order.stopPrice ?? order.filledAveragePrice ?? wish.marketPrice;
  if (referencePrice === null)
    return refused('There is no price to expect it near at the moment. Nothing was changed.');
  const [account] = await tx<{ mode: Mode }[]>`select mode from accounts where id = ${accountId}`;
  const held = await readPosition(tx, accountId, order.symbol);
  const closes = order.side === 'sell' ? held.quantity.gt('0') : held.quantity.lt('0');
  const protects = order.type === 'stop' || order.type === 'stop_limit' || order.type === 'trailing_stop';
  const role: OrderRole = !closes ? 'entry' : protects ? 'stop_loss' : 'exit';
  const status: OrderStatus = order.status === 'held' ? 'held' : 'accepted';
  const { trail } = order;
  const now = clock.now();
  const orderId = random.id();
  // Submitted when the broker says so: fills are then looked for since that time.
  await tx`
    insert into orders (id, account_id, origin, strategy, mode, role, client_order_id, broker_order_id, broker_status,
      broker_group_id, symbol, side, type, order_class, time_in_force, quantity, limit_price, stop_price, trail_price,
      trail_percent, reference_price, status, created_at, submitting_at, acknowledged_at, updated_at)
    values (${orderId}, ${accountId}, 'adopted', ${strategy}, ${account!.mode}, ${role}, ${order.clientOrderId},
      ${order.brokerOrderId}, ${order.brokerStatus}, ${order.groupId}, ${order.symbol}, ${order.side}, ${order.type},
      ${order.orderClass}, ${order.timeInForce}, ${text(order.quantity)}, ${order.limitPrice && text(order.limitPrice)},
      ${order.stopPrice && text(order.stopPrice)}, ${trail && 'price' in trail ? text(trail.price) : null},
      ${trail && 'percent' in trail ? text(trail.percent) : null}, ${text(referencePrice)}, ${status}, ${now},
      ${order.submittedAt ?? now}, ${now}, ${now})`;
  await tx`
    update foreign_orders set gone_at = ${now}
    where account_id = ${accountId} and broker_order_id = ${order.brokerOrderId}`;
  const size = `${order.side} ${text(order.quantity)} ${order.symbol}`;
  const sentence = `${wish.by} made the order ${size} one of ${strategy}: ${wish.reason}`;
  await appendEvents(tx, [
    {
      kind: 'order.adopted',
      orderId,
      accountId,
      data: {
        symbol: order.symbol,
        side: order.side,
        role,
        type: order.type,
        status,
        quantity: text(order.quantity),
        strategy,
        brokerOrderId: order.brokerOrderId,
        clientOrderId: order.clientOrderId,
        reason: wish.reason,
        by: wish.by,
        byRole: wish.role,
        sentence,
      },
    },
  ]);
  return { kind: 'done', sentence, orderId };
}

interface AdoptedRow {
  id: string;
  accountId: string;
  parentId: string | null;
  origin: string;
  status: OrderStatus;
  symbol: string;
  strategy: string;
}

/** Leaves an adopted order, and its legs, to themselves, within a transaction; see the port. */
export async function release(
  { clock }: ReconciliationStoreOptions,
  tx: Statements,
  wish: Parameters<Settlements['releaseOrder']>[0],
): Promise<WishOutcome> {
  const rows = await tx<AdoptedRow[]>`
    select id, account_id as "accountId", parent_id as "parentId", origin, status, symbol, strategy from orders
    where id = ${wish.orderId} or parent_id = ${wish.orderId} order by id for update`;
  const order = rows.find((row) => row.id === wish.orderId);
  if (order === undefined) return { kind: 'not_found' };
  if (order.origin !== 'adopted')
    return refused('Only an order that was adopted can be released. Nothing was changed.');
  const open = rows.filter((row) => openStatuses.includes(row.status));
  if (open.length === 0)
    return refused(`The order is ${order.status}: there is nothing to release. Nothing was changed.`);
  const now = clock.now();
  const problem = `Released by ${wish.by}: ${wish.reason} It rests on at the broker, and is not ours.`;
  // Under other ids here, so that the broker's word on it is a foreign order's again.
  await tx`
    update orders set status = 'canceled', broker_order_id = null, broker_group_id = null,
      client_order_id = 'released-' || id::text, problem = ${problem}, closed_at = ${now}, updated_at = ${now}
    where id = any(${open.map((row) => row.id)}::uuid[])`;
  await appendEvents(
    tx,
    open.map((row) => ({
      kind: 'order.released' as const,
      orderId: row.id,
      accountId: row.accountId,
      data: {
        symbol: row.symbol,
        status: 'canceled',
        previousStatus: row.status,
        strategy: row.strategy,
        reason: wish.reason,
        by: wish.by,
        byRole: wish.role,
        problem,
        sentence: problem,
      },
    })),
  );
  return { kind: 'done', sentence: problem };
}

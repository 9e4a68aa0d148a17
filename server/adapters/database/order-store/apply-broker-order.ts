import { decimal, quantity, text } from '../../../core/decimal.ts';
import type { BrokerOrder } from '../../../core/model/broker-order.ts';
import type { NewEvent } from '../../../core/model/event.ts';
import { isTerminal, terminalStatuses } from '../../../core/model/order.ts';
import type { BrokersNews, Source } from '../../../core/ports/order-store.ts';
import { isStale, type KnownOrder, type Step, stepOfBrokerWord } from '../../../pipeline/orders/broker-word.ts';
import { eventOfStatus } from '../../../pipeline/orders/event-of-status.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import type { OrderStoreOptions } from './context.ts';
import { insertTold, legRow, replacementRow, type ToldRow } from './insert-told.ts';
import { recordRefusal } from './move.ts';
import { type OrderRow, orderColumns, orderFacts, withoutCarried } from './order-row.ts';

/** `overtaken`: another transaction inserted the same order after we had looked, so that we must look again. */
type Outcome = 'applied' | 'unchanged' | 'overtaken';

/** Takes over the broker's word on an order and its legs; see the port. */
export async function applyBrokerOrder(
  options: OrderStoreOptions,
  accountId: string,
  told: BrokerOrder,
  source: Source,
): Promise<'applied' | 'unchanged' | 'foreign'> {
  let applied = false;
  for (;;) {
    const outcomes = await options.sql.begin((tx) => attempt(options, tx, accountId, told, source));
    if (outcomes === 'foreign') return 'foreign';
    applied ||= outcomes.includes('applied');
    if (outcomes.includes('overtaken')) continue;
    if (applied) options.committed?.();
    return applied ? 'applied' : 'unchanged';
  }
}

/** Which of the broker's words say something new; see the port. One read, and no lock. */
export async function findNews(
  options: OrderStoreOptions,
  accountId: string,
  told: readonly BrokerOrder[],
): Promise<BrokersNews[]> {
  const ids = told.flatMap((order) => [order, ...order.legs]).map((order) => order.brokerOrderId);
  if (ids.length === 0) return [];
  const { sql } = options;
  const rows = await sql<OrderRow[]>`
    select ${orderColumns(sql)} from orders o where o.account_id = ${accountId} and o.broker_order_id = any(${ids}::text[])`;
  const known = new Map(rows.map((row) => [row.brokerOrderId, row]));
  const lacksFills = (one: BrokerOrder): boolean => {
    const row = known.get(one.brokerOrderId);
    return (row ? withoutCarried(row, one) : one).filledQuantity.gt(row?.filledQuantity ?? '0');
  };
  const isNews = (one: BrokerOrder): boolean => {
    const row = known.get(one.brokerOrderId);
    if (row === undefined) return true;
    const { after, step } = taken(row, one);
    return step.kind === 'refuse' || !same(row, after);
  };
  return told.flatMap((order) => {
    const all = [order, ...order.legs];
    const news = { order, known: known.has(order.brokerOrderId), lacksFills: all.some(lacksFills) };
    return news.lacksFills || all.some(isNews) ? [news] : [];
  });
}

/** What became of the order and of each of its legs; their statements go out together. */
async function attempt(
  options: OrderStoreOptions,
  tx: Statements,
  accountId: string,
  told: BrokerOrder,
  source: Source,
): Promise<Outcome[] | 'foreign'> {
  const rows = await lockMentioned(tx, accountId, told);
  const known = find(rows, told);
  if (known) {
    const legs = told.legs.map((leg) => {
      const row = find(rows, leg);
      return row ? update(options, tx, row, leg, source) : insertTold(tx, newLeg(options, rows, known, leg), source);
    });
    return Promise.all([update(options, tx, known, told, source), ...legs]);
  }
  const replaced = told.replaces === null ? undefined : rows.find((row) => row.brokerOrderId === told.replaces);
  if (replaced) return takePlace(options, tx, rows, replaced, told, source);
  const parent = parentByGroup(rows, told);
  return parent ? [await insertTold(tx, legRow(options, parent, told), source)] : 'foreign';
}

/** A leg that is new here: one that took the place of another, or one of its own. */
function newLeg(options: OrderStoreOptions, rows: readonly OrderRow[], parent: OrderRow, leg: BrokerOrder): ToldRow {
  const replaced = leg.replaces === null ? undefined : rows.find((row) => row.brokerOrderId === leg.replaces);
  return replaced ? replacementRow(options, replaced, leg) : legRow(options, parent, leg);
}

/** An order took another's place: its own row, which the legs of the other now belong to. */
async function takePlace(
  options: OrderStoreOptions,
  tx: Statements,
  rows: readonly OrderRow[],
  replaced: OrderRow,
  told: BrokerOrder,
  source: Source,
): Promise<Outcome[]> {
  const row = replacementRow(options, replaced, told);
  const inserted = await insertTold(tx, row, source);
  if (inserted === 'overtaken') return [inserted];
  await tx`
    update orders set parent_id = ${row.id}
    where parent_id = ${replaced.id} and status not in ${tx([...terminalStatuses])}`;
  const legs = told.legs.map((leg) => {
    const known = find(rows, leg);
    return known ? update(options, tx, known, leg, source) : insertTold(tx, newLeg(options, rows, row, leg), source);
  });
  return [inserted, ...(await Promise.all(legs))];
}

/** Locks, in the order of ids so that two tellings cannot wait for each other, every order of ours the word may be about. */
function lockMentioned(tx: Statements, accountId: string, told: BrokerOrder): Promise<OrderRow[]> {
  const mentioned = [told, ...told.legs];
  return tx<OrderRow[]>`
    select ${orderColumns(tx)} from orders o
    where o.account_id = ${accountId} and (
      o.broker_order_id in ${tx(mentioned.map((order) => order.brokerOrderId))}
      or o.client_order_id in ${tx(mentioned.map((order) => order.clientOrderId))}
      or o.broker_order_id = any(${mentioned.flatMap((order) => order.replaces ?? [])}::text[])
      or (o.broker_group_id = ${told.groupId} and o.parent_id is null))
    order by o.id for update`;
}

const find = (rows: readonly OrderRow[], told: BrokerOrder): OrderRow | undefined =>
  rows.find((row) => row.brokerOrderId === told.brokerOrderId) ??
  rows.find((row) => row.clientOrderId === told.clientOrderId);

/** The parent of a leg told of on its own. The group's entry is never a leg, whoever sent it. */
const parentByGroup = (rows: readonly OrderRow[], told: BrokerOrder): OrderRow | undefined =>
  told.groupId === null || told.groupRole === 'entry'
    ? undefined
    : rows
        .filter((row) => row.parentId === null && row.brokerGroupId === told.groupId)
        .sort((a, b) => Number(a.status === 'replaced') - Number(b.status === 'replaced'))[0];

/** The order as it is once the broker's word is taken over, and the step that leads there. */
function taken(before: OrderRow, word: BrokerOrder): { readonly after: OrderRow; readonly step: Step } {
  const told = withoutCarried(before, word);
  const known: KnownOrder = {
    status: before.status,
    quantity: quantity(before.quantity),
    filledQuantity: quantity(before.filledQuantity),
    brokerStatus: before.brokerStatus,
    brokerUpdatedAt: before.brokerUpdatedAt,
  };
  const linked: OrderRow = {
    ...before,
    brokerOrderId: before.brokerOrderId ?? told.brokerOrderId,
    brokerGroupId: before.brokerGroupId ?? told.groupId,
  };
  const step = stepOfBrokerWord(known, told);
  if (isStale(known, told)) return { after: linked, step };
  const after: OrderRow = {
    ...linked,
    brokerStatus: told.brokerStatus,
    brokerUpdatedAt: told.updatedAt ?? before.brokerUpdatedAt,
    // A venue lowers a stop's quantity when its sibling fills in part; never below what we saw filled.
    quantity: told.quantity.gt('0') && told.quantity.gte(known.filledQuantity) ? text(told.quantity) : before.quantity,
    limitPrice: told.limitPrice ? text(told.limitPrice) : before.limitPrice,
    stopPrice: told.stopPrice ? text(told.stopPrice) : before.stopPrice,
    status: step.kind === 'move' ? step.to : before.status,
    problem: step.kind === 'move' && !isTerminal(step.to) ? null : before.problem,
  };
  return { after, step };
}

async function update(
  options: OrderStoreOptions,
  tx: Statements,
  before: OrderRow,
  told: BrokerOrder,
  source: Source,
): Promise<Outcome> {
  const { after, step } = taken(before, told);
  if (step.kind === 'refuse') await recordRefusal(tx, before, step.to, { source, brokerStatus: told.brokerStatus });
  if (same(before, after)) return 'unchanged';

  const now = options.clock.now();
  const event = eventOf(before, after, source);
  await Promise.all([
    tx`
      update orders set status = ${after.status}, broker_order_id = ${after.brokerOrderId},
        broker_status = ${after.brokerStatus}, broker_group_id = ${after.brokerGroupId},
        broker_updated_at = ${after.brokerUpdatedAt}, quantity = ${after.quantity}, limit_price = ${after.limitPrice},
        stop_price = ${after.stopPrice}, problem = ${after.problem}, updated_at = ${now},
        acknowledged_at = coalesce(acknowledged_at, ${now}::timestamptz),
        closed_at = case when ${isTerminal(after.status)} then coalesce(closed_at, ${now}::timestamptz) end
      where id = ${before.id}`,
    appendEvents(tx, event ? [event] : []),
  ]);
  return step.kind === 'refuse' ? 'unchanged' : 'applied';
}

/** A changed status is told, and so are a changed quantity and changed prices. The broker's other words are not news. */
function eventOf(before: OrderRow, after: OrderRow, source: Source): NewEvent | null {
  const news =
    before.status !== after.status ||
    !decimal(before.quantity).eq(after.quantity) ||
    !sameDecimal(before.limitPrice, after.limitPrice) ||
    // That of a trailing stop moves with every print.
    (after.type !== 'trailing_stop' && !sameDecimal(before.stopPrice, after.stopPrice));
  if (!news || after.status === 'approved') return null;
  return {
    kind: eventOfStatus(after.status),
    signalId: after.signalId,
    orderId: after.id,
    accountId: after.accountId,
    data: { ...orderFacts(after), previousStatus: before.status, source },
  };
}

const same = (a: OrderRow, b: OrderRow): boolean =>
  a.status === b.status &&
  a.brokerOrderId === b.brokerOrderId &&
  a.brokerGroupId === b.brokerGroupId &&
  a.brokerStatus === b.brokerStatus &&
  a.brokerUpdatedAt?.getTime() === b.brokerUpdatedAt?.getTime() &&
  a.problem === b.problem &&
  decimal(a.quantity).eq(b.quantity) &&
  sameDecimal(a.limitPrice, b.limitPrice) &&
  sameDecimal(a.stopPrice, b.stopPrice);

const sameDecimal = (a: string | null, b: string | null): boolean =>
  a === null || b === null ? a === b : decimal(a).eq(decimal(b));

import { decimal, text } from '../../core/decimal.ts';
import { canTransition, isTerminal, type OrderStatus } from '../../core/model/order.ts';
import type { OwnOrder, OwnRecord } from './own-record.ts';
import type { Acknowledged } from './senders.ts';
import type { VenueOrder, VenueRecord } from './venue-record.ts';

/** One figure that must be zero, with the first cases of it. */
export interface Figure {
  readonly name: string;
  /** In words, for the table. */
  readonly says: string;
  readonly value: number;
  readonly cases: readonly string[];
  /** Of how many. */
  readonly of: number;
}

const sent: ReadonlySet<OrderStatus> = new Set([
  'held',
  'accepted',
  'partially_filled',
  'pending_replace',
  'pending_cancel',
  'filled',
  'canceled',
  'expired',
  'replaced',
]);
const onTheWay: ReadonlySet<OrderStatus> = new Set(['approved', 'waiting', 'submitting', 'submit_unknown']);

/** What our status says of an order at the venue: still working, or how it ended. */
const ours = (status: OrderStatus): string => (isTerminal(status) ? status : 'open');
const theirs = (status: string): string => {
  if (['filled', 'canceled', 'expired', 'rejected', 'replaced'].includes(status)) return status;
  return status === 'done_for_day' ? 'expired' : 'open';
};

/** Compares the books of the server with the exchange's own record, and with what the senders were told. */
export function compareRecords(
  acknowledged: ReadonlyMap<string, Acknowledged>,
  own: OwnRecord,
  venue: VenueRecord,
): Figure[] {
  const figure = (name: string, says: string, cases: readonly string[], of: number, value = cases.length): Figure => ({
    name,
    says,
    value,
    cases: cases.slice(0, 5),
    of,
  });
  const venueTop = new Map(venue.orders.map((order) => [order.id, order]));
  const venueAll = new Map(venue.orders.flatMap((order) => [order, ...(order.legs ?? [])]).map((one) => [one.id, one]));
  const byClientId = new Map(own.orders.map((order) => [order.clientOrderId, order]));
  const byBrokerId = new Map(
    own.orders.flatMap((one) => (one.brokerOrderId === null ? [] : [[one.brokerOrderId, one]])),
  );
  const foreign = [...venueTop.values()].filter(
    (one) => !byClientId.has(one.client_order_id) && !byBrokerId.has(one.id),
  );

  return [
    figure('alertsLost', 'acknowledged alerts lost', lostAlerts(acknowledged, own), acknowledged.size),
    figure('ordersDoubled', 'orders doubled', doubled(acknowledged, own, foreign), venueTop.size),
    figure('ordersUnknown', 'orders unknown', unknown(own, foreign), own.orders.length),
    figure('ordersMissing', 'orders that the exchange lacks', missing(own, venueAll, venueTop), own.orders.length),
    figure('ordersDifferent', 'orders that stand otherwise', different(own, venueAll), venueAll.size),
    figure('fillsDifferent', 'orders filled otherwise', otherFills(own, venueAll), venueAll.size),
    figure('positionsDifferent', 'positions different', otherPositions(own, venue), venue.positions.size),
    cents(own, venue),
    figure('ledgerUnbalanced', 'ledger transactions out of balance', [], own.fillCount, own.unbalanced),
    figure('eventsOutOfSequence', 'events out of sequence', outOfSequence(own), own.events.length),
  ];
}

function lostAlerts(acknowledged: ReadonlyMap<string, Acknowledged>, own: OwnRecord): string[] {
  const signals = new Map(own.signals.map((signal) => [signal.id, signal]));
  return [...acknowledged.values()].flatMap(({ alertId, signalIds }) =>
    [...signalIds].flatMap((id) => {
      const status = signals.get(id)?.status;
      if (status === 'approved' || status === 'denied') return [];
      return [`alert ${alertId} was acknowledged as ${id}, which is ${status ?? 'not there'}`];
    }),
  );
}

/** One client order id for each step of a decision, one decision for each alert, and never two orders at the exchange for one. */
function doubled(
  acknowledged: ReadonlyMap<string, Acknowledged>,
  own: OwnRecord,
  foreign: readonly VenueOrder[],
): string[] {
  const cases: string[] = [];
  const byAlert = new Map<string, string[]>();
  for (const { id, alertId } of own.signals) {
    if (alertId !== null) byAlert.set(alertId, [...(byAlert.get(alertId) ?? []), id]);
  }
  for (const [alertId, ids] of byAlert) {
    if (ids.length > 1) cases.push(`alert ${alertId} was taken ${ids.length} times: ${ids.join(', ')}`);
  }
  for (const { alertId, signalIds } of acknowledged.values()) {
    if (signalIds.size > 1 && (byAlert.get(alertId)?.length ?? 0) < 2) {
      cases.push(`alert ${alertId} was acknowledged under ${signalIds.size} ids`);
    }
  }
  const alike = (one: VenueOrder): OwnOrder | undefined =>
    own.orders.find(
      ({ symbol, side, quantity, submittingAt }) =>
        symbol === one.symbol &&
        side === one.side &&
        decimal(quantity).eq(decimal(one.qty)) &&
        submittingAt !== null &&
        Math.abs(new Date(one.submitted_at).getTime() - submittingAt.getTime()) < 60_000,
    );
  for (const one of foreign) {
    const twin = alike(one);
    if (twin)
      cases.push(`${one.client_order_id} (${one.side} ${one.qty} ${one.symbol}) is a second ${twin.clientOrderId}`);
  }
  return cases;
}

function unknown(own: OwnRecord, foreign: readonly VenueOrder[]): string[] {
  return [
    ...own.orders
      .filter(({ status }) => onTheWay.has(status))
      .map((order) => `${order.clientOrderId} (${order.role} ${order.symbol}) is ${order.status}`),
    ...foreign.map(
      (one) => `${one.client_order_id} (${one.side} ${one.qty} ${one.symbol}) is at the exchange and not ours`,
    ),
  ];
}

function missing(own: OwnRecord, all: ReadonlyMap<string, VenueOrder>, top: ReadonlyMap<string, VenueOrder>): string[] {
  const clientIds = new Set([...top.values()].map((one) => one.client_order_id));
  return own.orders.flatMap((order) => {
    const { clientOrderId, brokerOrderId, status, submittingAt, parentId } = order;
    const unsent = parentId === null && submittingAt === null;
    if (unsent || !sent.has(status)) return [];
    if (brokerOrderId === null ? clientIds.has(clientOrderId) : all.has(brokerOrderId)) return [];
    return [`${clientOrderId} is ${status} with us`];
  });
}

function different(own: OwnRecord, all: ReadonlyMap<string, VenueOrder>): string[] {
  return own.orders.flatMap((order) => {
    const one = order.brokerOrderId === null ? undefined : all.get(order.brokerOrderId);
    if (!one || ours(order.status) === theirs(one.status)) return [];
    return [`${order.clientOrderId} (${order.role}) is ${order.status} with us, ${one.status} at the exchange`];
  });
}

function otherFills(own: OwnRecord, all: ReadonlyMap<string, VenueOrder>): string[] {
  const cases: string[] = [];
  const byBrokerId = new Map(own.orders.map((order) => [order.brokerOrderId, order]));
  for (const one of all.values()) {
    const order = byBrokerId.get(one.id);
    const shares = (order && own.fills.get(order.id)) ?? '0';
    if (!decimal(shares).eq(decimal(one.filled_qty))) {
      cases.push(`${one.client_order_id} has ${one.filled_qty} filled at the exchange, ${shares} with us`);
    }
  }
  return cases;
}

function otherPositions(own: OwnRecord, venue: VenueRecord): string[] {
  const symbols = new Set([...own.positions.keys(), ...venue.positions.keys()]);
  return [...symbols].flatMap((symbol) => {
    const [we, they] = [own.positions.get(symbol) ?? '0', venue.positions.get(symbol) ?? '0'];
    return decimal(we).eq(decimal(they)) ? [] : [`${symbol}: ${we} with us, ${they} at the exchange`];
  });
}

function cents(own: OwnRecord, venue: VenueRecord): Figure {
  const off = decimal(own.cash).minus(decimal(venue.cash)).abs().times('100').round(0);
  const cases = off.eq('0') ? [] : [`${own.cash} with us, ${venue.cash} at the exchange`];
  return { name: 'centsDifferent', says: 'cents different', value: Number(text(off)), cases, of: venue.fills.length };
}

/** Each step of an order starts where the one before ended, and is one that the table of transitions allows. */
function outOfSequence(own: OwnRecord): string[] {
  const cases: string[] = [];
  const at = new Map<string, OrderStatus>();
  for (const { orderId, kind, status, previousStatus } of own.events) {
    if (status === null || previousStatus === null) continue;
    const before = at.get(orderId) ?? previousStatus;
    if (before !== previousStatus || !canTransition(previousStatus, status)) {
      cases.push(`order ${orderId}: ${kind} went from ${previousStatus} to ${status} when it was ${before}`);
    }
    at.set(orderId, status);
  }
  return cases;
}

import { type Context, Hono } from 'hono';
import { isFinal, type VenueOrder } from '../venue/model.ts';
import { refuse } from '../venue/refusal.ts';
import type { Desk } from '../venue/venue.ts';
import { assetClassOf, withoutSlash } from './assets.ts';
import { accountOf, ask, bodyOf, type Env, type TradingApiParts, uuidIn } from './context.ts';
import { Query } from './query.ts';
import { checkPermissions, readOrder, readReplacement } from './request.ts';
import { orderJson } from './wire.ts';

/** Orders: place, list, look up, replace, cancel. */
export function ordersApi({ venue, listing, random, records }: TradingApiParts): Hono<Env> {
  const api = new Hono<Env>();
  /** Refuses a client order id of long ago; those of the orders at hand are looked at when an order is placed. */
  const checkSpent = async (accountId: string, clientOrderId: string): Promise<void> => {
    const older = await venue.command(
      ({ state }) => state.olderOrders && !state.findByClientId(accountId, clientOrderId),
    );
    if (older && (await records.clientOrderIdSpent(accountId, clientOrderId))) {
      throw refuse.malformed('client_order_id must be unique');
    }
  };

  api.post('/v2/orders', async (c) => {
    const body = await bodyOf(c);
    const request = readOrder(body, listing, () => random.id());
    if (body.client_order_id) await checkSpent(c.get('accountId'), request.clientOrderId);
    return ask(c, venue, (desk) => {
      const account = accountOf(desk, c);
      checkPermissions(account);
      return placedJson(desk, desk.place(account, request));
    });
  });
  api.get('/v2/orders', (c) => {
    const filter = readFilter(new Query(c.req.query()));
    return ask(c, venue, (desk) => listOrders(desk, c.get('accountId'), filter));
  });
  api.delete('/v2/orders', (c) => ask(c, venue, (desk) => cancelAll(desk, c.get('accountId')), 207));
  api.get('/v2/orders:by_client_order_id', (c) => {
    const clientOrderId = new Query(c.req.query()).text('client_order_id');
    if (clientOrderId === null) throw refuse.malformed('client_order_id is missing');
    return ask(c, venue, (desk) => {
      const order = desk.state.findByClientId(c.get('accountId'), clientOrderId);
      if (!order) throw refuse.notFound(`order not found for ${clientOrderId}`);
      return orderJson(order, desk.state.legs(order));
    });
  });
  api.get('/v2/orders/:id', (c) => {
    const nested = new Query(c.req.query()).flag('nested');
    return ask(c, venue, (desk) => {
      const order = orderOf(desk, c);
      return orderJson(order, nested ? desk.state.legs(order) : null);
    });
  });
  api.patch('/v2/orders/:id', async (c) => {
    const body = await bodyOf(c);
    return ask(c, venue, (desk) => {
      const order = orderOf(desk, c);
      const next = desk.replace(order, readReplacement(body, order));
      return orderJson(next, desk.state.legs(next));
    });
  });
  api.delete('/v2/orders/:id', async (c) => {
    await venue.command((desk) => {
      const order = orderOf(desk, c);
      if (isFinal(order.status)) throw refuse.unprocessable(`order is already in "${order.status}" state`);
      desk.cancel(order);
    });
    return c.body(null, 204);
  });
  return api;
}

function orderOf(desk: Desk, c: Context<Env>): VenueOrder {
  const name = c.req.param('id')!;
  const id = uuidIn(name);
  if (id === null) throw refuse.malformed('order_id is missing');
  const order = desk.state.orders.get(id);
  if (!order || order.accountId !== c.get('accountId')) throw refuse.notFound(`order not found for ${name}`);
  return order;
}

/** An order as it was taken; what became of it at once is told by the stream, and by asking again. */
export function placedJson(desk: Desk, order: VenueOrder): Record<string, unknown> {
  const taken = (one: VenueOrder): VenueOrder => ({
    ...one,
    filledQty: 0,
    filledCost: 0n,
    filledAt: null,
    canceledAt: null,
    updatedAt: one.createdAt,
  });
  const legs = desk.state.legs(order).map((leg) => ({ ...taken(leg), status: 'held' as const }));
  return orderJson(taken(order), legs, order.status === 'accepted' ? 'accepted' : 'pending_new');
}

/** Cancels whatever is open, and says so of each. An order that went with its group's is told of with it. */
export function cancelAll(desk: Desk, accountId: string): Record<string, unknown>[] {
  return desk.state.open(accountId).map((order) => {
    desk.cancel(order);
    return { id: order.id, status: 200, body: null };
  });
}

interface OrderFilter {
  readonly status: 'open' | 'closed' | 'all';
  readonly limit: number;
  /** Exclusive, on the moment of submission. */
  readonly after: number;
  readonly until: number;
  readonly ascending: boolean;
  readonly nested: boolean;
  readonly symbols: ReadonlySet<string> | null;
  readonly side: 'buy' | 'sell' | null;
  readonly classes: ReadonlySet<string> | null;
  readonly before: string | null;
  readonly behind: string | null;
}

const assetClasses =
  'us_equity us_option crypto crypto_perp treasury corporate global_equity us_index us_equity_chain ipo all'.split(' ');

function readFilter(query: Query): OrderFilter {
  const order = (name: string): string | null => {
    const value = query.text(name);
    if (value === null) return null;
    const id = uuidIn(value);
    if (id === null) throw refuse.malformed(`invalid ${name}`);
    return id;
  };
  const [before, behind] = [order('before_order_id'), order('after_order_id')];
  const [after, until] = [query.moment('after'), query.moment('until')];
  if (before && behind) throw refuse.malformed('only one of before_order_id or after_order_id is accepted');
  if ((before || behind) && (after || until)) {
    throw refuse.malformed('before_order_id and after_order_id cannot be combined with after or until');
  }
  const classes = query.list('asset_class')?.map((one) => one.toLowerCase()) ?? null;
  if (classes?.some((one) => !assetClasses.includes(one))) throw refuse.malformed('invalid asset_class');
  return {
    status: query.oneOf('status', ['open', 'closed', 'all']) ?? 'open',
    limit: query.count('limit', 1, 500) ?? 50,
    after: after?.getTime() ?? Number.NEGATIVE_INFINITY,
    until: until?.getTime() ?? Number.POSITIVE_INFINITY,
    ascending: query.oneOf('direction', ['asc', 'desc']) === 'asc',
    nested: query.flag('nested'),
    symbols: setOf(query.list('symbols')?.map((symbol) => withoutSlash(symbol.toUpperCase()))),
    side: query.oneOf('side', ['buy', 'sell']),
    classes: classes?.includes('all') ? null : setOf(classes),
    before,
    behind,
  };
}

const setOf = (values: readonly string[] | null | undefined): ReadonlySet<string> | null =>
  values ? new Set(values) : null;

function listOrders(desk: Desk, accountId: string, filter: OrderFilter): unknown[] {
  const { state } = desk;
  const sequenceOf = (id: string): number => {
    const order = state.orders.get(id);
    if (!order || order.accountId !== accountId) throw refuse.notFound(`order not found for ${id}`);
    return order.sequence;
  };
  const before = filter.before ? sequenceOf(filter.before) : Number.POSITIVE_INFINITY;
  const behind = filter.behind ? sequenceOf(filter.behind) : Number.NEGATIVE_INFINITY;
  const isOpen = (order: VenueOrder): boolean => !isFinal(order.status);
  const candidates = filter.status === 'open' && !filter.nested ? state.open(accountId) : [...state.orders.values()];
  const found = candidates.filter((order) => {
    if (order.accountId !== accountId || order.sequence >= before || order.sequence <= behind) return false;
    if (filter.nested && order.parentId !== null) return false;
    if (filter.side !== null && order.side !== filter.side) return false;
    if (filter.symbols && !filter.symbols.has(withoutSlash(order.symbol))) return false;
    if (filter.classes && !filter.classes.has(assetClassOf(order.symbol))) return false;
    const at = new Date(order.submittedAt).getTime();
    if (at <= filter.after || at >= filter.until) return false;
    if (filter.status === 'all') return true;
    // Nested, a group is open while any of it is.
    const open = isOpen(order) || (filter.nested && state.legs(order).some(isOpen));
    return (filter.status === 'open') === open;
  });
  found.sort((a, b) => (filter.ascending ? a.sequence - b.sequence : b.sequence - a.sequence));
  return found.slice(0, filter.limit).map((order) => orderJson(order, filter.nested ? state.legs(order) : null));
}

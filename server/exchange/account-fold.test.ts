// Invariants, for an account that has traded ten thousand random orders of every kind over several sessions, with replacements,
// cancellations, closings and restarts in between, as nothing but the API tells them:
// - cash, positions and average entry prices are the fold of the account's activities, to the cent and to the last decimal of a share;
// - each order's filled quantity and average price are those of its own activities, and these count up to it without a gap;
// - no fill is worse than its order's limit, none beyond its quantity; an order that is fok is filled whole or not at all;
// - what open orders have reserved of buying power is the sum of what each has, however it is kept;
// - legs are filled only after their entry is complete, and of a group both exits together never beyond the entry.
import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Big, text } from '../core/decimal.ts';
import { startTestExchange } from '../testing/exchange.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { createMemoryExchangeStore } from '../testing/memory-exchange-store.ts';
import { type AnyOrders, anyOrders } from '../testing/random-account.ts';
import type { Exchange } from './exchange.ts';
import { reservedBy, reservedFor } from './venue/margin.ts';
import { isCrypto } from './venue/quantity.ts';

type Json = Record<string, string | null>;
type Reserves = ReturnType<typeof reservedBy>;

const startingCash = 20_000_000;
const wanted = 10_000;
const zero = new Big('0');

const store = createMemoryExchangeStore();
const clock = new ManualClock('2026-11-20T14:00:00Z');
let exchange: Exchange;
let played: AnyOrders;

const open = () => startTestExchange({ store, clock, startingCash, alwaysOpen: false, market: { kind: 'scripted' } });

const agent = new Agent({ keepAlive: true });

/** Over one connection: `fetch` would take most of the time. */
function api<T = Json>(method: string, path: string, body?: unknown): Promise<{ status: number; json: T }> {
  return new Promise((resolve, reject) => {
    const headers = { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey };
    const asked = request(`${exchange.url}${path}`, { method, agent, headers }, (answer) => {
      let told = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        told += chunk;
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode!, json: told === '' ? (null as T) : JSON.parse(told) }),
      );
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** All of a list that comes in pages, oldest first. */
async function pages(path: string, next: (last: Json) => string, size: number): Promise<Json[]> {
  const all: Json[] = [];
  for (let after = ''; ; ) {
    const { json } = await api<Json[]>('GET', `${path}${after}`);
    all.push(...json);
    if (json.length < size) return all;
    after = next(json.at(-1)!);
  }
}

let activities: Json[];
const reserves: { kept: Reserves; summed: Reserves; open: number }[] = [];
let orders: Map<string, Json>;

beforeAll(async () => {
  exchange = await open();
  played = await anyOrders({
    seed: 20,
    wanted,
    clock,
    api,
    quote: (symbol, bid, ask, size) => exchange.setQuote(symbol, bid, ask, size),
    async restart(afterMs) {
      reserves.push(await reservesNow());
      await exchange.stop();
      await clock.advance(Math.max(0, afterMs));
      exchange = await open();
    },
  });
  activities = await pages(
    '/v2/account/activities?direction=asc&page_size=100',
    (last) => `&page_token=${last.id}`,
    100,
  );
  const listed = await pages(
    '/v2/orders?status=all&direction=asc&limit=500',
    (last) => `&after_order_id=${last.id}`,
    500,
  );
  orders = new Map(listed.map((order) => [order.id!, order]));
}, 300_000);
afterAll(async () => {
  agent.destroy();
  await exchange.stop();
});

/** What the books keep as reserved, and what one comes to who looks at each open order. */
const reservesNow = () =>
  exchange.venue.command(({ state, mark }) => {
    const { id } = [...state.accounts.values()][0]!;
    const open = state.open(id);
    const sum = (coins: boolean): bigint =>
      open
        .filter(({ symbol }) => isCrypto(symbol) === coins)
        .reduce((all, order) => all + reservedFor(order, mark), 0n);
    return { kept: reservedBy(state, id, mark), summed: { shares: sum(false), coins: sum(true) }, open: open.length };
  });

const big = (value: string | null | undefined): Big => new Big(value!);
const fillsOf = (): Json[] => activities.filter((one) => one.activity_type === 'FILL');

interface Held {
  qty: Big;
  cost: Big;
}

/** Average cost: what is added costs its price, what is taken away takes its share of the cost; through zero, the rest is new. */
function moved({ qty, cost }: Held, by: Big, price: Big): Held {
  const after = qty.plus(by);
  if (qty.eq('0') || qty.s === by.s) return { qty: after, cost: cost.plus(by.times(price)) };
  if (after.eq('0')) return { qty: zero, cost: zero };
  if (after.s === qty.s) return { qty: after, cost: cost.times(after).div(qty) };
  return { qty: after, cost: after.times(price) };
}

describe('an account that has traded ten thousand orders', () => {
  it('has traded them, of every kind', () => {
    expect(played.taken).toBeGreaterThanOrEqual(wanted);
    const seen = (field: string): Set<string | null> => new Set(fillsOf().map((f) => orders.get(f.order_id!)![field]!));
    expect([...seen('type')].sort()).toEqual(['limit', 'market', 'stop', 'stop_limit', 'trailing_stop']);
    expect([...seen('time_in_force')].sort()).toEqual(['cls', 'day', 'fok', 'gtc', 'ioc', 'opg']);
    expect([...seen('order_class')].sort()).toEqual(['', 'bracket', 'oco', 'oto']);
    expect(seen('side')).toEqual(new Set(['buy', 'sell']));
    const statuses = new Set([...orders.values()].map(({ status }) => status));
    for (const status of ['filled', 'canceled', 'expired', 'replaced']) expect(statuses).toContain(status);
    expect(fillsOf().length).toBeGreaterThan(4000);
    expect(new Set(activities.map(({ id }) => id)).size).toBe(activities.length);
    expect(orders.size).toBeGreaterThan(wanted);
  });

  it('has the cash, positions and average entry prices that its activities make', async () => {
    let cash = new Big(String(startingCash));
    const held = new Map<string, Held>();
    for (const one of activities) {
      const symbol = one.symbol!.replace('/', '');
      const before = held.get(symbol) ?? { qty: zero, cost: zero };
      if (one.activity_type === 'CFEE') {
        // Of a sale the fee is money; of a purchase coins, at what they had cost a moment before.
        cash = cash.plus(big(one.net_amount));
        if (!one.qty) continue;
        const lost = big(one.qty);
        held.set(symbol, { qty: before.qty.plus(lost), cost: before.cost.plus(lost.times(big(one.price))) });
        continue;
      }
      const qty = big(one.qty).times(one.side === 'buy' ? '1' : '-1');
      cash = cash.minus(qty.times(big(one.price)));
      held.set(symbol, moved(before, qty, big(one.price)));
    }
    const account = (await api('GET', '/v2/account')).json;
    expect(account.cash).toBe(text(cash.round(2, 1)));
    const folded = [...held].filter(([, { qty }]) => !qty.eq('0'));
    const shown = (await api<Json[]>('GET', '/v2/positions')).json;
    expect(shown.map(({ symbol, qty }) => [symbol, qty]).sort()).toEqual(
      folded.map(([symbol, { qty }]) => [symbol, text(qty)]).sort(),
    );
    for (const { symbol, qty, avg_entry_price: average } of shown) {
      const { cost } = held.get(symbol!)!;
      const gap = cost.div(big(qty)).minus(big(average)).abs();
      // Shown to six decimals, nine of coins; the books round each closing's share of the cost to a ten-trillionth of a dollar.
      expect(gap.lte('0.000001'), `${symbol}: ${average}, and ${text(cost.div(big(qty)))} by its activities`).toBe(
        true,
      );
    }
  });

  it('has reserved what its open orders may still take', () => {
    expect(reserves.length).toBeGreaterThan(5);
    expect(reserves.some(({ summed }) => summed.shares > 0n && summed.coins > 0n)).toBe(true);
    for (const { kept, summed } of reserves) expect(kept).toEqual(summed);
  });

  it('has orders that are filled as its activities tell, without a gap, and never beyond their terms', () => {
    const filled = new Map<string, { qty: Big; cost: Big; times: number }>();
    for (const one of fillsOf()) {
      const order = orders.get(one.order_id!)!;
      const before = filled.get(order.id!) ?? { qty: zero, cost: zero, times: 0 };
      const qty = before.qty.plus(big(one.qty));
      filled.set(order.id!, {
        qty,
        cost: before.cost.plus(big(one.qty).times(big(one.price))),
        times: before.times + 1,
      });
      const about = JSON.stringify({ one, order });
      // A replacement goes on counting from what its order was filled before.
      if (order.replaces === null) expect(one.cum_qty, about).toBe(text(qty));
      expect(one.side, about).toBe(order.side);
      expect(big(one.qty).gt('0'), about).toBe(true);
      if (order.limit_price !== null && order.type !== 'stop') {
        const [price, limit] = [big(one.price), big(order.limit_price)];
        expect(one.side === 'buy' ? price.lte(limit) : price.gte(limit), about).toBe(true);
      }
    }
    for (const order of orders.values()) {
      const { qty, cost, times } = filled.get(order.id!) ?? { qty: zero, cost: zero, times: 0 };
      const about = JSON.stringify(order);
      if (order.replaces === null) {
        expect(order.filled_qty, about).toBe(text(qty));
        if (times > 0) {
          const gap = cost.div(qty).minus(big(order.filled_avg_price)).abs();
          expect(gap.lte('0.000001'), about).toBe(true);
        } else expect(order.filled_avg_price, about).toBe(null);
      }
      if (order.qty !== null) expect(big(order.filled_qty).lte(big(order.qty)), about).toBe(true);
      if (order.status === 'filled' && order.qty !== null) expect(order.filled_qty, about).toBe(order.qty);
      if (order.time_in_force === 'fok' && order.status !== 'filled') expect(order.filled_qty, about).toBe('0');
    }
  });

  it('has groups in which no leg is filled before the entry, and the exits together never beyond it', () => {
    const groups = new Map<string, { entry: Big | null; exits: Big; complete: boolean; early: boolean }>();
    for (const one of fillsOf()) {
      const order = orders.get(one.order_id!)!;
      if (!order.group_id) continue;
      const group = groups.get(order.group_id) ?? { entry: null, exits: zero, complete: false, early: false };
      groups.set(order.group_id, group);
      if (order.group_role === 'entry') {
        group.entry = (group.entry ?? zero).plus(big(one.qty));
        group.complete ||= one.type === 'fill';
      } else {
        group.exits = group.exits.plus(big(one.qty));
        group.early ||= order.order_class !== 'oco' && !group.complete;
      }
    }
    expect(groups.size).toBeGreaterThan(300);
    for (const [id, { entry, exits, early }] of groups) {
      expect(early, id).toBe(false);
      const whole = entry ?? groupQty(id);
      expect(exits.lte(whole), `${id}: ${text(exits)} of ${text(whole)}`).toBe(true);
    }
  });
});

/** What an oco was for: the most that any of its orders ever asked for. */
function groupQty(id: string): Big {
  return [...orders.values()]
    .filter((order) => order.group_id === id)
    .map((order) => played.asked.get(order.id!) ?? zero)
    .reduce((most, qty) => (qty.gt(most) ? qty : most), zero);
}

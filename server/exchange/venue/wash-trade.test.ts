// Alpaca's table of wash trades: an order that rests, and one of the other side that comes to it. Held over HTTP.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestExchange } from '../../testing/exchange.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import type { Exchange } from '../exchange.ts';
import { call, type Json } from '../spec/checked-client.ts';

let exchange: Exchange;
const api = (method: string, path: string, body?: unknown) => call(exchange, method, path, body);

beforeAll(async () => {
  // A Sunday: whatever is ordered rests, market orders too. The last trade was at 100.
  exchange = await startTestExchange({
    clock: new ManualClock('2026-11-22T16:00:00.000Z'),
    market: { kind: 'scripted' },
    alwaysOpen: false,
  });
  await exchange.setQuote('AAPL', 99.9, 100.1);
  await exchange.setQuote('BTC/USD', 59_990, 60_000, 50);
});
afterAll(() => exchange.stop());

const order = (side: 'buy' | 'sell', type: string, limit: string | null): Json => ({
  symbol: 'AAPL',
  qty: '1',
  side,
  type,
  time_in_force: 'day',
  ...(type.includes('limit') ? { limit_price: limit } : {}),
  ...(type.startsWith('stop') ? { stop_price: side === 'buy' ? '110' : '90' } : {}),
  ...(type === 'trailing_stop' ? { trail_price: '5' } : {}),
});

/** Lets an order rest and another come to it; answers the second one's answer and the first one's id. */
async function meet(resting: Json, coming: Json) {
  await api('DELETE', '/v2/orders');
  const first = await api('POST', '/v2/orders', resting);
  expect(first.status, JSON.stringify(first.json)).toBe(200);
  return { first: first.json.id, answer: await api('POST', '/v2/orders', coming) };
}

const always: readonly (readonly [string, string])[] = [
  ...['market', 'limit', 'stop', 'stop_limit'].flatMap((other) => [
    ['market', other] as const,
    ['stop', other] as const,
    [other, 'market'] as const,
  ]),
  ['limit', 'stop'],
  ['stop_limit', 'stop'],
];
const byPrice = ['limit', 'stop_limit'].flatMap((a) => ['limit', 'stop_limit'].map((b) => [a, b] as const));

describe.each([
  ['buy', 'sell'],
  ['sell', 'buy'],
] as const)('a %s that rests, and a %s', (side, other) => {
  it.each(always)('%s and %s never meet', async (resting, coming) => {
    // Limits that do not reach each other: what counts is that one of the two has none.
    const [low, high] = ['95', '105'];
    const { first, answer } = await meet(
      order(side, resting, side === 'buy' ? low : high),
      order(other, coming, other === 'buy' ? low : high),
    );
    const reason = ['market', 'stop'].includes(resting) ? 'market/stop' : 'limit';
    expect(answer).toMatchObject({
      status: 403,
      json: {
        code: 40_310_000,
        message: 'potential wash trade detected. use complex orders',
        existing_order_id: first,
        reject_reason: `opposite side ${reason} order exists`,
      },
    });
  });

  it.each(byPrice)('%s and %s meet where their limits do', async (resting, coming) => {
    const crossing = await meet(order(side, resting, '100'), order(other, coming, '100'));
    expect(crossing.answer).toMatchObject({ status: 403, json: { existing_order_id: crossing.first } });
    const apart = await meet(
      order(side, resting, side === 'buy' ? '95' : '105'),
      order(other, coming, other === 'buy' ? '95' : '105'),
    );
    // Not a wash trade; that both would open is another matter.
    expect(apart.answer.json.message).toMatch(/^cannot open a/);
  });
});

it('leaves complex orders and trailing stops out of it', async () => {
  const legs = { order_class: 'bracket', take_profit: { limit_price: '120' }, stop_loss: { stop_price: '80' } };
  const bracket = { ...order('buy', 'limit', '100'), ...legs, time_in_force: 'gtc' };
  const after = await meet(bracket, order('sell', 'market', null));
  expect(after.answer.json.message).toBe('cannot open a short sell while a long buy order is open');
  const trailing = await meet(order('buy', 'limit', '95'), order('sell', 'trailing_stop', null));
  expect(trailing.answer.json.message).toMatch(/^cannot open a/);
});

it('is refused of a replacement too, and two of one side never are', async () => {
  await api('DELETE', '/v2/orders');
  const { first, answer } = await meet(
    { ...order('buy', 'limit', '59000'), symbol: 'BTCUSD', qty: '0.5', time_in_force: 'gtc' },
    { ...order('buy', 'limit', '59000'), symbol: 'BTCUSD', qty: '0.5', time_in_force: 'gtc' },
  );
  expect(answer.status).toBe(200);
  await api('POST', '/v2/orders', { symbol: 'BTCUSD', qty: '0.5', side: 'buy', type: 'market', time_in_force: 'gtc' });
  await api('DELETE', `/v2/orders/${answer.json.id}`);
  const sell = await api('POST', '/v2/orders', {
    ...order('sell', 'limit', '61000'),
    symbol: 'BTCUSD',
    qty: '0.1',
    time_in_force: 'gtc',
  });
  expect(sell.status).toBe(200);
  expect(await api('PATCH', `/v2/orders/${first}`, { limit_price: '61000' })).toMatchObject({
    status: 403,
    json: { existing_order_id: sell.json.id, reject_reason: 'opposite side limit order exists' },
  });
});

// The book as whoever looks after the exchange sees it, over HTTP.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createExchangeAdmin } from '../../adapters/exchange-admin/exchange-admin.ts';
import type { ExchangeBookJson } from '../../contract/index.ts';
import { startTestExchange } from '../../testing/exchange.ts';
import type { Exchange } from '../exchange.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await startTestExchange();
  await exchange.setQuote('AAPL', 149.99, 150.01, 3);
});
afterEach(() => exchange.stop());

const admin = () => createExchangeAdmin({ url: exchange.url, adminKey: exchange.adminKey! });
const book = async (symbol = 'AAPL') => (await admin().book(symbol)) as ExchangeBookJson;
async function place(order: Record<string, unknown>): Promise<string> {
  const response = await fetch(`${exchange.url}/v2/orders`, {
    method: 'POST',
    headers: { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey },
    body: JSON.stringify({ symbol: 'AAPL', side: 'buy', type: 'limit', time_in_force: 'day', ...order }),
  });
  const body = (await response.json()) as { id: string };
  expect(response.status, JSON.stringify(body)).toBe(200);
  return body.id;
}

it('has the market’s quote, and the orders that rest, best first and in their turn', async () => {
  const first = await place({ qty: '10', limit_price: '149.5' });
  const second = await place({ qty: '4', limit_price: '149.5' });
  await place({ qty: '7', limit_price: '149.99' });
  const { bids, asks, last, open, halted, tradable, waiting } = await book();
  expect(bids.map(({ price, market, orders }) => [price, market, orders.map((one) => one.quantity)])).toEqual([
    ['149.99', true, ['7']],
    ['149.5', false, ['10', '4']],
  ]);
  expect(bids[1]).toMatchObject({
    quantity: '14',
    orders: [{ id: first, side: 'buy', type: 'limit', limit: '149.5' }, { id: second }],
  });
  expect(asks).toMatchObject([{ price: '150.01', quantity: '3', market: true, orders: [] }]);
  expect({ open, halted, tradable, last }).toEqual({
    open: true,
    halted: false,
    tradable: true,
    last: expect.any(String),
  });
  expect(waiting).toEqual([]);
  expect((await book('MSFT')).bids.every(({ orders }) => orders.length === 0)).toBe(true);
});

it('lists what waits outside: stops, and legs of an entry that has not filled', async () => {
  await place({ qty: '2', type: 'market' });
  await place({ side: 'sell', qty: '2', type: 'stop', stop_price: '140', limit_price: undefined });
  await place({
    ...{ qty: '5', limit_price: '149', order_class: 'bracket' },
    ...{ take_profit: { limit_price: '160' }, stop_loss: { stop_price: '145' } },
  });
  const { bids, waiting, last } = await book();
  expect(bids.flatMap(({ orders }) => orders).map(({ quantity, limit }) => [quantity, limit])).toEqual([['5', '149']]);
  expect(waiting.map(({ side, type, quantity, stop, limit }) => [side, type, quantity, stop ?? limit]).sort()).toEqual([
    ['sell', 'limit', '5', '160'],
    ['sell', 'stop', '2', '140'],
    ['sell', 'stop', '5', '145'],
  ]);
  expect(last).toBe('150.01');
});

it('says that a symbol is halted, and what waits for it to go on', async () => {
  expect(await admin().add({ kind: 'halt', match: { symbol: 'AAPL' } })).toBeNull();
  await place({ qty: '1', limit_price: '149.7' });
  expect(await book()).toMatchObject({ halted: true, waiting: [{ quantity: '1', limit: '149.7' }] });
});

it('answers that a symbol has none, and null where it is not let in', async () => {
  expect(await admin().book('NOSUCH')).toBe('unlisted');
  expect(await createExchangeAdmin({ url: exchange.url, adminKey: 'another' }).book('AAPL')).toBeNull();
});

// Orders for coins, as a client places them: round the clock, in their own units, with the venue's fee.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestExchange } from '../../testing/exchange.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import type { Exchange } from '../exchange.ts';
import { call, type Json } from '../spec/checked-client.ts';

let exchange: Exchange;
const api = (method: string, path: string, body?: unknown) => call(exchange, method, path, body);
const get = async (path: string) => (await api('GET', path)).json;

beforeEach(async () => {
  // A Saturday, and New York's hours are kept: pairs trade all the same.
  exchange = await startTestExchange({ clock: new ManualClock('2026-11-21T15:30:00.000Z'), alwaysOpen: false });
  await exchange.setQuote('BTC/USD', 59_990, 60_000, 50);
  await exchange.setQuote('DOGE/USD', 0.1499, 0.15, 10_000_000);
});
afterEach(() => exchange.stop());

const place = (more: Json) =>
  api('POST', '/v2/orders', { symbol: 'BTC/USD', side: 'buy', type: 'market', time_in_force: 'gtc', ...more });
const order = async (id: unknown) => get(`/v2/orders/${id}`);

describe('a buy', () => {
  it('brings the coins less the fee, of which an activity tells', async () => {
    const { json } = await place({ qty: '0.00032', symbol: 'BTCUSD' });
    expect(json).toMatchObject({ symbol: 'BTC/USD', asset_class: 'crypto', qty: '0.00032' });
    expect(await order(json.id)).toMatchObject({ status: 'filled', filled_qty: '0.00032', filled_avg_price: '60000' });
    expect(await get('/v2/positions/BTCUSD')).toMatchObject({
      symbol: 'BTCUSD',
      asset_class: 'crypto',
      asset_marginable: false,
      qty: '0.0003192',
      qty_available: '0.0003192',
      avg_entry_price: '60000',
    });
    expect((await get('/v2/account')).cash).toBe('99980.8');
    expect(await get('/v2/account/activities/CFEE')).toMatchObject([
      {
        activity_type: 'CFEE',
        symbol: 'BTC/USD',
        qty: '-0.0000008',
        price: '60000',
        net_amount: '0',
        date: '2026-11-21',
        status: 'executed',
      },
    ]);
    const kinds = async (query: string) =>
      (await get(`/v2/account/activities?${query}`)).map((activity) => activity.activity_type);
    expect(await kinds('')).toEqual(['CFEE', 'FILL']);
    expect(await kinds('category=trade_activity')).toEqual(['FILL']);
    expect(await kinds('category=non_trade_activity')).toEqual(['CFEE']);
    const [first] = await get('/v2/account/activities?page_size=1');
    expect(await kinds(`page_token=${first!.id}`)).toEqual(['FILL']);
  });

  it('is by dollars too, and may be good till cancelled', async () => {
    const { json } = await place({ notional: '100' });
    expect(await order(json.id)).toMatchObject({ qty: null, filled_qty: '0.001666666', status: 'filled' });
  });

  it('by dollars that is immediate ends with what it got', async () => {
    await exchange.setQuote('BTC/USD', 59_990, 60_000, 0.001);
    const { json } = await place({ notional: '120', time_in_force: 'ioc' });
    expect(await order(json.id)).toMatchObject({ status: 'canceled', filled_qty: '0.001' });
  });

  it('of a coin that costs little counts millionths of it', async () => {
    const { json } = await place({ symbol: 'DOGE/USD', qty: '600000.000001' });
    expect(await order(json.id)).toMatchObject({ status: 'filled', filled_qty: '600000.000001' });
    expect((await get('/v2/positions/DOGEUSD')).qty).toBe('598500.000001');
    expect((await get('/v2/account')).cash).toBe('10000');
    expect(await place({ symbol: 'DOGE/USD', qty: '100.0000001' })).toMatchObject({
      status: 422,
      json: { code: 40_010_001, message: 'qty increment must be 0.000001' },
    });
  });

  it('is paid in cash, not with what is borrowed', async () => {
    expect(await place({ notional: '100001' })).toMatchObject({
      status: 403,
      json: {
        code: 40_310_000,
        message: 'insufficient balance for USD (requested: 100001, available: 100000)',
        available: '100000',
        balance: '100000',
        symbol: 'USD',
      },
    });
    await place({ type: 'limit', limit_price: '50000', qty: '1.5' });
    expect(await get('/v2/account')).toMatchObject({ non_marginable_buying_power: '25000', buying_power: '100000' });
    expect((await place({ notional: '25000.01' })).status).toBe(403);
    expect((await place({ notional: '25000' })).status).toBe(200);
  });
});

describe('a sell', () => {
  it('brings the money less the fee', async () => {
    await place({ qty: '1' });
    expect((await get('/v2/account')).cash).toBe('40000');
    await place({ qty: '0.5', side: 'sell', type: 'limit', limit_price: '59990' });
    // 29,995 less 74.9875.
    expect((await get('/v2/account')).cash).toBe('69920.01');
    expect((await get('/v2/positions/BTC%2FUSD')).qty).toBe('0.4975');
    const [fee] = await get('/v2/account/activities/CFEE');
    expect(fee).toMatchObject({ net_amount: '-74.9875', description: 'Coin Pair Transaction Fee (USD)' });
  });

  it('is of what is held, never short', async () => {
    expect(await place({ qty: '1', side: 'sell' })).toMatchObject({
      status: 403,
      json: { message: 'insufficient balance for BTC (requested: 1, available: 0)', symbol: 'BTC', balance: '0' },
    });
    await place({ qty: '1' });
    await place({ qty: '0.5', side: 'sell', type: 'limit', limit_price: '70000' });
    expect(await place({ qty: '0.5', side: 'sell' })).toMatchObject({
      status: 403,
      json: { available: '0.4975', balance: '0.9975' },
    });
    await api('DELETE', '/v2/orders');
    const closed = (await api('DELETE', '/v2/positions')).json;
    expect(closed).toMatchObject([{ symbol: 'BTCUSD', status: 200, body: { qty: '0.9975', time_in_force: 'gtc' } }]);
    expect(await get('/v2/positions')).toEqual([]);
  });

  it('stops at a limit', async () => {
    await place({ qty: '1' });
    const { json } = await place({
      qty: '0.5',
      side: 'sell',
      type: 'stop_limit',
      stop_price: '55000',
      limit_price: '54000',
    });
    await exchange.setQuote('BTC/USD', 54_500, 54_510, 50);
    expect(await order(json.id)).toMatchObject({ status: 'filled', filled_avg_price: '54500' });
  });
});

it.each([
  ['a day', { time_in_force: 'day' }, 422, 40_010_001, 'invalid crypto time_in_force'],
  ['fill or kill', { time_in_force: 'fok' }, 422, 40_010_001, 'invalid crypto time_in_force'],
  ['a stop', { type: 'stop', stop_price: '65000' }, 422, 40_010_001, 'invalid crypto order type'],
  [
    'legs',
    { order_class: 'oto', take_profit: { limit_price: '70000' } },
    422,
    42_210_000,
    'crypto orders must be simple orders',
  ],
  [
    'extended hours',
    { type: 'limit', limit_price: '60000', extended_hours: true },
    422,
    42_210_000,
    'crypto orders must not have extended_hours',
  ],
  ['under ten dollars', { qty: '0.0001' }, 403, 40_310_000, 'cost basis must be >= minimal amount of order 10'],
  ['over 200,000 dollars', { qty: '4' }, 403, 40_310_000, 'cost basis must be <= maximal amount of order 200000'],
])('refuses %s', async (_, more, status, code, message) => {
  expect(await place({ qty: '0.001', ...more })).toMatchObject({ status, json: { code, message } });
});

it('lists pairs with what an order for them has to keep to', async () => {
  const pairs = await get('/v2/assets?asset_class=crypto');
  expect(pairs.length).toBeGreaterThan(5);
  expect(pairs.find(({ symbol }) => symbol === 'BTC/USD')).toMatchObject({
    class: 'crypto',
    exchange: 'CRYPTO',
    tradable: true,
    marginable: false,
    shortable: false,
    fractionable: true,
    min_order_size: '0.000001',
    min_trade_increment: '0.000000001',
    price_increment: '0.0001',
  });
  expect(await get('/v2/assets/DOGEUSD')).toMatchObject({ symbol: 'DOGE/USD', min_trade_increment: '0.000001' });
  expect((await get('/v2/assets')).every((asset) => asset.class === 'us_equity')).toBe(true);
});

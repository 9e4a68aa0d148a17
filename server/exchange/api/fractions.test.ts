// Orders for fractions of a share and for dollars, as a client places them. Every answer is held against the specification and the
// catalogue of refusals by the client that asks.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestExchange } from '../../testing/exchange.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import type { Exchange } from '../exchange.ts';
import { call, type Json } from '../spec/checked-client.ts';

let exchange: Exchange;
const api = (method: string, path: string, body?: unknown) => call(exchange, method, path, body);
const get = async (path: string) => (await api('GET', path)).json;

beforeEach(async () => {
  // A Friday, an hour after the opening bell in New York.
  exchange = await startTestExchange({ clock: new ManualClock('2026-11-20T15:30:00.000Z') });
  await exchange.setQuote('AAPL', 149.99, 150.01);
  await exchange.setQuote('CAT', 344.9, 345.1);
});
afterEach(() => exchange.stop());

const place = (more: Json) =>
  api('POST', '/v2/orders', { symbol: 'AAPL', side: 'buy', type: 'market', time_in_force: 'day', ...more });
const order = async (id: unknown) => get(`/v2/orders/${id}`);

describe('a fraction', () => {
  it('is bought, held, valued and sold to the last of nine decimals', async () => {
    const { json } = await place({ qty: '1.123456789' });
    expect(json).toMatchObject({ qty: '1.123456789', notional: null, filled_qty: '0' });
    expect(await order(json.id)).toMatchObject({
      status: 'filled',
      filled_qty: '1.123456789',
      filled_avg_price: '150.01',
    });
    // 1.123456789 x 150.01 = 168.52975291789
    expect((await get('/v2/account')).cash).toBe('99831.47');
    expect(await get('/v2/positions/AAPL')).toMatchObject({
      qty: '1.123456789',
      qty_available: '1.123456789',
      avg_entry_price: '150.01',
      cost_basis: '168.52975291789',
      market_value: '168.52',
    });
    await place({ qty: '0.123456789', side: 'sell' });
    expect((await get('/v2/positions/AAPL')).qty).toBe('1');
    const fills = await get('/v2/account/activities/FILL');
    expect(fills.map((fill) => [fill.side, fill.qty])).toEqual([
      ['sell', '0.123456789'],
      ['buy', '1.123456789'],
    ]);
  });

  it('rests at a limit, and holds what it is going to sell', async () => {
    await place({ qty: '2.5' });
    const { json } = await place({ qty: '0.75', side: 'sell', type: 'limit', limit_price: '160' });
    expect(await get('/v2/positions/AAPL')).toMatchObject({ qty: '2.5', qty_available: '1.75' });
    expect(await place({ qty: '1.76', side: 'sell' })).toMatchObject({
      status: 403,
      json: { available: '1.75', existing_qty: '2.5', held_for_orders: '0.75', related_orders: [json.id] },
    });
    await exchange.setQuote('AAPL', 160.5, 160.52);
    expect(await order(json.id)).toMatchObject({ status: 'filled', filled_avg_price: '160' });
  });

  it.each([
    ['good till cancelled', { time_in_force: 'gtc' }, 422, 42_210_000, 'fractional orders must be DAY orders'],
    [
      'with legs',
      { order_class: 'oto', take_profit: { limit_price: '160' } },
      422,
      42_210_000,
      'fractional orders must be simple orders',
    ],
    ['sold short', { side: 'sell' }, 422, 42_210_000, 'fractional orders cannot be sold short'],
    ['of an asset that has none', { symbol: 'CAT' }, 403, 40_310_000, 'asset "CAT" is not fractionable'],
    ['below a dollar', { qty: '0.006' }, 403, 40_310_000, 'cost basis must be >= minimal amount of order 1'],
    ['finer than it counts', { qty: '0.1234567891' }, 422, 40_010_001, 'qty must have at most 9 decimal places'],
    ['of more than a million', { qty: '1000000.5' }, 422, 40_010_001, 'qty must be <= 1000000'],
  ])('is refused %s', async (_, more, status, code, message) => {
    expect(await place({ qty: '0.5', ...more })).toMatchObject({ status, json: { code, message } });
    expect((await get('/v2/account')).cash).toBe('100000');
  });

  it('keeps its quantity when it is replaced', async () => {
    const { json } = await place({ qty: '0.5', type: 'limit', limit_price: '140' });
    expect(await api('PATCH', `/v2/orders/${json.id}`, { qty: '0.6' })).toMatchObject({
      status: 422,
      json: { message: 'qty cannot be changed for fractional orders' },
    });
    expect(await api('PATCH', `/v2/orders/${json.id}`, { limit_price: '141' })).toMatchObject({
      status: 200,
      json: { qty: '0.5', limit_price: '141' },
    });
  });

  it('is not for an account whose owner has switched it off', async () => {
    await api('PATCH', '/v2/account/configurations', { fractional_trading: false });
    const message = 'fractional trading is disabled for this account';
    expect(await place({ qty: '0.5' })).toMatchObject({ status: 403, json: { message } });
    expect(await place({ notional: '100' })).toMatchObject({ status: 403, json: { message } });
    expect((await place({ qty: '1' })).status).toBe(200);
  });
});

describe('an order by dollars', () => {
  it('buys what they come to and not a cent more, as one', async () => {
    const { json } = await place({ notional: '1000' });
    expect(json).toMatchObject({ qty: null, notional: '1000', filled_qty: '0' });
    // 1000 / 150.01, rounded down to nine decimals.
    expect(await order(json.id)).toMatchObject({
      status: 'filled',
      qty: null,
      notional: '1000',
      filled_qty: '6.666222251',
      filled_avg_price: '150.01',
    });
    const [fill, ...others] = await get('/v2/account/activities');
    expect(fill).toMatchObject({ qty: '6.666222251', leaves_qty: '0', type: 'fill', order_status: 'filled' });
    expect(others).toEqual([]);
    expect((await get('/v2/account')).cash).toBe('99000');
  });

  it('waits for its limit, and reckons with the price that it gets', async () => {
    const { json } = await place({ notional: '145', type: 'limit', limit_price: '146' });
    expect((await order(json.id)).status).not.toBe('filled');
    await exchange.setQuote('AAPL', 144.98, 145);
    expect(await order(json.id)).toMatchObject({ status: 'filled', filled_qty: '1', filled_avg_price: '145' });
  });

  it('waits for its stop', async () => {
    const { json } = await place({ notional: '156', type: 'stop', stop_price: '155' });
    await exchange.setQuote('AAPL', 152.98, 153);
    expect((await order(json.id)).filled_qty).toBe('0');
    await exchange.setQuote('AAPL', 155.98, 156);
    expect(await order(json.id)).toMatchObject({ status: 'filled', filled_qty: '1' });
  });

  it('goes on with what a thin quote left', async () => {
    await exchange.setQuote('AAPL', 149.99, 150, 2);
    const { json } = await place({ notional: '450' });
    expect(await order(json.id)).toMatchObject({ status: 'partially_filled', filled_qty: '2' });
    await exchange.setQuote('AAPL', 99.99, 100, 2);
    expect(await order(json.id)).toMatchObject({ status: 'filled', filled_qty: '3.5', filled_avg_price: '128.571429' });
  });

  it('sells for them, but no more than is held', async () => {
    await place({ qty: '2' });
    const { json } = await place({ notional: '149.99', side: 'sell' });
    expect(await order(json.id)).toMatchObject({ status: 'filled', filled_qty: '1' });
    expect(await place({ notional: '151', side: 'sell' })).toMatchObject({
      status: 403,
      json: { available: '1', existing_qty: '1' },
    });
  });

  it('is cancelled like any other', async () => {
    const { json } = await place({ notional: '100', type: 'limit', limit_price: '100' });
    expect((await api('DELETE', `/v2/orders/${json.id}`)).status).toBe(204);
    await exchange.setQuote('AAPL', 89.98, 90);
    expect(await order(json.id)).toMatchObject({ status: 'canceled', filled_qty: '0' });
  });

  it.each([
    ['and by quantity', { qty: '1' }, 422, 40_010_001, 'only one of qty or notional is accepted'],
    ['below a dollar', { notional: '0.99' }, 422, 40_010_001, 'notional must be >= 1.00'],
    ['without an amount', { notional: null }, 422, 40_010_001, 'qty or notional is required'],
    ['beyond its power', { notional: '400001' }, 403, 40_310_000, 'insufficient buying power'],
    ['good till cancelled', { time_in_force: 'gtc' }, 422, 42_210_000, 'fractional orders must be DAY orders'],
  ])('is refused %s', async (_, more, status, code, message) => {
    expect(await place({ notional: '100', ...more })).toMatchObject({ status, json: { code, message } });
  });

  it('is not replaced', async () => {
    const { json } = await place({ notional: '100', type: 'limit', limit_price: '100' });
    expect(await api('PATCH', `/v2/orders/${json.id}`, { limit_price: '101' })).toMatchObject({
      status: 422,
      json: { message: 'notional orders cannot be replaced' },
    });
  });
});

describe('closing', () => {
  it('takes a quantity or a share of a position, in fractions where it has one', async () => {
    await place({ qty: '4.5' });
    expect((await api('DELETE', '/v2/positions/AAPL?qty=0.25')).json).toMatchObject({ qty: '0.25', side: 'sell' });
    expect((await api('DELETE', '/v2/positions/AAPL?percentage=50')).json.qty).toBe('2.125');
    expect((await get('/v2/positions/AAPL')).qty).toBe('2.125');
    await api('DELETE', '/v2/positions/AAPL');
    expect((await api('GET', '/v2/positions/AAPL')).status).toBe(404);
  });

  it('takes whole shares of whole ones', async () => {
    await place({ qty: '5' });
    expect((await api('DELETE', '/v2/positions/AAPL?percentage=50')).json.qty).toBe('2');
  });

  it('leaves nothing behind, however little it is worth', async () => {
    await place({ qty: '1.001' });
    await place({ qty: '1', side: 'sell' });
    expect((await api('DELETE', '/v2/positions/AAPL')).json).toMatchObject({ qty: '0.001' });
    expect(await get('/v2/positions')).toEqual([]);
  });

  it('closes all, and says of each that cannot be why', async () => {
    await place({ qty: '2.5' });
    await place({ symbol: 'CAT', qty: '3' });
    await place({ qty: '1', side: 'sell', type: 'limit', limit_price: '170' });
    const answers = (await api('DELETE', '/v2/positions')).json;
    expect(answers.map(({ symbol, status }) => [symbol, status])).toEqual([
      ['AAPL', 403],
      ['CAT', 200],
    ]);
    expect(answers[0]!.body).toMatchObject({ available: '1.5', existing_qty: '2.5', held_for_orders: '1' });
    await api('DELETE', '/v2/positions?cancel_orders=true');
    expect(await get('/v2/positions')).toEqual([]);
  });
});

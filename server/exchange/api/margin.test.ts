// What an account may do: its buying power, what it may sell short, what its owner's settings allow.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestExchange } from '../../testing/exchange.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import type { Exchange } from '../exchange.ts';
import type { ScriptedMarket } from '../market/scripted.ts';
import { call, type Json } from '../spec/checked-client.ts';

let exchange: Exchange;
const api = (method: string, path: string, body?: unknown) => call(exchange, method, path, body);
const get = async (path: string) => (await api('GET', path)).json;
const set = (settings: Json) => api('PATCH', '/v2/account/configurations', settings);

beforeEach(async () => {
  exchange = await startTestExchange({ clock: new ManualClock('2026-11-20T15:30:00.000Z') });
  await exchange.setQuote('AAPL', 99.99, 100.01);
  await exchange.setQuote('GM', 46.99, 47.01);
  await exchange.setQuote('NKE', 79.99, 80.01);
});
afterEach(() => exchange.stop());

const place = (side: 'buy' | 'sell', qty: string, more: Json = {}) =>
  api('POST', '/v2/orders', { symbol: 'AAPL', side, qty, type: 'market', time_in_force: 'day', ...more });
const limit = (side: 'buy' | 'sell', qty: string, limit_price: string, more: Json = {}) =>
  place(side, qty, { type: 'limit', limit_price, ...more });

describe('buying power', () => {
  it.each([
    ['4', '400000', '200000'],
    ['2', '200000', '200000'],
    ['1', '100000', '100000'],
  ])('of an account with multiplier %s', async (max_margin_multiplier, power, overnight) => {
    await set({ max_margin_multiplier });
    expect(await get('/v2/account')).toMatchObject({
      multiplier: max_margin_multiplier,
      buying_power: power,
      effective_buying_power: power,
      regt_buying_power: overnight,
      non_marginable_buying_power: '100000',
      shorting_enabled: max_margin_multiplier !== '1',
    });
    const most = Number(power) / 100;
    expect(await limit('buy', String(most + 1), '100')).toMatchObject({
      status: 403,
      json: {
        code: 40_310_000,
        message: 'insufficient buying power',
        buying_power: power,
        cost_basis: `${Number(power) + 100}`,
      },
    });
    expect((await limit('buy', String(most), '100')).status).toBe(200);
    expect(await get('/v2/account')).toMatchObject({ buying_power: '0' });
  });

  it('is given back by a cancellation, and never below zero', async () => {
    const { json } = await limit('buy', '4000', '99.5');
    expect((await get('/v2/account')).buying_power).toBe('2000');
    expect((await limit('buy', '21', '99')).status).toBe(403);
    await api('DELETE', `/v2/orders/${json.id}`);
    expect((await get('/v2/account')).buying_power).toBe('400000');
  });

  it('of a replacement is what the order had and what is left', async () => {
    const { json } = await limit('buy', '3000', '99');
    expect((await api('PATCH', `/v2/orders/${json.id}`, { qty: '4041' })).status).toBe(403);
    const next = await api('PATCH', `/v2/orders/${json.id}`, { qty: '4040' });
    expect(next.status).toBe(200);
    // 400,000 less 4,040 x 99.
    expect((await get('/v2/account')).buying_power).toBe('40');
    expect((await api('PATCH', `/v2/orders/${next.json.id}`, { limit_price: '99.02' })).status).toBe(403);
    expect((await api('PATCH', `/v2/orders/${next.json.id}`, { qty: '10' })).status).toBe(200);
  });

  it('of less than $2,000 of equity lends nothing', async () => {
    await exchange.stop();
    exchange = await startTestExchange({ startingCash: 1999 });
    await exchange.setQuote('AAPL', 99.99, 100.01);
    expect(await get('/v2/account')).toMatchObject({
      multiplier: '1',
      buying_power: '1999',
      shorting_enabled: false,
    });
    expect((await place('buy', '20')).status).toBe(403);
    expect(await place('sell', '1')).toMatchObject({ json: { message: 'account is not allowed to short' } });
    expect((await place('buy', '19')).status).toBe(200);
  });

  it('and margins follow what is held', async () => {
    await place('buy', '1000');
    await exchange.setQuote('AAPL', 99.99, 100.01, 5000);
    expect(await get('/v2/account')).toMatchObject({
      cash: '-10',
      equity: '99990',
      long_market_value: '100000',
      initial_margin: '50000',
      maintenance_margin: '30000',
      buying_power: '299960',
      regt_buying_power: '99980',
      non_marginable_buying_power: '0',
    });
  });
});

describe('a short sale', () => {
  it('is carried, valued and bought back', async () => {
    await place('sell', '100');
    expect(await get('/v2/positions/AAPL')).toMatchObject({ qty: '-100', side: 'short', market_value: '-10000' });
    expect(await get('/v2/account')).toMatchObject({
      cash: '109999',
      equity: '99999',
      short_market_value: '-10000',
      initial_margin: '5000',
      maintenance_margin: '3000',
      buying_power: '389996',
    });
    expect(await place('buy', '101')).toMatchObject({
      status: 403,
      json: { message: 'insufficient qty available for order (requested: 101, available: 100)' },
    });
    expect((await place('buy', '100')).status).toBe(200);
    expect(await get('/v2/positions')).toEqual([]);
  });

  it('is reckoned at three percent above the market', async () => {
    // 400,000 / (100.01 x 1.03), the price rounded up to a hundredth of a cent.
    expect(await place('sell', '3884')).toMatchObject({ status: 403, json: { cost_basis: '400092.01' } });
    expect((await limit('sell', '3883', '100.5')).status).toBe(200);
  });

  it.each([
    ['the owner', { no_shorting: true }, {}, 403, 'account is not allowed to short'],
    ['a cash account', { max_margin_multiplier: '1' }, {}, 403, 'account is not allowed to short'],
    ['an asset that nobody lends', {}, { symbol: 'GM' }, 422, 'asset "GM" cannot be sold short'],
    ['one that is hard to borrow', {}, { symbol: 'NKE' }, 422, 'asset "NKE" cannot be sold short'],
  ])('is refused by %s', async (_, settings, more, status, message) => {
    await set(settings);
    expect(await place('sell', '1', more)).toMatchObject({ status, json: { message } });
  });

  it('of some assets is marked as not possible', async () => {
    expect(await get('/v2/assets/GM')).toMatchObject({ shortable: false, easy_to_borrow: false });
    expect(await get('/v2/assets/CAT')).toMatchObject({ fractionable: false });
    expect(await get('/v2/assets/AAPL')).toMatchObject({ shortable: true, easy_to_borrow: true, fractionable: true });
  });

  it('does not turn a long position over', async () => {
    await place('buy', '10');
    expect(await place('sell', '11')).toMatchObject({ status: 403, json: { available: '10', existing_qty: '10' } });
    await limit('sell', '10', '110');
    expect(await place('sell', '1')).toMatchObject({ status: 403, json: { available: '0', held_for_orders: '10' } });
  });

  it('and a long buy are not on order at once', async () => {
    await limit('sell', '1', '110');
    expect(await limit('buy', '1', '90')).toMatchObject({
      status: 403,
      json: { message: 'cannot open a long buy while a short sell order is open' },
    });
    await api('DELETE', '/v2/orders');
    await limit('buy', '1', '90');
    expect(await limit('sell', '1', '110')).toMatchObject({
      status: 403,
      json: { message: 'cannot open a short sell while a long buy order is open' },
    });
  });

  it('that goes wrong leaves an account that may only close', async () => {
    await exchange.setQuote('AAPL', 99.99, 100.01, 5000);
    await place('sell', '3000');
    await exchange.setQuote('AAPL', 125, 125.02, 5000);
    expect(await place('buy', '1', { symbol: 'GM' })).toMatchObject({
      status: 403,
      json: { message: 'account is restricted to liquidation only' },
    });
    expect((await place('buy', '3000')).status).toBe(200);
    expect((await place('buy', '1', { symbol: 'GM' })).status).toBe(200);
  });
});

it('suspends all trading at the owner’s request, closing too', async () => {
  await place('buy', '1');
  await set({ suspend_trade: true });
  expect(await place('sell', '1')).toMatchObject({
    status: 403,
    json: { message: 'new orders are rejected by user request' },
  });
  expect((await api('DELETE', '/v2/positions/AAPL')).status).toBe(403);
});

describe('an order without a price', () => {
  const costAt = async (time: string) => {
    await exchange.stop();
    exchange = await startTestExchange({
      clock: new ManualClock(time),
      market: { kind: 'scripted' },
      alwaysOpen: false,
    });
    await exchange.setQuote('AAPL', 100, 110);
    (exchange.market as ScriptedMarket).print('AAPL', 101, 1, new Date(time));
    await exchange.venue.show(['AAPL']);
    return (await place('buy', '100000')).json.cost_basis;
  };

  it.each([
    ['in regular hours at the far side', '2026-11-20T15:30:00.000Z', '11000000'],
    ['before and after them in the middle', '2026-11-20T13:00:00.000Z', '10500000'],
    ['when nothing trades at the last trade', '2026-11-22T16:00:00.000Z', '10100000'],
  ])('is reckoned %s', async (_, time, cost) => {
    expect(await costAt(time)).toBe(cost);
  });
});

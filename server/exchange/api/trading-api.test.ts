// The Trading API as a client meets it. Every answer is held against the official specification by the client that asks.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestExchange } from '../../testing/exchange.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import type { Exchange } from '../exchange.ts';
import { call, type Json } from '../spec/checked-client.ts';
import { assetIdOf } from './assets.ts';

let exchange: Exchange;
let clock: ManualClock;
const api = (method: string, path: string, body?: unknown) => call(exchange, method, path, body);
const get = async (path: string) => (await api('GET', path)).json;

beforeEach(async () => {
  // A Friday, an hour after the opening bell in New York.
  clock = new ManualClock('2026-11-20T15:30:00.000Z');
  exchange = await startTestExchange({ clock });
  await exchange.setQuote('AAPL', 149.99, 150.01);
  await exchange.setQuote('MSFT', 409.9, 410.1);
});
afterEach(() => exchange.stop());

const buy = (symbol: string, qty: string, more: Json = {}) =>
  api('POST', '/v2/orders', { symbol, qty, side: 'buy', type: 'market', time_in_force: 'day', ...more });
const rest = (symbol: string, limit_price: string, more: Json = {}) =>
  buy(symbol, '1', { type: 'limit', limit_price, time_in_force: 'gtc', ...more });
const bracket = (more: Json = {}) =>
  rest('AAPL', '140', {
    order_class: 'bracket',
    take_profit: { limit_price: '160' },
    stop_loss: { stop_price: '130' },
    ...more,
  });
const ids = (list: Json[]) => list.map((one) => one.id);

describe('the account', () => {
  it('has every field, in decimals as text', async () => {
    await buy('AAPL', '10');
    expect(await get('/v2/account')).toMatchObject({
      status: 'ACTIVE',
      cash: '98499.9',
      long_market_value: '1500',
      equity: '99999.9',
      maintenance_margin: '450',
      initial_margin: '750',
      multiplier: '4',
    });
  });

  it('keeps its settings, changes only what is told, and passes over what it does not know', async () => {
    const before = await get('/v2/account/configurations');
    const changed = await api('PATCH', '/v2/account/configurations', {
      trade_confirm_email: 'all',
      dtbp_check: 'both',
    });
    expect(changed.json).toEqual({ ...before, trade_confirm_email: 'all' });
    expect(await get('/v2/account/configurations')).toEqual(changed.json);
  });

  it.each([
    [{ no_shorting: 'yes' }, 400],
    [{ max_margin_multiplier: '3' }, 422],
    [{ max_margin_multiplier: 2 }, 400],
    [{ max_options_trading_level: 9 }, 422],
    [{ trade_confirm_email: 'some' }, 422],
    [[], 400],
    ['{', 400],
  ])('does not take the setting %j', async (body, status) => {
    const before = await get('/v2/account/configurations');
    expect((await api('PATCH', '/v2/account/configurations', body)).status).toBe(status);
    expect(await get('/v2/account/configurations')).toEqual(before);
  });

  it('takes no orders while it is suspended, and again afterwards', async () => {
    await api('PATCH', '/v2/account/configurations', { suspend_trade: true });
    expect((await get('/v2/account')).trade_suspended_by_user).toBe(true);
    expect(await buy('AAPL', '1')).toMatchObject({ status: 403, json: { code: 40_310_000 } });
    await api('PATCH', '/v2/account/configurations', { suspend_trade: false });
    expect((await buy('AAPL', '1')).status).toBe(200);
  });

  it('does not go short when it may not, but sells what it has', async () => {
    await api('PATCH', '/v2/account/configurations', { no_shorting: true });
    expect((await get('/v2/account')).shorting_enabled).toBe(false);
    await buy('AAPL', '5');
    expect((await buy('MSFT', '1', { side: 'sell' })).json.message).toBe('account is not allowed to short');
    expect((await buy('AAPL', '5', { side: 'sell' })).status).toBe(200);
  });
});

describe('orders', () => {
  it('are listed newest first, the open ones unless told otherwise, legs on their own or inside', async () => {
    const done = (await buy('AAPL', '1')).json.id;
    await clock.advance(1000);
    const resting = (await rest('MSFT', '400')).json.id;
    await clock.advance(1000);
    const group = (await bracket()).json;
    const legs = ids(group.legs as Json[]);
    expect(ids(await get('/v2/orders'))).toEqual([...legs].reverse().concat(group.id, resting));
    expect(ids(await get('/v2/orders?nested=true'))).toEqual([group.id, resting]);
    expect(ids((await get('/v2/orders?nested=true'))[0]!.legs as Json[])).toEqual(legs);
    expect(ids(await get('/v2/orders?status=closed'))).toEqual([done]);
    expect(ids(await get('/v2/orders?status=all&nested=true&direction=asc'))).toEqual([done, resting, group.id]);
    expect(ids(await get('/v2/orders?status=all&nested=true&direction=asc&limit=1'))).toEqual([done]);
    expect(ids(await get('/v2/orders?status=all&symbols=MSFT,TSLA'))).toEqual([resting]);
    expect(ids(await get('/v2/orders?side=sell'))).toEqual([...legs].reverse());
    expect(await get('/v2/orders?asset_class=crypto')).toEqual([]);
    expect(ids(await get('/v2/orders?asset_class=us_equity,crypto&symbols=MSFT'))).toEqual([resting]);
  });

  it('are found by their moment, exclusive at both ends, and by what stands before and after them', async () => {
    const all: Json[] = [];
    for (const limit of ['100', '101', '102']) {
      all.push((await rest('AAPL', limit)).json);
      await clock.advance(1000);
    }
    const at = all.map((order) => encodeURIComponent(order.submitted_at as string));
    const [first, second, third] = ids(all);
    expect(ids(await get(`/v2/orders?after=${at[0]}&direction=asc`))).toEqual([second, third]);
    expect(ids(await get(`/v2/orders?until=${at[2]}&direction=asc`))).toEqual([first, second]);
    expect(ids(await get(`/v2/orders?after=${at[0]}&until=${at[2]}`))).toEqual([second]);
    expect(ids(await get(`/v2/orders?before_order_id=${second}`))).toEqual([first]);
    expect(ids(await get(`/v2/orders?after_order_id=${second}`))).toEqual([third]);
    // A plus that was not encoded, and a date alone.
    expect(ids(await get('/v2/orders?after=2026-11-20T16:30:00+01:00&direction=asc'))).toEqual([second, third]);
    expect(await get('/v2/orders?after=2026-11-21')).toEqual([]);
  });

  it.each([
    'status=some',
    'limit=0',
    'limit=x',
    'direction=up',
    'after=yesterday',
    'nested=perhaps',
    'side=both',
    'asset_class=gold',
    'before_order_id=7',
    `before_order_id=${assetIdOf('A')}&after_order_id=${assetIdOf('A')}`,
    `before_order_id=${assetIdOf('A')}&after=2026-01-01`,
  ])('are not listed by %s', async (query) => {
    expect((await api('GET', `/v2/orders?${query}`)).status).toBe(422);
  });

  it('are found by id, with the legs where they are asked for, and by the client’s own id', async () => {
    const { id } = (await bracket({ client_order_id: 'my own / id ü' })).json;
    expect((await get(`/v2/orders/${id}`)).legs).toBeNull();
    expect((await get(`/v2/orders/${id}?nested=true`)).legs).toHaveLength(2);
    expect((await get(`/v2/orders/${String(id).replaceAll('-', '').toUpperCase()}`)).id).toBe(id);
    const name = encodeURIComponent('my own / id ü');
    expect((await get(`/v2/orders:by_client_order_id?client_order_id=${name}`)).id).toBe(id);
    expect((await api('GET', '/v2/orders:by_client_order_id?client_order_id=other')).status).toBe(404);
    expect((await api('GET', '/v2/orders:by_client_order_id')).status).toBe(422);
    expect(await api('GET', '/v2/orders/not-an-id')).toMatchObject({ status: 422, json: { code: 40_010_001 } });
    expect((await api('GET', `/v2/orders/${assetIdOf('A')}`)).status).toBe(404);
  });

  it('are replaced by new ones that say so', async () => {
    const { id } = (await rest('AAPL', '140')).json;
    const next = await api('PATCH', `/v2/orders/${id}`, { limit_price: '141', qty: '2', client_order_id: 'next' });
    expect(next.json).toMatchObject({ replaces: id, limit_price: '141', qty: '2', client_order_id: 'next' });
    expect(await get(`/v2/orders/${id}`)).toMatchObject({ status: 'replaced', replaced_by: next.json.id });
    expect((await api('PATCH', `/v2/orders/${id}`, { limit_price: '142' })).status).toBe(422);
    expect((await api('PATCH', `/v2/orders/${next.json.id}`, {})).json.message).toBe(
      'order parameters are not changed',
    );
    expect((await api('PATCH', `/v2/orders/${next.json.id}`, { notional: '5' })).status).toBe(422);
    expect((await api('PATCH', `/v2/orders/${next.json.id}`, { trail: '5' })).status).toBe(422);
  });

  it('are cancelled one by one, and all at once with 207', async () => {
    const { id } = (await rest('AAPL', '140')).json;
    expect((await api('DELETE', `/v2/orders/${id}`)).status).toBe(204);
    expect((await api('DELETE', `/v2/orders/${id}`)).json.message).toBe('order is already in "canceled" state');
    const others = [(await rest('AAPL', '139')).json.id, (await rest('MSFT', '390')).json.id];
    const answer = await api('DELETE', '/v2/orders');
    expect(answer.status).toBe(207);
    expect(answer.json).toEqual(others.map((one) => ({ id: one, status: 200, body: null })));
    expect(await get('/v2/orders')).toEqual([]);
    expect(await api('DELETE', '/v2/orders')).toMatchObject({ status: 207, json: [] });
  });
});

describe('positions', () => {
  it('are found by symbol, by asset id with and without dashes, and by CUSIP', async () => {
    await buy('AAPL', '10');
    for (const name of ['AAPL', 'aapl', assetIdOf('AAPL'), assetIdOf('AAPL').replaceAll('-', ''), '037833100']) {
      expect(await get(`/v2/positions/${name}`)).toMatchObject({ symbol: 'AAPL', qty: '10', side: 'long' });
    }
    expect(await get('/v2/positions')).toHaveLength(1);
    expect(await api('GET', '/v2/positions/MSFT')).toMatchObject({ status: 404, json: { code: 40_410_000 } });
    expect((await api('GET', '/v2/positions/NOPE')).json.message).toBe('symbol not found: NOPE');
  });

  it('say what they gained: in all, and today against the last close', async () => {
    await buy('AAPL', '10');
    // Over the weekend: Friday closes at 152, and on Monday five more are bought.
    await exchange.setQuote('AAPL', 151.99, 152.01);
    await clock.advance(6 * 3_600_000);
    await clock.advance(64 * 3_600_000);
    await exchange.setQuote('AAPL', 153.99, 154.01);
    await buy('AAPL', '5');
    await exchange.setQuote('AAPL', 155.99, 156.01);
    expect(await get('/v2/positions/AAPL')).toMatchObject({
      cost_basis: '2270.15',
      market_value: '2340',
      unrealized_pl: '69.85',
      lastday_price: '152',
      current_price: '156',
      // Ten from 152 and five from 154.01.
      unrealized_intraday_pl: '49.95',
      change_today: '0.02631579',
    });
    expect(await get('/v2/account')).toMatchObject({ last_equity: '100019.9', balance_asof: '2026-11-20' });
  });

  it.each([
    ['', '0'],
    ['?qty=4', '6'],
    ['?percentage=25', '8'],
  ])('are closed with %s', async (query, left) => {
    await buy('AAPL', '10');
    const { status, json } = await api('DELETE', `/v2/positions/AAPL${query}`);
    expect(status).toBe(200);
    expect(json).toMatchObject({ side: 'sell', type: 'market', time_in_force: 'day', status: 'pending_new' });
    const open = await get('/v2/positions');
    expect(open.map((position) => position.qty)).toEqual(left === '0' ? [] : [left]);
  });

  it('are bought back when they are short', async () => {
    await buy('AAPL', '10', { side: 'sell' });
    expect((await get('/v2/positions/AAPL')).qty).toBe('-10');
    expect((await api('DELETE', '/v2/positions/AAPL?percentage=50')).json).toMatchObject({ side: 'buy', qty: '5' });
    expect((await get('/v2/positions/AAPL')).qty).toBe('-5');
  });

  it.each([
    ['?qty=0', 422],
    ['?qty=-1', 422],
    ['?qty=x', 422],
    ['?qty=1&percentage=5', 422],
    ['?percentage=101', 422],
    ['?percentage=0', 422],
    ['?qty=11', 403],
  ])('are not closed with %s', async (query, status) => {
    await buy('AAPL', '10');
    expect((await api('DELETE', `/v2/positions/AAPL${query}`)).status).toBe(status);
    expect((await get('/v2/positions/AAPL')).qty).toBe('10');
  });

  it('are all closed at once; what open orders hold is told of, unless they are cancelled first', async () => {
    await buy('AAPL', '10');
    await buy('MSFT', '3');
    const held = await api('POST', '/v2/orders', {
      symbol: 'AAPL',
      qty: '10',
      side: 'sell',
      type: 'limit',
      limit_price: '170',
      time_in_force: 'gtc',
    });
    const first = await api('DELETE', '/v2/positions');
    expect(first.status).toBe(207);
    expect(first.json).toMatchObject([
      { symbol: 'AAPL', status: 403, body: { available: '0', held_for_orders: '10', symbol: 'AAPL' } },
      { symbol: 'MSFT', status: 200, body: { side: 'sell', qty: '3' } },
    ]);
    const second = await api('DELETE', '/v2/positions?cancel_orders=true');
    expect(second.json).toMatchObject([{ symbol: 'AAPL', status: 200, body: { side: 'sell', qty: '10' } }]);
    expect((await get(`/v2/orders/${held.json.id}`)).status).toBe('canceled');
    expect(await get('/v2/positions')).toEqual([]);
    expect((await api('DELETE', '/v2/positions?cancel_orders=some')).status).toBe(422);
  });
});

describe('assets', () => {
  it.each([
    'AAPL',
    'aapl',
    'AAPL:NASDAQ',
    'AAPL:NASDAQ:us_equity',
    assetIdOf('AAPL'),
    assetIdOf('AAPL').replaceAll('-', ''),
    '037833100',
  ])('are found by %s', async (name) => {
    expect(await get(`/v2/assets/${name}`)).toMatchObject({ symbol: 'AAPL', cusip: '037833100' });
  });

  it.each(['NOPE', 'AAPL:NYSE', 'AAPL:NASDAQ:crypto', 'AAPL:NASDAQ:us_equity:x', assetIdOf('NOPE')])(
    'are not found by %s',
    async (name) => {
      expect(await api('GET', `/v2/assets/${name}`)).toMatchObject({ status: 404, json: { code: 40_410_000 } });
    },
  );

  it('are listed by exchange and symbol, and filtered', async () => {
    const all = await get('/v2/assets');
    const keys = all.map((asset) => `${asset.exchange} ${asset.symbol}`);
    expect(keys).toEqual([...keys].sort());
    expect((await get('/v2/assets?exchange=ARCA')).map((asset) => asset.symbol)).toEqual(
      ['IWM', 'QQQ', 'SPY'].filter((symbol) =>
        all.some((asset) => asset.symbol === symbol && asset.exchange === 'ARCA'),
      ),
    );
    expect(await get('/v2/assets?status=inactive')).toEqual([]);
    expect(await get('/v2/assets?status=active')).toEqual(all);
    expect(await get('/v2/assets?attributes=ipo')).toEqual([]);
    expect((await api('GET', '/v2/assets?asset_class=gold')).status).toBe(422);
  });
});

describe('activities', () => {
  it('are the executions, newest first, paged by the last one’s id', async () => {
    for (const qty of ['1', '2', '3', '4']) {
      await buy('AAPL', qty);
      await clock.advance(1000);
    }
    const all = await get('/v2/account/activities/FILL');
    expect(all.map((activity) => activity.qty)).toEqual(['4', '3', '2', '1']);
    // New York's time: 15:30 UTC is 10:30 there.
    expect(all[3]!.id).toMatch(/^20261120103000000::[0-9a-f-]{36}$/);
    const paged: Json[] = [];
    for (let token = ''; ; ) {
      const page = await get(`/v2/account/activities?page_size=3&direction=asc&page_token=${token}`);
      paged.push(...page);
      if (page.length < 3) break;
      token = encodeURIComponent(page.at(-1)!.id as string);
    }
    expect(paged).toEqual([...all].reverse());
    expect(await get(`/v2/account/activities?order_id=${all[1]!.order_id}`)).toEqual([all[1]]);
    const [from, to] = [all[3], all[0]].map((one) => encodeURIComponent(one!.transaction_time as string));
    expect(await get(`/v2/account/activities?after=${from}&until=${to}`)).toEqual([all[1], all[2]]);
    expect(await get('/v2/account/activities?date=2026-11-20')).toEqual(all);
    expect(await get('/v2/account/activities?date=2026-11-19')).toEqual([]);
    expect(await get('/v2/account/activities?activity_types=FILL,DIV&category=')).toEqual(all);
    expect(await get('/v2/account/activities?activity_types=DIV')).toEqual([]);
    expect(await get('/v2/account/activities/CFEE')).toEqual([]);
    expect(await get('/v2/account/activities?category=trade_activity')).toEqual(all);
    expect(await get('/v2/account/activities?category=non_trade_activity')).toEqual([]);
  });

  it.each([
    'page_size=0',
    'page_size=101',
    'page_token=20261120103000000::made-up',
    'activity_types=FILL&category=trade_activity',
    'activity_types=FUN',
    'direction=up',
    'date=2026-11-20&after=2026-11-19',
    'order_id=7',
  ])('are not listed by %s', async (query) => {
    expect((await api('GET', `/v2/account/activities?${query}`)).status).toBe(422);
  });
});

it('says who it is asked by wrong keys, in the ways of Alpaca', async () => {
  const none = await fetch(`${exchange.url}/v2/account`);
  expect([none.status, none.headers.get('content-type')]).toEqual([401, 'text/html; charset=UTF-8']);
  const wrong = await fetch(`${exchange.url}/v2/account`, {
    headers: { 'APCA-API-KEY-ID': 'PKTEST', 'APCA-API-SECRET-KEY': 'no' },
  });
  expect([wrong.status, await wrong.json()]).toEqual([401, { message: 'unauthorized.' }]);
  expect(wrong.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
});

it('counts requests a minute when it is told to, and answers 429 past them', async () => {
  const limited = await startTestExchange({ clock, requestsPerMinute: 3 });
  const ask = () => call(limited, 'GET', '/v2/account');
  const answers = [await ask(), await ask(), await ask(), await ask()];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['2', '1', '0', '0']);
  const reset = Number(answers[3]!.headers.get('x-ratelimit-reset'));
  expect(reset).toBe(Date.UTC(2026, 10, 20, 15, 31) / 1000);
  expect(answers[3]!.headers.get('retry-after')).toBe('60');
  await clock.advance(60_000);
  expect((await ask()).status).toBe(200);
  await limited.stop();
  expect((await api('GET', '/v2/account')).headers.get('x-ratelimit-limit')).toBeNull();
});

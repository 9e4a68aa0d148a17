// Every field of an order, and of a replacement, tried with whatever does not belong there: a catalogued 4xx each time (the client that
// asks holds the answer against the catalogue), and the account as it was.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExchangeStore } from '../../adapters/database/exchange-store/exchange-store.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { startTestExchange } from '../../testing/exchange.ts';
import type { Exchange } from '../exchange.ts';
import { call, type Json } from '../spec/checked-client.ts';
import { operation } from '../spec/operations.ts';

let database: TestDatabase;
let exchange: Exchange;
let resting: string;
const api = (method: string, path: string, body?: unknown) => call(exchange, method, path, body);

beforeAll(async () => {
  // With a real database: what it cannot store must have been refused before.
  database = await createTestDatabase();
  exchange = await startTestExchange({ store: createExchangeStore(database.sql) });
  await exchange.setQuote('AAPL', 149.99, 150.01);
  await exchange.setQuote('MSFT', 409.9, 410.1);
  await api('POST', '/v2/orders', { symbol: 'AAPL', qty: '10', side: 'buy', type: 'market', time_in_force: 'day' });
  resting = (
    await api('POST', '/v2/orders', {
      symbol: 'MSFT',
      qty: '1',
      side: 'buy',
      type: 'limit',
      limit_price: '300',
      time_in_force: 'gtc',
      client_order_id: 'spent',
    })
  ).json.id as string;
});
afterAll(async () => {
  await exchange.stop();
  await database.drop();
});

/** All that a client can see of the account. */
async function books(): Promise<unknown> {
  const paths = ['/v2/account', '/v2/orders?status=all', '/v2/positions', '/v2/account/activities', '/v2/watchlists'];
  return Promise.all(paths.map(async (path) => (await api('GET', path)).json));
}

async function refused(method: string, path: string, body: unknown): Promise<void> {
  const before = await books();
  const answer = await api(method, path, body);
  expect(answer.status, `${JSON.stringify(body)}: ${JSON.stringify(answer.json)}`).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(await books()).toEqual(before);
}

const missing = Symbol('missing');
const half = '\ud800';
const wrongTypes = [[], {}, [1], { a: 1 }];
const strange = ['né 株 😀', half, 'a\0b', '%00', "'; drop table orders --", ' ', '\n'];
const huge = ['9'.repeat(41), '1e999', '1e20', '999999999999', 1e300];
const amounts = [
  ...wrongTypes,
  true,
  ...strange,
  ...huge,
  '-1',
  -1,
  '0',
  0,
  '-0',
  '1.00000000001',
  '0x10',
  'NaN',
  'Infinity',
  '1,5',
  '١',
  ' 1',
  '1 ',
  '+',
];
const names = [...wrongTypes, true, 5, ...strange, 'x'.repeat(5000), 'BUY ', 'null'];

const order = {
  symbol: 'AAPL',
  qty: '1',
  side: 'buy',
  type: 'limit',
  time_in_force: 'gtc',
  limit_price: '100',
  order_class: 'bracket',
  take_profit: { limit_price: '120' },
  stop_loss: { stop_price: '90', limit_price: '89' },
};
const stop = { symbol: 'AAPL', qty: '1', side: 'sell', type: 'stop', time_in_force: 'gtc', stop_price: '90' };

const trailing = {
  symbol: 'AAPL',
  qty: '1',
  side: 'sell',
  type: 'trailing_stop',
  time_in_force: 'gtc',
  trail_price: '5',
};
const byDollars = { symbol: 'AAPL', notional: '50', side: 'buy', type: 'market', time_in_force: 'day' };

const withField = (body: object, path: string, value: unknown): Json => {
  const copy = structuredClone(body) as Json;
  const [first, second] = path.split('.') as [string, string | undefined];
  const place = second === undefined ? copy : (copy[first] as Json);
  if (value === missing) delete place[second ?? first];
  else place[second ?? first] = value;
  return copy;
};

const required = [missing, null, ''];
const fields: readonly (readonly [string, object, readonly unknown[]])[] = [
  ['symbol', order, [...required, ...names, 'NOPE', '-1']],
  ['qty', order, [...required, ...amounts, '0.5', '10000001', '9999999']],
  ['side', order, [...required, ...names, 'up', 'BUY', '-1']],
  ['type', order, [...required, ...names, 'LIMIT', 'iceberg', '-1']],
  ['time_in_force', order, [...required, ...names, 'gtd', '-1', 'ioc', 'opg']],
  ['limit_price', order, [...required, ...amounts, '100.001', '0.00001']],
  ['stop_price', stop, [...required, ...amounts, '90.001', '151']],
  ['order_class', order, [...names, 'mleg', '-1', missing, null, '', 'simple']],
  ['take_profit', order, [missing, null, '', {}, 'x', 5, true, []]],
  ['take_profit.limit_price', order, [...required, ...amounts, '120.001', '99', '100']],
  ['stop_loss', order, [missing, null, '', {}, 'x', 5, true, []]],
  ['stop_loss.stop_price', order, [...required, ...amounts, '90.001', '101', '100', '120']],
  ['stop_loss.limit_price', order, [...amounts, '89.001']],
  ['extended_hours', order, ['true', 1, 0, 'yes', ...wrongTypes]],
  ['client_order_id', order, [...wrongTypes, true, 5, half, 'a\0b', 'x'.repeat(129), '株'.repeat(129), 'spent']],
  ['notional', order, [...amounts, '1', '100', '0.5']],
  ['notional', byDollars, [...required, ...amounts, '0.99', '100000000']],
  ['trail_price', order, [...amounts, '1']],
  ['trail_price', trailing, [...required, ...amounts, '151']],
  ['trail_percent', order, [...amounts, '1']],
  ['trail_percent', { ...trailing, trail_price: null }, [...required, ...amounts, '100', '250']],
  ['trail_percent', trailing, [...amounts, '1']],
  ['position_intent', order, [...names, 'sell_to_open', 'buy']],
  ['advanced_instructions', order, ['x', 5, true, []]],
  ['legs', order, ['x', 5, true, {}]],
];

describe('an order is refused for', () => {
  it.each(fields)('its %s', async (field, body, values) => {
    for (const value of values) await refused('POST', '/v2/orders', withField(body, field, value));
  });

  it('every field that the specification has', () => {
    const tried = new Set(fields.map(([field]) => field));
    // Of these no part is read: they are for other venues' routing.
    const whole = (field: string) => (field.startsWith('advanced_instructions.') ? 'advanced_instructions' : field);
    expect(
      operation('POST', '/v2/orders')
        .body.map(whole)
        .filter((field) => !tried.has(field)),
    ).toEqual([]);
  });

  it('a body that is none', async () => {
    for (const body of ['', 'null', '[]', '5', '"x"', '{', '{"symbol":"AAPL"', '\u0000', `{"a":${'['.repeat(500)}}`]) {
      await refused('POST', '/v2/orders', body);
    }
  });

  it('names that every object has', async () => {
    const body = JSON.parse('{"__proto__":{"symbol":"AAPL","qty":"1"},"side":"buy"}') as Json;
    await refused('POST', '/v2/orders', JSON.stringify(body));
    for (const name of ['constructor', 'toString', '__proto__']) {
      await refused('POST', '/v2/orders', { ...stop, symbol: name });
      await refused('POST', '/v2/orders', { ...stop, type: name });
    }
  });
});

it('and each of them is taken when its fields are right', async () => {
  // Otherwise all of the above might be refused for one and the same reason.
  const other = await startTestExchange();
  await other.setQuote('AAPL', 149.99, 150.01);
  await call(other, 'POST', '/v2/orders', {
    symbol: 'AAPL',
    qty: 5,
    side: 'buy',
    type: 'market',
    time_in_force: 'day',
  });
  const sold = await call(other, 'POST', '/v2/orders', { ...stop, client_order_id: 'né 株 😀' });
  expect([sold.status, sold.json.client_order_id]).toEqual([200, 'né 株 😀']);
  await call(other, 'DELETE', '/v2/orders');
  await call(other, 'DELETE', '/v2/positions');
  const taken = await call(other, 'POST', '/v2/orders', {
    ...order,
    qty: 1,
    limit_price: 100.5,
    position_intent: 'buy_to_open',
    extended_hours: false,
    notional: null,
    trail_price: '',
    legs: null,
    advanced_instructions: {},
    something_new: 5,
  });
  expect([taken.status, taken.json.limit_price]).toEqual([200, '100.5']);
  await other.stop();
});

const changes = [
  ['qty', [...amounts, '0.5']],
  ['limit_price', [...amounts, '100.001']],
  ['stop_price', [...amounts, '90']],
  ['time_in_force', [...names, 'gtd']],
  ['trail', [...amounts, '1']],
  ['client_order_id', [...wrongTypes, true, 5, half, 'a\0b', 'x'.repeat(129)]],
  ['notional', [...amounts, '1']],
  ['advanced_instructions', ['x', 5, true, []]],
] as const;

describe('a replacement is refused for', () => {
  it.each(changes)('its %s', async (field, values) => {
    for (const value of values) await refused('PATCH', `/v2/orders/${resting}`, { [field]: value });
  });

  it('every field that the specification has', () => {
    const tried: string[] = changes.map(([field]) => field);
    const { body } = operation('PATCH', '/v2/orders/{order_id}');
    expect(body.filter((field) => !tried.includes(field.split('.')[0]!))).toEqual([]);
  });

  it('changing nothing, or an order that is not there', async () => {
    await refused('PATCH', `/v2/orders/${resting}`, {});
    await refused('PATCH', `/v2/orders/${resting}`, { limit_price: '300' });
    for (const body of ['', 'null', '[]', '{']) await refused('PATCH', `/v2/orders/${resting}`, body);
    for (const id of ['x', '%00', '株', '00000000-0000-4000-8000-000000000000']) {
      await refused('PATCH', `/v2/orders/${encodeURIComponent(id)}`, { qty: '2' });
    }
  });
});

const list = { name: 'mine', symbols: ['AAPL'] };
const listNames = [...wrongTypes, true, 5, half, 'a\0b', ' ', 'x'.repeat(65), 'taken'];
const listSymbols = ['AAPL', 5, true, {}, ['NOPE'], [5], [null], [''], ['AAPL', 'AAPL'], [half], [[]], ['a\0b']];

describe('a watchlist is refused for', () => {
  let id: string;
  beforeAll(async () => {
    await api('POST', '/v2/watchlists', { name: 'taken', symbols: [] });
    id = (await api('POST', '/v2/watchlists', { name: 'there', symbols: ['AAPL'] })).json.id as string;
  });

  it('its name and its symbols', async () => {
    for (const name of [...required, ...listNames])
      await refused('POST', '/v2/watchlists', withField(list, 'name', name));
    for (const symbols of listSymbols) await refused('POST', '/v2/watchlists', { ...list, symbols });
    for (const body of ['', '[]', '{', '5']) await refused('POST', '/v2/watchlists', body);
  });

  it('a change of either, by id and by name', async () => {
    for (const path of [`/v2/watchlists/${id}`, '/v2/watchlists:by_name?name=there']) {
      for (const name of listNames) await refused('PUT', path, { name });
      for (const symbols of listSymbols) await refused('PUT', path, { symbols });
      for (const body of ['', '[]', '{', {}]) await refused('PUT', path, body);
      for (const symbol of [...required, ...wrongTypes, true, 5, half, 'NOPE', 'AAPL', 'a\0b']) {
        await refused('POST', path, withField({}, 'symbol', symbol));
      }
    }
  });
});

describe('the account’s settings are refused for', () => {
  const flags = ['true', 'false', 1, 0, 'yes', ...wrongTypes];
  const words = [...wrongTypes, true, 5, ...strange, 'x'.repeat(5000)];
  const settings: Readonly<Record<string, readonly unknown[]>> = {
    disable_overnight_trading: flags,
    fractional_trading: flags,
    no_shorting: flags,
    ptp_no_exception_entry: flags,
    suspend_trade: flags,
    max_margin_multiplier: [...words, '3', '-1', '0', '1.5', 4],
    max_options_trading_level: [...strange, ...wrongTypes, true, '1', -1, 4, 1.5, 1e300],
    trade_confirm_email: [...words, 'ALL', 'some'],
  };

  it.each(Object.keys(settings))('%s', async (name) => {
    const before = (await api('GET', '/v2/account/configurations')).json;
    for (const value of settings[name]!) {
      await refused('PATCH', '/v2/account/configurations', { [name]: value });
      // One that is right does not go through beside one that is wrong.
      await refused('PATCH', '/v2/account/configurations', { suspend_trade: true, [name]: value });
    }
    expect((await api('GET', '/v2/account/configurations')).json).toEqual(before);
  });

  it('every one that the specification has', () => {
    expect(Object.keys(settings).sort()).toEqual([...operation('PATCH', '/v2/account/configurations').body].sort());
  });
});

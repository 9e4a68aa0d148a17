// Every refusal of the catalogue, provoked: its status, its code, its text and its fields, and the account is as it was.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestExchange } from '../../testing/exchange.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { createMemoryExchangeStore } from '../../testing/memory-exchange-store.ts';
import type { Exchange } from '../exchange.ts';
import type { Json } from '../spec/checked-client.ts';
import { type CatalogueEntry, catalogued, errorCatalogue } from './error-catalogue.ts';

let exchange: Exchange;
/** A Sunday: what is ordered waits, so that whatever is to be open is. */
let closed: Exchange;
const provoked = new Set<CatalogueEntry>();

async function call(method: string, path: string, body?: unknown, to = exchange) {
  const response = await fetch(`${to.url}${path}`, {
    method,
    headers: { 'APCA-API-KEY-ID': to.keyId, 'APCA-API-SECRET-KEY': to.secretKey },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: (text ? JSON.parse(text) : {}) as Json };
}

async function refused(method: string, path: string, body?: unknown, to = exchange): Promise<string> {
  const cash = async () => (await call('GET', '/v2/account', undefined, to)).json.cash;
  const before = await cash();
  const { status, json } = await call(method, path, body, to);
  const entry = catalogued(status, json);
  expect(entry, `${method} ${path} ${JSON.stringify(body)}: ${status} ${JSON.stringify(json)}`).toBeDefined();
  provoked.add(entry!);
  expect(await cash()).toBe(before);
  return String(json.message);
}

const order = (more: Json = {}): Json => ({
  symbol: 'AAPL',
  qty: '1',
  side: 'buy',
  type: 'market',
  time_in_force: 'day',
  ...more,
});
const taken = async (more: Json, to = exchange): Promise<string> => {
  const { status, json } = await call('POST', '/v2/orders', order(more), to);
  expect(status, JSON.stringify(json)).toBe(200);
  return json.id as string;
};
const limit = { type: 'limit', limit_price: '100' };
const bracket = { ...limit, order_class: 'bracket' };
const legs = (profit: string, loss: string) => ({
  take_profit: { limit_price: profit },
  stop_loss: { stop_price: loss },
});

beforeAll(async () => {
  const market = { kind: 'scripted' } as const;
  exchange = await startTestExchange({ clock: new ManualClock('2026-11-20T15:30:00.000Z'), market });
  closed = await startTestExchange({ clock: new ManualClock('2026-11-22T16:00:00.000Z'), market, alwaysOpen: false });
  for (const one of [exchange, closed]) {
    await one.setQuote('AAPL', 149.99, 150.01);
    await one.setQuote('GM', 46.99, 47.01);
    await one.setQuote('CAT', 344.9, 345.1);
    await one.setQuote('MSFT', 409.9, 410.1, 5000);
    await one.setQuote('BTC/USD', 59_990, 60_000, 50);
  }
});
afterAll(() => Promise.all([exchange.stop(), closed.stop()]));

it.each<[string, Json]>([
  ['symbol is required', { symbol: null }],
  ['asset "NOPE" not found', { symbol: 'NOPE' }],
  ['asset "KO" has no quote', { symbol: 'KO' }],
  ['invalid side', { side: 'up' }],
  ['qty or notional is required', { qty: null }],
  ['qty must be > 0', { qty: '-1' }],
  ['qty is too large', { qty: '1000000000' }],
  ['qty must be <= 1000000', { qty: '1000001' }],
  ['qty must have at most 9 decimal places', { qty: '1.0123456789' }],
  ['qty increment must be 0.000001', { symbol: 'DOGE/USD', qty: '0.0000001' }],
  ['only one of qty or notional is accepted', { notional: '5' }],
  ['notional must be >= 1.00', { qty: null, notional: '0.5' }],
  ['market orders require no stop or limit price', { limit_price: '100' }],
  ['limit orders require a limit price', { type: 'limit' }],
  ['limit orders require no stop price', { ...limit, stop_price: '100' }],
  ['stop orders require a stop price', { type: 'stop' }],
  ['stop orders require no limit price', { type: 'stop', stop_price: '160', limit_price: '160' }],
  ['stop limit orders require both stop and limit price', { type: 'stop_limit', stop_price: '160' }],
  ['trailing stop orders must specify one of trail_price or trail_percent', { type: 'trailing_stop' }],
  ['trailing stop orders require no stop or limit price', { type: 'trailing_stop', trail_price: '1', stop_price: '1' }],
  ['market orders must not have trail_price', { trail_price: '1' }],
  ['take_profit and stop_loss require order_class bracket, oco or oto', { ...limit, ...legs('110', '90') }],
  ['bracket orders require take_profit.limit_price and stop_loss.stop_price', bracket],
  ['oto orders require either take_profit or stop_loss', { ...limit, order_class: 'oto' }],
  ['client_order_id must be no more than 128 characters', { client_order_id: 'x'.repeat(129) }],
  [
    'invalid limit_price 100.001. sub-penny increment does not fulfill minimum pricing criteria',
    { ...limit, limit_price: '100.001' },
  ],
  ['extended hours order must be DAY or GTC limit orders', { extended_hours: true }],
  ['extended hours orders must be simple orders', { ...bracket, ...legs('110', '90'), extended_hours: true }],
  [
    'trailing stop orders must be simple orders',
    { type: 'trailing_stop', trail_price: '1', order_class: 'oto', take_profit: { limit_price: '170' } },
  ],
  ['stop price must be greater than current price', { type: 'stop', stop_price: '140' }],
  ['stop price must be less than current price', { side: 'sell', type: 'stop', stop_price: '160' }],
  ['position intent mismatch, inferred: buy_to_open, specified: buy_to_close', { position_intent: 'buy_to_close' }],
  ['oco orders must be exit orders', { side: 'sell', ...limit, order_class: 'oco', ...legs('160', '140') }],
  ['take_profit.limit_price must be > stop_loss.stop_price', { ...bracket, ...legs('110', '111') }],
  ['take_profit.limit_price must be < stop_loss.stop_price', { ...bracket, side: 'sell', ...legs('99', '98') }],
  ['take_profit.limit_price must be >= base_price + 0.01', { ...bracket, ...legs('100', '90') }],
  ['take_profit.limit_price must be <= base_price - 0.01', { ...bracket, side: 'sell', ...legs('100', '110') }],
  ['stop_loss.stop_price must be <= base_price - 0.01', { ...bracket, ...legs('110', '100') }],
  ['stop_loss.stop_price must be >= base_price + 0.01', { ...bracket, side: 'sell', ...legs('90', '100') }],
  ['asset "CAT" is not fractionable', { symbol: 'CAT', qty: '0.5' }],
  ['fractional orders must be DAY orders', { qty: '0.5', time_in_force: 'gtc' }],
  ['fractional orders must be simple orders', { qty: '0.5', ...bracket, ...legs('110', '90') }],
  [
    'fractional orders must be market, limit, stop, or stop_limit orders',
    { qty: '0.5', type: 'trailing_stop', trail_price: '1' },
  ],
  ['fractional orders cannot be sold short', { qty: '0.5', side: 'sell' }],
  ['asset "GM" cannot be sold short', { symbol: 'GM', side: 'sell' }],
  ['insufficient buying power', { qty: '100000' }],
  ['cost basis must be >= minimal amount of order 1', { qty: '0.001' }],
  ['invalid crypto order type', { symbol: 'BTCUSD', type: 'stop', stop_price: '70000', time_in_force: 'gtc' }],
  ['invalid crypto time_in_force', { symbol: 'BTCUSD' }],
  [
    'crypto orders must be simple orders',
    { symbol: 'BTCUSD', time_in_force: 'gtc', order_class: 'oto', take_profit: { limit_price: '70000' } },
  ],
  [
    'crypto orders must not have extended_hours',
    { symbol: 'BTCUSD', time_in_force: 'gtc', ...limit, extended_hours: true },
  ],
  [
    'insufficient balance for BTC (requested: 1, available: 0)',
    { symbol: 'BTCUSD', time_in_force: 'gtc', side: 'sell' },
  ],
  ['cost basis must be <= maximal amount of order 200000', { symbol: 'BTCUSD', time_in_force: 'gtc', qty: '4' }],
])('%s', async (message, more) => {
  expect(await refused('POST', '/v2/orders', order(more))).toBe(message);
});

it('what an order was before, and what there is already', async () => {
  expect(await refused('POST', '/v2/orders', '{')).toBe('failed to decode request body');
  const resting = await taken({ ...limit, client_order_id: 'resting' });
  expect(await refused('POST', '/v2/orders', order({ client_order_id: 'resting' }))).toMatch(/unique/);
  const patch = (id: string, body: Json) => refused('PATCH', `/v2/orders/${id}`, body);
  expect(await patch(resting, { limit_price: '100' })).toBe('order parameters are not changed');
  expect(await refused('POST', '/v2/orders', order({ side: 'sell' }))).toMatch(/wash trade/);
  expect(await refused('POST', '/v2/orders', order({ side: 'sell', type: 'limit', limit_price: '160' }))).toBe(
    'cannot open a short sell while a long buy order is open',
  );
  const { json: next } = await call('PATCH', `/v2/orders/${resting}`, { limit_price: '101' });
  expect(await patch(resting, { limit_price: '102' })).toBe('order already replaced');
  await call('DELETE', `/v2/orders/${next.id}`);
  expect(await patch(next.id as string, { limit_price: '102' })).toBe('cannot replace order in canceled status');
  expect(await refused('DELETE', `/v2/orders/${next.id}`)).toBe('order is already in "canceled" state');
  expect(await refused('POST', '/v2/orders', order({ client_order_id: 'resting' }))).toMatch(/unique/);
  const dollars = await taken({ ...limit, qty: null, notional: '50' });
  expect(await patch(dollars, { limit_price: '101' })).toBe('notional orders cannot be replaced');
  const fraction = await taken({ ...limit, qty: '0.5' });
  expect(await patch(fraction, { qty: '0.6' })).toBe('qty cannot be changed for fractional orders');
  const group = await taken({ ...bracket, ...legs('110', '90') });
  expect(await patch(group, { qty: '2' })).toBe('qty cannot be changed for advanced orders');
  await call('DELETE', '/v2/orders');

  await exchange.setQuote('AAPL', 149.99, 150, 2);
  const part = await taken({ type: 'limit', limit_price: '150', qty: '5' });
  expect(await patch(part, { qty: '2' })).toBe('qty must be > filled_qty');
  await call('DELETE', '/v2/orders');
  const oco = { side: 'sell', type: 'limit', order_class: 'oco' };
  expect(await refused('POST', '/v2/orders', order(oco))).toMatch(/^oco orders require/);
  expect(await refused('POST', '/v2/orders', order({ ...bracket, side: 'sell', ...legs('90', '110') }))).toBe(
    'bracket orders must be entry orders',
  );
  expect(await refused('POST', '/v2/orders', order({ side: 'sell', qty: '3' }))).toMatch(/^insufficient qty available/);
  expect(await refused('DELETE', '/v2/positions/AAPL?percentage=101')).toBe('percentage must be between 0 and 100');
  await call('DELETE', '/v2/positions/AAPL');
  expect(await refused('GET', '/v2/positions/AAPL')).toBe('position does not exist');
  expect(await refused('DELETE', '/v2/positions/AAPL')).toBe('position not found: AAPL');

  await taken({ side: 'sell', type: 'limit', limit_price: '160' });
  expect(await refused('POST', '/v2/orders', order(limit))).toBe(
    'cannot open a long buy while a short sell order is open',
  );
  await call('DELETE', '/v2/orders');
});

it('what the account may not', async () => {
  const set = (settings: Json) => call('PATCH', '/v2/account/configurations', settings);
  await set({ suspend_trade: true });
  expect(await refused('POST', '/v2/orders', order())).toBe('new orders are rejected by user request');
  await set({ suspend_trade: false, no_shorting: true });
  expect(await refused('POST', '/v2/orders', order({ side: 'sell' }))).toBe('account is not allowed to short');
  await set({ no_shorting: false, fractional_trading: false });
  expect(await refused('POST', '/v2/orders', order({ qty: '0.5' }))).toMatch(/^fractional trading is disabled/);
  await set({ fractional_trading: true });
  const again = await exchange.venue.suspend('AAPL');
  expect(await refused('POST', '/v2/orders', order())).toBe('asset "AAPL" is not tradable');
  await again();
  await taken({ symbol: 'MSFT', side: 'sell', qty: '700' });
  await exchange.setQuote('MSFT', 500, 500.02, 5000);
  expect(await refused('POST', '/v2/orders', order())).toBe('account is restricted to liquidation only');
});

it('what comes at the wrong time', async () => {
  // Friday, between the close of the auction's book and the evening.
  const friday = await startTestExchange({
    clock: new ManualClock('2026-11-20T20:55:00.000Z'),
    market: { kind: 'scripted' },
    alwaysOpen: false,
  });
  await friday.setQuote('AAPL', 149.99, 150.01);
  expect(await refused('POST', '/v2/orders', order({ time_in_force: 'cls' }), friday)).toMatch(/^cls orders are not/);
  await friday.stop();
});

it.each<[string, string, string, unknown?]>([
  ['endpoint not found.', 'GET', '/v2/nothing'],
  [
    'order not found for 00000000-0000-4000-8000-000000000000',
    'GET',
    '/v2/orders/00000000-0000-4000-8000-000000000000',
  ],
  ['order_id is missing', 'GET', '/v2/orders/x'],
  ['asset not found for NOPE', 'GET', '/v2/assets/NOPE'],
  ['symbol not found: NOPE', 'GET', '/v2/positions/NOPE'],
  [
    'before_order_id and after_order_id cannot be combined with after or until',
    'GET',
    '/v2/orders?before_order_id=00000000-0000-4000-8000-000000000000&after=2026-11-20T00:00:00Z',
  ],
  [
    'category cannot be used with activity_types',
    'GET',
    '/v2/account/activities?category=trade_activity&activity_types=FILL',
  ],
  ['date cannot be used with after or until', 'GET', '/v2/account/activities?date=2026-11-20&after=2026-11-19'],
  ['page_size must be between 1 and 100', 'GET', '/v2/account/activities?page_size=101'],
  ['start must be before end', 'GET', '/v2/account/portfolio/history?start=2026-11-20&end=2026-11-19'],
  [
    'only two of start, end and period are accepted',
    'GET',
    '/v2/account/portfolio/history?start=2026-11-18&end=2026-11-19&period=1D',
  ],
  [
    'timeframe must be 1D for periods longer than 30 days',
    'GET',
    '/v2/account/portfolio/history?period=3M&timeframe=1H',
  ],
  ['timeframe 1Min is for periods of at most 7 days', 'GET', '/v2/account/portfolio/history?period=20D&timeframe=1Min'],
  ['method not allowed', 'PUT', '/v2/orders'],
  ['since is required with until', 'GET', '/v2/events/trades?until=2026-11-20T00:00:00Z'],
  ['since must be before until', 'GET', '/v2/events/trades?since=2026-11-20T00:00:00Z&until=2026-11-19T00:00:00Z'],
  ['option contract AAPL261218C00150000 not found', 'GET', '/v2/options/contracts/AAPL261218C00150000'],
  [
    'announcement not found for 00000000-0000-4000-8000-000000000000',
    'GET',
    '/v2/corporate_actions/announcements/00000000-0000-4000-8000-000000000000',
  ],
  ['date_type must be TRADING or SETTLEMENT', 'GET', '/v2/calendar?date_type=x'],
  ['timezone must be UTC', 'GET', '/v3/calendar/NYSE?timezone=x'],
  ['market "x" is not served here: NYSE, NASDAQ, IEX, OTC', 'GET', '/v3/calendar/x'],
  ['invalid start date', 'GET', '/v2/calendar?start=x'],
])('%s', async (message, method, path, body) => {
  expect(await refused(method, path, body)).toBe(message);
});

it('what watchlists are refused for', async () => {
  const lists = '/v2/watchlists';
  const { json } = await call('POST', lists, { name: 'mine', symbols: ['AAPL'] });
  expect(await refused('POST', lists, { name: 'mine', symbols: [] })).toBe('watchlist name must be unique');
  expect(await refused('POST', lists, { name: 'x'.repeat(65), symbols: [] })).toMatch(/no more than 64 characters$/);
  expect(await refused('POST', lists, { name: 'two', symbols: ['AAPL', 'AAPL'] })).toMatch(/^duplicate symbols/);
  expect(await refused('POST', `${lists}/${json.id}`, { symbol: 'AAPL' })).toBe('AAPL is already in the watchlist');
  expect(await refused('GET', `${lists}:by_name?name=none`)).toBe('watchlist not found for none');
});

it('who comes with wrong keys, too often, or when the venue cannot write', async () => {
  const wrong = await fetch(`${exchange.url}/v2/account`, {
    headers: { 'APCA-API-KEY-ID': 'x', 'APCA-API-SECRET-KEY': 'y' },
  });
  provoked.add(catalogued(wrong.status, (await wrong.json()) as Json)!);
  expect(wrong.status).toBe(401);

  const strict = await startTestExchange({ requestsPerMinute: 1 });
  for (const [path, message] of [
    ['/v2/clock', 'rate limit exceeded'],
    ['/v2/stocks/trades/latest?symbols=AAPL', 'too many requests.'],
  ] as const) {
    // Trading and data are counted apart.
    await call('GET', path, undefined, strict);
    const { status, json } = await call('GET', path, undefined, strict);
    expect([status, json.message]).toEqual([429, message]);
    provoked.add(catalogued(status, json)!);
  }
  await strict.stop();

  const store = createMemoryExchangeStore();
  let full = false;
  const commit: typeof store.commit = async (changes) => {
    if (full) throw new Error('the disk is full');
    await store.commit(changes);
  };
  const unwritable = await startTestExchange({ store: { ...store, commit }, market: { kind: 'scripted' } });
  await unwritable.setQuote('AAPL', 149.99, 150.01);
  full = true;
  expect(await refused('POST', '/v2/orders', order(), unwritable)).toBe('internal server error occurred');
  full = false;
  await unwritable.stop();
});

it('and so is everything in the catalogue', () => {
  const missing = errorCatalogue.filter((entry) => !provoked.has(entry));
  expect(missing.map(({ status, code, message }) => `${status} ${code} ${message}`)).toEqual([]);
});

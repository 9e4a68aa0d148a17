// Watchlists by id and by name; every answer is held against the official specification by the client that asks.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestExchange } from '../../testing/exchange.ts';
import type { Exchange } from '../exchange.ts';
import { call, type Json } from '../spec/checked-client.ts';

let exchange: Exchange;
const api = (method: string, path: string, body?: unknown) => call(exchange, method, path, body);
const symbols = (list: Json) => (list.assets as Json[]).map(({ symbol }) => symbol);

beforeEach(async () => {
  exchange = await startTestExchange();
});
afterEach(() => exchange.stop());

it('keep their symbols in the order in which they were put', async () => {
  const made = (await api('POST', '/v2/watchlists', { name: 'tech', symbols: ['NVDA', 'aapl'] })).json;
  expect(symbols(made)).toEqual(['NVDA', 'AAPL']);
  expect((await api('GET', '/v2/watchlists')).json).toMatchObject([{ id: made.id, name: 'tech' }]);
  expect((await api('GET', '/v2/watchlists')).json[0]).not.toHaveProperty('assets');
  expect((await api('GET', `/v2/watchlists/${made.id}`)).json).toEqual(made);
  expect((await api('GET', '/v2/watchlists:by_name?name=tech')).json).toEqual(made);
});

it.each([
  ['by id', (id: unknown) => `/v2/watchlists/${id}`, ''],
  ['by name', () => '/v2/watchlists:by_name', '?name=a%20list'],
])('are changed %s', async (_, pathOf, query) => {
  const made = (await api('POST', '/v2/watchlists', { name: 'a list' })).json;
  const path = pathOf(made.id);
  expect(symbols((await api('POST', `${path}${query}`, { symbol: 'F' })).json)).toEqual(['F']);
  expect(symbols((await api('POST', `${path}${query}`, { symbol: 'T' })).json)).toEqual(['F', 'T']);
  expect((await api('POST', `${path}${query}`, { symbol: 'F' })).json.message).toBe('F is already in the watchlist');
  expect((await api('POST', `${path}${query}`, { symbol: 'NOPE' })).status).toBe(422);
  expect((await api('POST', `${path}${query}`, {})).status).toBe(422);
  expect(symbols((await api('DELETE', `${path}/F${query}`)).json)).toEqual(['T']);
  expect((await api('DELETE', `${path}/F${query}`)).status).toBe(404);
  expect((await api('PUT', `${path}${query}`, {})).status).toBe(422);
  expect(symbols((await api('PUT', `${path}${query}`, { symbols: ['GM', 'F'] })).json)).toEqual(['GM', 'F']);
  expect((await api('PUT', `${path}${query}`, { name: 'a list' })).json.name).toBe('a list');
  expect((await api('DELETE', `${path}${query}`)).status).toBe(204);
  expect((await api('DELETE', `${path}${query}`)).status).toBe(404);
  expect((await api('GET', '/v2/watchlists')).json).toEqual([]);
});

it('share no name', async () => {
  await api('POST', '/v2/watchlists', { name: 'one' });
  const { id } = (await api('POST', '/v2/watchlists', { name: 'two' })).json;
  expect(await api('POST', '/v2/watchlists', { name: 'one' })).toMatchObject({
    status: 422,
    json: { code: 40_010_001 },
  });
  expect((await api('PUT', `/v2/watchlists/${id}`, { name: 'one' })).status).toBe(422);
  expect((await api('GET', `/v2/watchlists/${id}`)).json.name).toBe('two');
  expect((await api('GET', '/v2/watchlists/not-an-id')).status).toBe(422);
  expect((await api('GET', '/v2/watchlists:by_name')).status).toBe(422);
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestExchange } from '../testing/exchange.ts';
import { createMemoryExchangeStore } from '../testing/memory-exchange-store.ts';
import type { Exchange } from './exchange.ts';

let store: ReturnType<typeof createMemoryExchangeStore>;
let exchange: Exchange;
beforeEach(async () => {
  store = createMemoryExchangeStore();
  exchange = await startTestExchange({ store });
  await exchange.setQuote('AAPL', 149.99, 150.01);
});
afterEach(() => exchange.stop());

interface Keys {
  readonly keyId: string;
  readonly secretKey: string;
}
async function call(keys: Keys, path: string, body?: unknown) {
  const response = await fetch(`${exchange.url}${path}`, {
    headers: { 'APCA-API-KEY-ID': keys.keyId, 'APCA-API-SECRET-KEY': keys.secretKey },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as Record<string, string> };
}
const open = (body: unknown, key = exchange.adminKey) =>
  fetch(`${exchange.url}/admin/accounts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });

it('opens accounts that trade apart, with their own keys and money', async () => {
  const opened = (await (await open({ cash: 5000 })).json()) as Keys & { accountNumber: string };
  const { json: account } = await call(opened, '/v2/account');
  expect([account.account_number, Number(account.cash)]).toEqual([opened.accountNumber, 5000]);
  const order = { symbol: 'AAPL', qty: '10', side: 'buy', type: 'market', time_in_force: 'day' };
  expect((await call(opened, '/v2/orders', order)).status).toBe(200);
  await expect.poll(async () => (await call(opened, '/v2/positions/AAPL')).json.qty).toBe('10');
  expect((await call(exchange, '/v2/positions/AAPL')).status).toBe(404);
  expect((await call({ ...opened, secretKey: exchange.secretKey }, '/v2/account')).status).toBe(401);
  expect((await call({ ...exchange, secretKey: opened.secretKey }, '/v2/account')).status).toBe(401);
});

it('knows them after a restart, by the same keys', async () => {
  const opened = await exchange.openAccount();
  await exchange.stop();
  exchange = await startTestExchange({ store });
  expect((await call(opened, '/v2/account')).json.account_number).toBe(opened.accountNumber);
});

it('opens none for whoever trades there, nor with money that is none', async () => {
  expect((await open({}, exchange.secretKey)).status).toBe(401);
  for (const cash of [0, -5, 1.5, '100', 1e12]) expect((await open({ cash })).status).toBe(422);
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { createExchangeAdmin } from '../../adapters/exchange-admin/exchange-admin.ts';
import { startTestExchange } from '../../testing/exchange.ts';
import type { Exchange } from '../exchange.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await startTestExchange();
  await exchange.setQuote('AAPL', 149.99, 150.01);
});
afterEach(() => exchange.stop());

const admin = () => createExchangeAdmin({ url: exchange.url, adminKey: exchange.adminKey! });
const trades = async () => (await admin().trades())!;
async function buy(amount: Record<string, string>): Promise<void> {
  const response = await fetch(`${exchange.url}/v2/orders`, {
    method: 'POST',
    headers: { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey },
    body: JSON.stringify({ symbol: 'AAPL', side: 'buy', type: 'market', time_in_force: 'day', ...amount }),
  });
  expect(response.status).toBe(200);
}

it('shows the newest trades first, and what became of each', async () => {
  for (const qty of ['1', '2', '3']) await buy({ qty });
  const [three, two, one] = await trades();
  expect([three, two, one].map((trade) => [trade?.quantity, trade?.price, trade?.state, trade?.correctable])).toEqual([
    ['3', '150.01', 'stands', true],
    ['2', '150.01', 'stands', true],
    ['1', '150.01', 'stands', true],
  ]);
  expect(await admin().correct(one!.id, null)).toBeNull();
  expect(await admin().correct(two!.id, { price: '149.5' })).toBeNull();
  expect(await trades()).toMatchObject([
    { quantity: '2', price: '149.5', replaces: two!.id, state: 'stands', correctable: true },
    { id: three!.id, replaces: null, state: 'stands', correctable: true },
    { id: two!.id, price: '150.01', state: 'changed', correctable: false },
    { id: one!.id, state: 'taken_back', correctable: false },
  ]);
  expect(await admin().correct(one!.id, null)).toBe('execution was corrected before. Nothing was changed.');
  expect(await trades()).toHaveLength(4);
});

it('says which trades cannot be changed', async () => {
  await buy({ notional: '1000' });
  const [trade] = await trades();
  expect(trade).toMatchObject({ quantity: '6.666222251', state: 'stands', correctable: false });
  expect(await admin().correct(trade!.id, null)).toContain('notional');
});

it('answers null where it is not let in', async () => {
  expect(await createExchangeAdmin({ url: exchange.url, adminKey: 'another' }).trades()).toBeNull();
});

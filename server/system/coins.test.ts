// The whole system, from the webhook: coins are bought in parts, have their stop at the broker, and the books agree with it to nine decimals.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system-clock.ts';
import type { Order, Position, Receipt } from '../contract/index.ts';
import { startTestExchange } from '../testing/exchange.ts';
import { newDataDir, removeDataDir, type System, startSystem } from '../testing/system.ts';

let exchange: Awaited<ReturnType<typeof startTestExchange>>;
let system: System;
let dataDir: string;

beforeAll(async () => {
  dataDir = await newDataDir();
  exchange = await startTestExchange();
  await exchange.setQuote('BTC/USD', 59_990, 60_000, 50);
  const { url, keyId, secretKey } = exchange;
  system = await startSystem(dataDir, { EXCHANGE_URL: url, EXCHANGE_KEY_ID: keyId, EXCHANGE_SECRET_KEY: secretKey });
}, 120_000);
afterAll(async () => {
  if (system) expect(await system.stop()).toBe(0);
  await exchange?.stop();
  await removeDataDir(dataDir);
}, 30_000);

const held = async () => {
  const { items } = await system.api<{ items: Position[] }>('/positions');
  return items.find((position) => position.symbol === 'BTC/USD');
};
const stops = async () =>
  (await system.api<{ items: Order[] }>('/orders?status=open&symbol=BTC/USD')).items.filter(
    (order) => order.role === 'stop_loss' && order.status === 'accepted',
  );

it('an alert for BTCUSD is bought, protected, measured, and stopped out', async () => {
  await exchange.setQuote('BTC/USD', 59_990, 60_000, 50);
  const answer = await system.post(
    JSON.stringify({
      signal: 'BUY',
      ticker: 'BTCUSD',
      risk: 100,
      stopLoss: 58000,
      timestamp: systemClock.now().toISOString(),
    }),
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  await expect
    .poll(stops, { timeout: 20_000 })
    .toMatchObject([{ origin: 'protection', type: 'stop_limit', stopPrice: '58000', limitPrice: '57420' }]);
  const receipt = await system.api<Receipt>(`/signals/${answer.body.id as string}/receipt`);
  const [entry] = receipt.orders;
  expect(entry).toMatchObject({ symbol: 'BTC/USD', status: 'filled' });
  // 100 at risk over 2,000 to 2,010 a coin, by the quote that was taken.
  expect(Number(entry!.quantity)).toBeCloseTo(0.05, 3);
  await expect
    .poll(async () => (await held())?.lots[0]?.protection, { timeout: 20_000 })
    .toMatchObject({ stage: 'protected', stopPrice: '58000', protectedMs: expect.any(Number) });
  // The venue keeps its fee of the coins; the books learn of it, and hold what the venue holds.
  const [stop] = await stops();
  await expect.poll(async () => (await held())?.quantity, { timeout: 20_000 }).toBe(stop!.quantity);

  await exchange.setQuote('BTC/USD', 57_900, 57_910, 50);
  await expect.poll(async () => (await held())?.quantity ?? '0', { timeout: 20_000 }).toBe('0');
  expect(await stops()).toEqual([]);
});

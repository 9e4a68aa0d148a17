import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Exchange } from '../../exchange/exchange.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { startTestExchange } from '../../testing/exchange.ts';
import { openProtectionDesk, type ProtectionDesk, type ProtectionDeskOptions } from '../../testing/protection-desk.ts';

let database: TestDatabase;
let exchange: Exchange;
const desks: ProtectionDesk[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});
beforeEach(async () => {
  exchange = await startTestExchange({ keyId: 'PKTEST' });
  await exchange.setQuote('AAPL', 149.99, 150.01);
});
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
  await exchange.stop();
});

async function open(options: ProtectionDeskOptions = {}): Promise<ProtectionDesk> {
  const desk = await openProtectionDesk(database, exchange, options);
  desks.push(desk);
  return desk;
}

describe('a bracket', () => {
  it('is protected by its own leg, and nothing is added', async () => {
    const desk = await open();
    const entry = await desk.enter('10', { stop: '145', target: '160' });
    await expect
      .poll(() => desk.protection(), { timeout: 10_000 })
      .toMatchObject({ stage: 'protected', covered: '10', stop: '145' });
    expect(await desk.kinds(entry)).toContain('protection.established');
    expect((await desk.all()).filter((order) => order.origin === 'protection')).toEqual([]);
  });
});

describe('shares without a stop', () => {
  it('get one where the last one was, when somebody cancels it at the broker', async () => {
    const desk = await open();
    await desk.enter('10', { stop: '145', target: '160' });
    await expect.poll(() => desk.stops(), { timeout: 10_000 }).toHaveLength(1);
    const [leg] = await desk.stops();
    await desk.cancelByHand(leg!.id);
    await expect
      .poll(() => desk.stops(), { timeout: 10_000 })
      .toMatchObject([{ origin: 'protection', type: 'stop', stop: '145', quantity: '10', tif: 'gtc' }]);
    await expect.poll(() => desk.protection()).toMatchObject({ stage: 'protected', covered: '10' });
  });
});

describe('coins, of which the venue takes no bracket and no plain stop', () => {
  const coin = 'BTC/USD';
  beforeEach(() => exchange.setQuote(coin, 59_990, 60_000, 50));

  it('get a stop-limit with their entry, for what the fee has left', async () => {
    const desk = await open();
    await desk.enter('0.1', { symbol: coin, stop: '58000', target: '65000' });
    await expect
      .poll(() => desk.stops(coin), { timeout: 15_000 })
      .toMatchObject([{ type: 'stop_limit', stop: '58000', limit: '57420', quantity: '0.09975', tif: 'gtc' }]);
    await expect.poll(() => desk.protection(coin)).toMatchObject({ stage: 'protected', stop: '58000' });
    // The stop is hit.
    await exchange.setQuote(coin, 57_900, 57_910, 50);
    await expect.poll(() => desk.heldAtExchange(coin), { timeout: 15_000 }).toBe('0');
    await desk.reconciliation.reconcile(desk.accountId, 'demand');
    await expect.poll(() => desk.held(coin)).toBe('0');
  });

  it('are sold at their target, the stop being cleared away first', async () => {
    const desk = await open();
    await desk.enter('0.1', { symbol: coin, stop: '58000', target: '65000' });
    await expect.poll(() => desk.stops(coin), { timeout: 15_000 }).toHaveLength(1);
    await exchange.setQuote(coin, 65_100, 65_110, 50);
    await expect.poll(() => desk.heldAtExchange(coin), { timeout: 15_000 }).toBe('0');
    const orders = await desk.all(coin);
    expect(orders.find((order) => order.role === 'take_profit')).toMatchObject({
      type: 'limit',
      limit: '65000',
      status: 'filled',
    });
    expect(await desk.stops(coin)).toEqual([]);
  });
});

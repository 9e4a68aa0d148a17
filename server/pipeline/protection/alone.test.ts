// Invariant: an entry whose type takes no legs is protected from its fill on all the same: a stop where its alert wanted it, with the limit
// that it wanted, and its target is watched for.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Exchange } from '../../exchange/exchange.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { startTestExchange } from '../../testing/exchange.ts';
import { openProtectionDesk, type ProtectionDesk } from '../../testing/protection-desk.ts';

let database: TestDatabase;
let exchange: Exchange;
let desk: ProtectionDesk;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  exchange = await startTestExchange({ keyId: 'PKTEST' });
  await exchange.setQuote('AAPL', 149.99, 150.01);
  desk = await openProtectionDesk(database, exchange);
});
afterEach(async () => {
  await desk.close();
  await exchange.stop();
});

const slow = { timeout: 20_000 };

describe('an entry that is triggered', () => {
  it('has its stop placed with its fill, and its target taken', async () => {
    await desk.enter('10', { trigger: '151', stop: '148', target: '155' });
    await expect.poll(async () => (await desk.all()).map((one) => one.status), slow).toEqual(['accepted']);
    await exchange.setQuote('AAPL', 151.1, 151.2);
    await expect
      .poll(() => desk.stops(), slow)
      .toMatchObject([{ origin: 'protection', type: 'stop', stop: '148', quantity: '10', tif: 'gtc' }]);
    await expect.poll(() => desk.protection(), slow).toMatchObject({ stage: 'protected', covered: '10' });
    await exchange.setQuote('AAPL', 155.1, 155.2);
    await expect.poll(() => desk.held(), slow).toBe('0');
  });

  it('has a stop with the limit that was asked for', async () => {
    await desk.enter('10', { trigger: '151', stop: '148', stopLimit: '147.2' });
    await expect.poll(async () => (await desk.all()).map((one) => one.status), slow).toEqual(['accepted']);
    await exchange.setQuote('AAPL', 151.1, 151.2);
    await expect
      .poll(() => desk.stops(), slow)
      .toMatchObject([{ origin: 'protection', type: 'stop_limit', stop: '148', limit: '147.2', quantity: '10' }]);
  });
});

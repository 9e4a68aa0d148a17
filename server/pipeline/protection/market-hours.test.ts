// Invariants, while a symbol is halted or the exchange is closed:
// 1. An entry waits at the venue, and nothing is held or protected until it is filled; then its shares have their stop.
// 2. A stop that was lost is placed again, as the venue takes it at any time; where it takes none, the sale rests, and a person is paged.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import type { Broker } from '../../core/ports/broker.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { startTestExchange } from '../../testing/exchange.ts';
import { openProtectionDesk, type ProtectionDesk } from '../../testing/protection-desk.ts';

const hourMs = 3_600_000;
const slow = { timeout: 20_000 };

/** Exchange and desk live some days ahead of the machine, on days that the test says. */
let aheadMs = 0;
const clock: Clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + aheadMs) };
const nextSaturdayMs = (): number => {
  const now = systemClock.now();
  const noon = Date.UTC(
    now.getUTCFullYear(),
    now.getUTCMonth(),
    now.getUTCDate() + 7 + ((6 - now.getUTCDay() + 7) % 7),
    12,
  );
  return noon - now.getTime();
};
const onWeekend = () => {
  aheadMs = nextSaturdayMs();
};
const onMonday = () => {
  aheadMs = nextSaturdayMs() + 51 * hourMs;
};
/** The Friday before, at 15:00, when all markets are open. */
const onFriday = () => {
  aheadMs = nextSaturdayMs() - 21 * hourMs;
};

let database: TestDatabase;
let exchange: Exchange;
let desk: ProtectionDesk;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  onFriday();
  exchange = await startTestExchange({ clock, alwaysOpen: false });
  await quote();
});
afterEach(async () => {
  await desk.close();
  await exchange.stop();
});

const quote = () => exchange.setQuote('AAPL', 149.99, 150.01);
const refusing =
  (...types: string[]) =>
  (broker: Broker): Broker => ({
    ...broker,
    submit: async (order) =>
      order.decisionId === null && types.includes(order.type)
        ? { kind: 'refused', code: '42210000', message: 'not now' }
        : broker.submit(order),
  });
const open = async (before?: (broker: Broker) => Broker) => {
  desk = await openProtectionDesk(database, exchange, { clock, ...(before && { before }) });
};
/** As a comparison counts only for so long, there is one after the clock was moved. */
const jump = async (to: () => void): Promise<void> => {
  to();
  await desk.reconciliation.reconcile(desk.accountId, 'demand');
};
const protectedBy = async () => {
  await desk.enter('10', { stop: '145', target: '160' });
  await expect.poll(() => desk.protection(), slow).toMatchObject({ stage: 'protected', covered: '10' });
  return (await desk.stops())[0]!.id;
};
const paged = () =>
  expect
    .poll(async () => (await desk.alarms.open()).find((alarm) => alarm.accountId === desk.accountId)?.severity, slow)
    .toBe('page');

describe.each([
  { when: 'the exchange is closed', stops: () => jump(onWeekend), resumes: () => jump(onMonday) },
  { when: 'the symbol is halted', stops: () => halt(), resumes: () => resume() },
])('while $when', ({ stops, resumes }) => {
  it('an entry waits, and its shares have their stop from the fill on', async () => {
    await open();
    await stops();
    const entry = await desk.enter('10', { stop: '145', target: '160' });
    await expect.poll(async () => (await desk.orders.find(entry))?.status, slow).toBe('accepted');
    await desk.watch.look(desk.accountId);
    expect(await desk.held()).toBe('0');
    expect((await desk.all()).filter((order) => order.origin !== 'decision' && order.origin !== 'venue')).toEqual([]);
    await resumes();
    await quote();
    await expect.poll(() => desk.held(), slow).toBe('10');
    await expect.poll(() => desk.protection(), slow).toMatchObject({ stage: 'protected', covered: '10' });
  });
});

describe('while the symbol is halted', () => {
  it('a stop that was lost is placed again, and rests', async () => {
    await open();
    const stop = await protectedBy();
    await halt();
    await desk.cancelByHand(stop);
    await expect
      .poll(() => desk.stops(), slow)
      .toMatchObject([{ origin: 'protection', type: 'stop', stop: '145', quantity: '10' }]);
    await expect.poll(() => desk.protection(), slow).toMatchObject({ stage: 'protected', covered: '10' });
    expect(await desk.heldAtExchange()).toBe('10');
  });

  it('a stop that the venue refuses makes a person be paged, and the sale trades when it can', async () => {
    await open(refusing('stop'));
    const stop = await protectedBy();
    await halt();
    await desk.cancelByHand(stop);
    await paged();
    expect(await desk.heldAtExchange()).toBe('10');
    expect((await desk.all()).filter((order) => order.origin === 'flatten')).toMatchObject([{ status: 'accepted' }]);
    await expect.poll(() => desk.protection(), slow).toMatchObject({ stage: 'unprotected' });
    await resume();
    await quote();
    await expect.poll(() => desk.heldAtExchange(), slow).toBe('0');
    await expect
      .poll(async () => (await desk.alarms.open()).filter((alarm) => alarm.accountId === desk.accountId), slow)
      .toEqual([]);
  });
});

describe('while the exchange is closed', () => {
  it('a stop whose cancel waits for the opening protects nothing: a person is paged, and at the opening there is another', async () => {
    await open();
    const stop = await protectedBy();
    await jump(onWeekend);
    await desk.cancelByHand(stop);
    await paged();
    expect((await desk.orders.find(stop))?.status).toBe('pending_cancel');
    await jump(onMonday);
    await quote();
    await expect
      .poll(() => desk.stops(), slow)
      .toMatchObject([{ origin: 'protection', type: 'stop', stop: '145', quantity: '10' }]);
    await expect.poll(() => desk.protection(), slow).toMatchObject({ stage: 'protected', covered: '10' });
    expect(await desk.heldAtExchange()).toBe('10');
  });
});

let resume = async (): Promise<void> => undefined;
async function halt(): Promise<void> {
  resume = await exchange.venue.halt('AAPL');
}

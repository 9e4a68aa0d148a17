// Invariants:
// 1. Wherever the process dies between the steps of a reversal, another one on the same database ends it the same way.
// 2. There is one order for each decision and step, at the venue too.
// 3. The entry is sent only once nothing is held on the other side; an exit is never held up by what stops the entry.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { money, price, quantity } from '../core/decimal.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { startTestExchange } from '../testing/exchange.ts';
import { startFaultProxy } from '../testing/fault-proxy.ts';
import { type LifeDesk, type LifeDeskOptions, openLifeDesk } from '../testing/life-desk.ts';

let database: TestDatabase;
let exchange: Awaited<ReturnType<typeof startTestExchange>>;
const desks: LifeDesk[] = [];
let holding = false;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.sql`update accounts set enabled = false`;
  holding = false;
  exchange = await startTestExchange();
});
afterEach(async () => {
  await Promise.all(desks.splice(0).map((desk) => desk.close()));
  await exchange.stop();
});

async function open(options: LifeDeskOptions = {}): Promise<LifeDesk> {
  const desk = await openLifeDesk(database, exchange, { ...options, holdsEntries: () => holding });
  desks.push(desk);
  await desk.strategy({});
  await desk.quote('AAPL', '149.99', '150.01');
  return desk;
}

async function kill(desk: LifeDesk): Promise<void> {
  desks.splice(desks.indexOf(desk), 1);
  await desk.close();
}

/** 40 shares long, or short, with a stop two dollars away. */
async function enter(desk: LifeDesk, side: 'buy' | 'sell' = 'buy'): Promise<void> {
  const stopLoss = price(side === 'buy' ? '148' : '152');
  await desk.alert({ action: side, side, riskAmount: null, quantity: quantity('40'), stopLoss });
  await expect.poll(() => desk.held('AAPL')).toBe(side === 'buy' ? 40 : -40);
  await expect.poll(async () => (await desk.working()).length).toBe(2);
}

const reverse = (desk: LifeDesk, change = {}) =>
  desk.alert({ action: 'reverse', side: null, riskAmount: money('100'), ...change });

const statuses = async (desk: LifeDesk, signalId: string) =>
  (await desk.ordersOf(signalId)).map((order) => order.status);

/** Closed, entered the other side, protected, and nothing twice here or there. */
async function expectReversed(desk: LifeDesk, signalId: string): Promise<void> {
  await expect.poll(() => statuses(desk, signalId), { timeout: 15_000 }).toEqual(['filled', 'filled']);
  const [, entry] = await desk.ordersOf(signalId);
  await expect.poll(() => desk.held('AAPL')).toBe(-entry!.quantity);
  const stops = async () => (await desk.working()).filter((one) => one.role === 'stop_loss').map((one) => one.quantity);
  await expect.poll(stops).toEqual([entry!.quantity]);
  const theirs = await desk.atExchange<{ client_order_id: string }[]>('/v2/orders?status=all&limit=500');
  const ours = theirs.map((order) => order.client_order_id).filter((id) => id.startsWith('sbx-'));
  expect(ours).toHaveLength(3);
  expect(new Set(ours).size).toBe(3);
  expect(await desk.reconciliation.reconcile(desk.accountId, 'demand')).toMatchObject({ differences: [] });
}

describe('a reversal goes on after the process died', () => {
  it('when it had been decided, and nothing sent', async () => {
    const first = await open();
    await enter(first);
    await kill(first);
    const deciding = await open({ accountId: first.accountId, onlyDecides: true });
    const signalId = await reverse(deciding);
    await expect.poll(() => statuses(deciding, signalId)).toEqual(['approved', 'approved']);
    await kill(deciding);
    await expectReversed(await open({ accountId: first.accountId }), signalId);
  });

  it('when the exit was sent and not answered', async () => {
    const proxy = await startFaultProxy(Number(new URL(exchange.url).port));
    const first = await open({ tradingUrl: `http://127.0.0.1:${proxy.port}` });
    await enter(first);
    proxy.deaf();
    const signalId = await reverse(first);
    await expect.poll(async () => (await statuses(first, signalId))[0]).not.toBe('approved');
    await kill(first);
    await proxy[Symbol.asyncDispose]();
    await expectReversed(await open({ accountId: first.accountId }), signalId);
  });

  it('when the exit was filled, and the entry not sent', async () => {
    const first = await open();
    await enter(first);
    holding = true;
    const signalId = await reverse(first);
    await expect.poll(() => statuses(first, signalId)).toEqual(['filled', 'approved']);
    expect(await first.held('AAPL')).toBe(0);
    await kill(first);
    holding = false;
    await expectReversed(await open({ accountId: first.accountId }), signalId);
  });

  it('when the entry was sent and not answered', async () => {
    const proxy = await startFaultProxy(Number(new URL(exchange.url).port));
    const first = await open({ tradingUrl: `http://127.0.0.1:${proxy.port}` });
    await enter(first);
    holding = true;
    const signalId = await reverse(first);
    await expect.poll(() => statuses(first, signalId)).toEqual(['filled', 'approved']);
    proxy.deaf();
    holding = false;
    await expect.poll(async () => (await statuses(first, signalId))[1]).not.toBe('approved');
    await kill(first);
    await proxy[Symbol.asyncDispose]();
    await expectReversed(await open({ accountId: first.accountId }), signalId);
  });
});

describe('the entry of a reversal', () => {
  it('is not sent when the exit ends with shares left', async () => {
    const desk = await open();
    await enter(desk);
    await exchange.awkward.add({ kind: 'halt', match: { symbol: 'AAPL' } });
    const signalId = await reverse(desk);
    await expect.poll(() => statuses(desk, signalId)).toEqual(['accepted', 'approved']);
    const [exit] = await desk.ordersOf(signalId);
    await desk.execution.handlers['order.cancel']({ orderId: exit!.id, reason: 'a person' });
    await expect.poll(() => statuses(desk, signalId)).toEqual(['canceled', 'rejected']);
    const [, entry] = await desk.ordersOf(signalId);
    expect(entry!.problem).toBe('Not sent: 40 AAPL are still held on the other side, as the exit is canceled.');
    const [event] = await desk.sql`select data from events where order_id = ${entry!.id} and kind = 'order.rejected'`;
    expect(event!.data.code).toBe('EXECUTION_AFTER_FAILED');
    expect(await desk.held('AAPL')).toBe(40);
  });

  it('is not sent when it has become too old, though the exit was', async () => {
    const desk = await open();
    await enter(desk);
    holding = true;
    const signalId = await reverse(desk);
    await expect.poll(() => statuses(desk, signalId)).toEqual(['filled', 'approved']);
    await desk.sql`update orders set created_at = created_at - interval '1 hour' where signal_id = ${signalId} and step = 1`;
    // Held until then: a job that had read the order before would not know its age yet.
    await expect.poll(() => statuses(desk, signalId)).toEqual(['filled', 'rejected']);
    expect((await desk.ordersOf(signalId))[1]!.problem).toContain('an alert counts for 300 s');
  });

  it.each(['buy', 'sell'] as const)(
    'is kept back by a limit, and the exit of a %s goes on and says why',
    async (side) => {
      const desk = await open();
      await enter(desk, side);
      const signalId = await reverse(desk, { riskAmount: null, quantity: quantity('100000') });
      await expect.poll(() => statuses(desk, signalId)).toEqual(['filled']);
      expect(await desk.held('AAPL')).toBe(0);
      expect(await desk.signal(signalId)).toMatchObject({ status: 'approved', code: 'RISK_MAX_POSITION' });
      const [decision] =
        // The strategy has shares in accounts of other tests as well, which are switched off.
        await desk.sql`
          select intent, outcome, code, verdicts from decisions
          where signal_id = ${signalId} and account_id = ${desk.accountId}`;
      expect(decision).toMatchObject({ intent: 'exit', outcome: 'approved', code: 'RISK_MAX_POSITION' });
      const parts = (decision!.verdicts as { part: string; verdict: string }[]).filter((one) => one.verdict === 'deny');
      expect(new Set(parts.map((one) => one.part))).toEqual(new Set(['entry']));
    },
  );

  it('goes on when the stop was quicker than the exit', async () => {
    const first = await open();
    await enter(first);
    await kill(first);
    const deciding = await open({ accountId: first.accountId, onlyDecides: true });
    const signalId = await reverse(deciding);
    await expect.poll(() => statuses(deciding, signalId)).toEqual(['approved', 'approved']);
    await deciding.quote('AAPL', '147.90', '147.92');
    await expect.poll(() => deciding.held('AAPL')).toBe(0);
    await kill(deciding);
    const last = await open({ accountId: first.accountId });
    await expect.poll(() => statuses(last, signalId)).toEqual(['rejected', 'filled']);
    const [exit, entry] = await last.ordersOf(signalId);
    expect(exit!.problem).toBe('Nothing was left to close: the position in AAPL is 0.');
    await expect.poll(() => last.held('AAPL')).toBe(-entry!.quantity);
  });
});

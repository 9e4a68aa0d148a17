import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { isTerminal } from '../../core/model/order.ts';
import type { Broker } from '../../core/ports/broker.ts';
import type { Clock } from '../../core/ports/clock.ts';
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

describe('the steps when no stop can be had', () => {
  /** A venue that refuses orders of ours of these types. */
  const refusing =
    (...types: string[]) =>
    (broker: Broker): Broker => ({
      ...broker,
      submit: async (order) =>
        order.decisionId === null && types.includes(order.type)
          ? { kind: 'refused', code: '42210000', message: 'not today' }
          : broker.submit(order),
    });

  it('the shares are sold, and somebody is told', async () => {
    const desk = await open({ before: refusing('stop') });
    await desk.enter('10', { stop: '145', target: '160' });
    await expect.poll(() => desk.stops(), { timeout: 15_000 }).toHaveLength(1);
    await desk.cancelByHand((await desk.stops())[0]!.id);
    await expect.poll(() => desk.heldAtExchange(), { timeout: 15_000 }).toBe('0');
    const sale = (await desk.all()).find((order) => order.origin === 'flatten');
    expect(sale).toMatchObject({ type: 'market', side: 'sell', quantity: '10' });
    const raised = await desk.sql`select kind, severity from alarms where account_id = ${desk.accountId}`;
    expect(raised).toMatchObject([{ kind: 'position.unprotected', severity: 'warn' }]);
    await expect.poll(() => desk.protection(), { timeout: 15_000 }).toMatchObject({ stage: 'none' });
    await expect
      .poll(async () => (await desk.alarms.open()).filter((alarm) => alarm.accountId === desk.accountId), {
        timeout: 15_000,
      })
      .toEqual([]);
  });

  it('and the sale is refused too: a person is paged', async () => {
    const desk = await open({ before: refusing('stop', 'market') });
    await desk.enter('10', { stop: '145', target: '160' });
    await expect.poll(() => desk.stops(), { timeout: 15_000 }).toHaveLength(1);
    await desk.cancelByHand((await desk.stops())[0]!.id);
    await expect
      .poll(async () => (await desk.alarms.open()).find((alarm) => alarm.accountId === desk.accountId), {
        timeout: 15_000,
      })
      .toMatchObject({
        kind: 'position.unprotected',
        severity: 'page',
        sentence: expect.stringContaining('not today'),
      });
    expect(await desk.heldAtExchange()).toBe('10');
  });

  it('and another stop is tried later: the page stays open meanwhile, and ends once that stop works', async () => {
    let aheadMs = 0;
    const clock: Clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + aheadMs) };
    const arrived = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    let stops = 0;
    const before = (broker: Broker): Broker => ({
      ...broker,
      async submit(order) {
        const refused = { kind: 'refused', code: '42210000', message: 'not today' } as const;
        if (order.decisionId !== null) return broker.submit(order);
        if (order.type !== 'stop' || ++stops === 1) return refused;
        arrived.resolve();
        await goOn.promise;
        return broker.submit(order);
      },
    });
    // A stop may take as long as it likes here: what is not refused is on its way.
    const desk = await open({ before, clock, withinSeconds: 3600 });
    const alarms = () => desk.sql<{ severity: string; cleared: boolean }[]>`
      select severity, cleared_at is not null as cleared from alarms where account_id = ${desk.accountId}`;
    await desk.enter('10', { stop: '145', target: '160' });
    await expect.poll(() => desk.stops(), { timeout: 15_000 }).toHaveLength(1);
    await desk.cancelByHand((await desk.stops())[0]!.id);
    await expect.poll(alarms, { timeout: 15_000 }).toEqual([{ severity: 'page', cleared: false }]);

    aheadMs = 31_000;
    await desk.watch.look(desk.accountId);
    await arrived.promise;
    await desk.watch.look(desk.accountId);
    expect(await desk.protection()).toMatchObject({ stage: 'placing', covered: '0' });
    expect(await alarms()).toEqual([{ severity: 'page', cleared: false }]);

    goOn.resolve();
    await expect
      .poll(() => desk.protection(), { timeout: 15_000 })
      .toMatchObject({ stage: 'protected', covered: '10' });
    await expect.poll(alarms, { timeout: 15_000 }).toEqual([{ severity: 'page', cleared: true }]);
  });
});

describe('what is held', () => {
  it('by nobody here is left alone', async () => {
    const desk = await open();
    const response = await fetch(`${exchange.url}/v2/orders`, {
      method: 'POST',
      headers: {
        'APCA-API-KEY-ID': exchange.keyId,
        'APCA-API-SECRET-KEY': exchange.secretKey,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ symbol: 'AAPL', qty: '5', side: 'buy', type: 'market', time_in_force: 'day' }),
    });
    expect(response.status).toBe(200);
    await expect.poll(() => desk.heldAtExchange(), { timeout: 15_000 }).toBe('5');
    await desk.enter('10', { stop: '145', target: '160' });
    await expect.poll(() => desk.protection(), { timeout: 15_000 }).toMatchObject({ stage: 'protected', held: '10' });
    await desk.reconciliation.reconcile(desk.accountId, 'demand');
    await desk.watch.look(desk.accountId);
    expect(await desk.protection('AAPL', 'external')).toBeUndefined();
    expect((await desk.all()).filter((order) => order.origin === 'protection')).toEqual([]);
  });

  it('by two strategies has a stop for each', async () => {
    const desk = await open();
    await desk.enter('10', { stop: '145', target: '160', strategy: 'one' });
    await desk.enter('6', { stop: '140', target: '170', strategy: 'two' });
    await expect
      .poll(() => desk.protection('AAPL', 'two'), { timeout: 15_000 })
      .toMatchObject({ stage: 'protected', stop: '140' });
    await expect.poll(() => desk.protection('AAPL', 'one')).toMatchObject({ stage: 'protected', stop: '145' });
    const first = (await desk.stops()).find((order) => order.stop === '145')!;
    await desk.cancelByHand(first.id);
    await expect
      .poll(async () => (await desk.stops()).map((order) => `${order.origin} ${order.stop} ${order.quantity}`).sort(), {
        timeout: 15_000,
      })
      .toEqual(['protection 145 10', 'venue 140 6']);
  });

  it('of an entry that is filled in part is protected, and the rest of the entry ends', async () => {
    const desk = await open();
    await exchange.setQuote('AAPL', 149.99, 150.01, 4);
    const entry = await desk.enter('10', { limit: '150.01', stop: '145', target: '160' });
    await expect.poll(() => desk.held(), { timeout: 15_000 }).toBe('4');
    await expect
      .poll(() => desk.stops(), { timeout: 15_000 })
      .toMatchObject([{ origin: 'protection', stop: '145', quantity: '4' }]);
    expect(await desk.kinds(entry)).toContain('order.canceled');
    await expect.poll(() => desk.protection()).toMatchObject({ stage: 'protected', covered: '4' });
  });

  it('after an exit of a part has a stop for the rest', async () => {
    const desk = await open();
    await desk.enter('10', { stop: '145', target: '160' });
    await expect.poll(() => desk.protection(), { timeout: 15_000 }).toMatchObject({ stage: 'protected' });
    await desk.exit('4');
    await expect.poll(() => desk.held(), { timeout: 15_000 }).toBe('6');
    await expect.poll(() => desk.stops(), { timeout: 15_000 }).toMatchObject([{ stop: '145', quantity: '6' }]);
    await expect.poll(() => desk.protection()).toMatchObject({ stage: 'protected', held: '6', covered: '6' });
  });

  it('is protected once by two that watch', async () => {
    const [one] = [await open(), await open({ accountId: desks[0]!.accountId })];
    await one!.enter('10', { stop: '145', target: '160' });
    await expect.poll(() => one!.stops(), { timeout: 15_000 }).toHaveLength(1);
    await one!.cancelByHand((await one!.stops())[0]!.id);
    await expect
      .poll(() => one!.stops(), { timeout: 15_000 })
      .toMatchObject([{ origin: 'protection', quantity: '10' }]);
    await Promise.all(desks.map((desk) => desk.watch.look(desk.accountId)));
    expect((await one!.all()).filter((order) => order.origin !== 'decision' && order.origin !== 'venue')).toHaveLength(
      1,
    );
  });
});

describe('after a trade was taken back', () => {
  const bust = async (executionId: string) => {
    await exchange.venue.command((venue) => venue.correctTrade(executionId, null));
  };
  /** What could be sold by stops and targets at the exchange, those of one bracket being one. */
  const couldSell = async (desk: ProtectionDesk) => {
    const open = await desk.broker.listOrders({ status: 'open' });
    const groups = new Map<string, number>();
    for (const order of open.flatMap((one) => [one, ...one.legs])) {
      if (order.side !== 'sell' || isTerminal(order.status)) continue;
      const left = Number(order.quantity.minus(order.filledQuantity).toFixed());
      groups.set(order.groupId ?? order.brokerOrderId, left);
    }
    return [...groups.values()].reduce((sum, one) => sum + one, 0);
  };
  const executionsOf = async (desk: ProtectionDesk, orderId: string) =>
    (
      await desk.sql<{ id: string }[]>`
        select execution_id as id from trade_executions where order_id = ${orderId} order by cumulative_quantity`
    ).map(({ id }) => id);

  it('the legs, which are for more than is left, give way to a stop for what is', async () => {
    const desk = await open();
    await exchange.setQuote('AAPL', 149.99, 150.01, 4);
    const entry = await desk.enter('10', { limit: '150.01', stop: '145', target: '160' });
    await expect.poll(() => desk.held(), { timeout: 15_000 }).toBe('4');
    await exchange.setQuote('AAPL', 149.99, 150.01, 6);
    await expect
      .poll(() => desk.protection(), { timeout: 15_000 })
      .toMatchObject({ stage: 'protected', covered: '10' });
    const [first] = await executionsOf(desk, entry);
    await bust(first!);
    await expect.poll(() => desk.held(), { timeout: 15_000 }).toBe('6');
    await expect.poll(() => couldSell(desk), { timeout: 20_000 }).toBe(6);
    await expect
      .poll(() => desk.stops(), { timeout: 20_000 })
      .toMatchObject([{ origin: 'protection', stop: '145', quantity: '6' }]);
    await expect.poll(() => desk.protection(), { timeout: 15_000 }).toMatchObject({ stage: 'protected', covered: '6' });
  });

  it('of which nothing is left, the legs end', async () => {
    const desk = await open();
    const entry = await desk.enter('10', { stop: '145', target: '160' });
    await expect.poll(() => desk.protection(), { timeout: 15_000 }).toMatchObject({ stage: 'protected' });
    const [only] = await executionsOf(desk, entry);
    await bust(only!);
    await expect.poll(() => desk.held(), { timeout: 15_000 }).toBe('0');
    await expect.poll(() => couldSell(desk), { timeout: 20_000 }).toBe(0);
    expect(await desk.heldAtExchange()).toBe('0');
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

  it('that were bought as the process died have their stop after the restart', async () => {
    const first = await open({ watches: false });
    await first.enter('0.1', { symbol: coin, stop: '58000', target: '65000' });
    await expect.poll(() => first.held(coin), { timeout: 15_000 }).not.toBe('0');
    expect(await first.stops(coin)).toEqual([]);
    await first.close();
    desks.pop();
    const second = await open({ accountId: first.accountId });
    await expect
      .poll(() => second.stops(coin), { timeout: 15_000 })
      .toMatchObject([{ type: 'stop_limit', stop: '58000', quantity: '0.09975' }]);
    await expect.poll(() => second.protection(coin), { timeout: 15_000 }).toMatchObject({ stage: 'protected' });
  });

  it('whose target is reached while nobody watches are sold there after the restart, and have their stop until then', async () => {
    const first = await open();
    await first.enter('0.1', { symbol: coin, stop: '58000', target: '65000' });
    await expect.poll(() => first.stops(coin), { timeout: 15_000 }).toHaveLength(1);
    await first.close();
    desks.pop();
    await exchange.setQuote(coin, 65_100, 65_110, 50);
    expect((await first.broker.listOrders({ status: 'open' })).map((order) => order.type)).toEqual(['stop_limit']);
    const second = await open({ accountId: first.accountId });
    await expect.poll(() => second.heldAtExchange(coin), { timeout: 20_000 }).toBe('0');
    expect((await second.all(coin)).find((order) => order.role === 'take_profit')).toMatchObject({ limit: '65000' });
  });

  it('are sold at their target, the stop being cleared away first', async () => {
    const desk = await open();
    await desk.enter('0.1', { symbol: coin, stop: '58000', target: '65000' });
    await expect.poll(() => desk.stops(coin), { timeout: 15_000 }).toHaveLength(1);
    await exchange.setQuote(coin, 65_100, 65_110, 50);
    await expect.poll(() => desk.heldAtExchange(coin), { timeout: 15_000 }).toBe('0');
    await expect
      .poll(async () => (await desk.all(coin)).find((order) => order.role === 'take_profit'))
      .toMatchObject({ type: 'limit', limit: '65000', status: 'filled' });
    expect(await desk.stops(coin)).toEqual([]);
  });
});

// Invariants: what an alert says of its order is what the exchange is sent, for each type, time in force and session; where the venue takes
// no legs with it, the strategy still holds exactly what was filled; an entry never goes before those that its alert cancels have ended.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decimal, price, quantity } from '../core/decimal.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { startTestExchange } from '../testing/exchange.ts';
import { type LifeDesk, openLifeDesk } from '../testing/life-desk.ts';

let database: TestDatabase;
let exchange: Awaited<ReturnType<typeof startTestExchange>>;
let desk: LifeDesk;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.sql`update accounts set enabled = false`;
  exchange = await startTestExchange();
  desk = await openLifeDesk(database, exchange);
  await desk.strategy({});
  await desk.quote('AAPL', '149.99', '150.01');
});
afterEach(async () => {
  await desk.close();
  await exchange.stop();
});

const slow = { timeout: 20_000 };
type Alert = Parameters<LifeDesk['alert']>[0];
const enter = (change: Alert) =>
  desk.alert({ side: 'buy', riskAmount: null, quantity: quantity('40'), stopLoss: price('146'), ...change });
const orders = (signalId: string) => desk.ordersOf(signalId);
const isWorking = (signalId: string) =>
  expect
    .poll(async () => (await orders(signalId)).map((one) => [one.status, one.problem]), slow)
    .toEqual([['accepted', null]]);
const held = (shares: number) => expect.poll(() => desk.held('AAPL'), slow).toBe(shares);
/** The newest order of the exchange that is no leg. */
const sent = async () =>
  (await desk.atExchange<Record<string, unknown>[]>('/v2/orders?status=all&nested=true&limit=1'))[0]!;

describe('an entry', () => {
  it('with a limit brings its stop and its target as legs, at a limit of its own', async () => {
    const signalId = await enter({
      ...{ orderType: 'limit', limitPrice: price('149'), takeProfit: price('155'), stopLossLimit: price('145.5') },
    });
    await isWorking(signalId);
    expect(await sent()).toMatchObject({
      type: 'limit',
      limit_price: '149',
      order_class: 'bracket',
      time_in_force: 'gtc',
    });
    const legs = (await sent()).legs as Record<string, unknown>[];
    expect(legs).toContainEqual(
      expect.objectContaining({ type: 'stop_limit', stop_price: '146', limit_price: '145.5' }),
    );
    await desk.quote('AAPL', '148.9', '149');
    await held(40);
  });

  it.each([
    [
      { orderType: 'stop', stopPrice: price('151') },
      { type: 'stop', stop_price: '151' },
    ],
    [
      { orderType: 'stop_limit', stopPrice: price('151'), limitPrice: price('151.5') },
      { type: 'stop_limit', stop_price: '151', limit_price: '151.5' },
    ],
    [
      { orderType: 'trailing_stop', entryTrailAmount: price('1') },
      { type: 'trailing_stop', trail_price: '1' },
    ],
  ] as const)('%o rests alone, and is filled when the market comes', async (change, expected) => {
    const signalId = await enter(change);
    await isWorking(signalId);
    expect(await sent()).toMatchObject({ ...expected, order_class: '', time_in_force: 'gtc' });
    expect(await desk.held('AAPL')).toBe(0);
    await desk.quote('AAPL', '151.1', '151.2');
    await held(40);
  });

  it('in extended hours goes as a limit for the day, alone', async () => {
    const signalId = await enter({ orderType: 'limit', limitPrice: price('149'), extendedHours: true });
    await isWorking(signalId);
    expect(await sent()).toMatchObject({ extended_hours: true, order_class: '', time_in_force: 'day', type: 'limit' });
  });

  it('that must be filled at once ends when it is not', async () => {
    const signalId = await enter({ orderType: 'limit', limitPrice: price('149'), timeInForce: 'ioc' });
    await expect.poll(async () => (await orders(signalId)).map((one) => one.status), slow).toEqual(['canceled']);
    expect(await sent()).toMatchObject({ time_in_force: 'ioc', status: 'canceled' });
  });

  it('is sized by a kind that it names', async () => {
    const signalId = await enter({ quantity: null, sizeBy: { kind: 'notional', value: decimal('1510') } });
    await held(10);
    expect((await orders(signalId))[0]).toMatchObject({ type: 'market', quantity: 10 });
  });
});

it('a sell that reverses closes the position, and then enters', async () => {
  await enter({});
  await held(40);
  const signalId = await enter({
    side: 'sell',
    stopLoss: price('154'),
    quantity: quantity('25'),
    opposite: 'reverse',
    timeframe: '1m',
  });
  await held(-25);
  expect((await orders(signalId)).map((one) => [one.role, one.side, one.status])).toEqual([
    ['exit', 'sell', 'filled'],
    ['entry', 'sell', 'filled'],
  ]);
});

it('what is open is cancelled, and ends, before the new entry is sent', async () => {
  const before = await enter({ orderType: 'limit', limitPrice: price('148') });
  await isWorking(before);
  const signalId = await enter({ orderType: 'limit', limitPrice: price('149'), cancelFirst: true, timeframe: '1m' });
  await isWorking(signalId);
  expect((await orders(before)).map((one) => one.status)).toEqual(['canceled']);
  const open = await desk.atExchange<{ limit_price: string }[]>('/v2/orders?status=open');
  expect(open.filter((one) => one.limit_price === '148')).toEqual([]);
});

it('an exit with a limit waits for it', async () => {
  await enter({});
  await held(40);
  const exit = { action: 'exit', side: null, riskAmount: null } as const;
  const signalId = await desk.alert({ ...exit, orderType: 'limit', limitPrice: price('151') });
  await isWorking(signalId);
  expect(await sent()).toMatchObject({ type: 'limit', limit_price: '151', time_in_force: 'day', side: 'sell' });
  await desk.quote('AAPL', '151', '151.02');
  await held(0);
});

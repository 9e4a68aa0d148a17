// Invariants, long and short alike:
// 1. Each action does what docs/order-life.md says, through the real stores and the queue, at a venue that answers as Alpaca does.
// 2. There is never more than one order for a decision and step.
// 3. Once everything is filled, no share is without a stop unless the alert asked for that.
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decimal, money, price, quantity } from '../core/decimal.ts';
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

const ways = [
  { name: 'long', side: 'buy', back: 'sell', sign: 1 },
  { name: 'short', side: 'sell', back: 'buy', sign: -1 },
] as const;

/** Stop and target a dollar and two away on the losing and the winning side. */
const stopOf = (sign: number, distance = 2) => price(String(150 - sign * distance));
const targetOf = (sign: number, distance: number) => price(String(150 + sign * distance));

const done = (signalId: string) => expect.poll(async () => (await desk.signal(signalId))?.status).not.toBe('accepted');
const isHeld = (shares: number) => expect.poll(() => desk.held('AAPL')).toBe(shares);
const statuses = async (signalId: string) => (await desk.ordersOf(signalId)).map((order) => order.status);
/** Shares that working stops are for. */
const stopped = async () =>
  (await desk.working())
    .filter((order) => order.role === 'stop_loss')
    .reduce((sum, order) => sum + order.quantity - order.filled, 0);

/** 40 shares with a stop two dollars away, and a target four unless told. */
async function enter(way: (typeof ways)[number], change: Parameters<LifeDesk['alert']>[0] = {}): Promise<string> {
  const signalId = await desk.alert({
    action: way.side,
    side: way.side,
    riskAmount: null,
    quantity: quantity('40'),
    stopLoss: stopOf(way.sign),
    takeProfit: change.takeProfits ? null : targetOf(way.sign, 4),
    ...change,
  });
  await isHeld(40 * way.sign);
  await expect.poll(stopped).toBe(40);
  return signalId;
}

const act = (action: 'exit' | 'flatten' | 'reverse' | 'add' | 'breakeven' | 'cancel', change = {}) =>
  desk.alert({ action, side: null, riskAmount: null, ...change });

/** Books and exchange agree, and nothing is there twice. */
async function expectAgreed(): Promise<void> {
  expect(await desk.reconciliation.reconcile(desk.accountId, 'demand')).toMatchObject({ differences: [] });
  const doubled = await desk.sql`
    select decision_id, step from orders where decision_id is not null and parent_id is null and origin = 'decision'
    group by 1, 2 having count(*) > 1`;
  expect(doubled).toEqual([]);
}

/** What is held after each action, by what the actions say. */
const sequences: readonly (readonly string[])[] = [
  ['buy 40', 'exit half', 'add 10', 'reverse 20', 'add 10', 'exit half', 'flatten'],
  ['sell 30', 'reverse 50', 'breakeven', 'exit half', 'reverse 10', 'exit'],
];

it.each(sequences.map((actions) => ({ actions, first: actions[0] })))(
  'comes to what a sequence from $first says',
  async ({ actions }) => {
    let shares = 0;
    for (const [at, one] of actions.entries()) {
      const [action, much] = one.split(' ') as [Parameters<LifeDesk['alert']>[0]['action'], string | undefined];
      const side = action === 'buy' || action === 'sell' ? action : null;
      const count = Number(much) || 0;
      const asked = {
        ...(action === 'exit' && much === 'half' ? { portion: decimal('0.5') } : {}),
        ...(count > 0 ? { quantity: quantity(String(count)) } : {}),
      };
      const way = Math.sign(shares);
      if (action === 'buy') shares += count;
      if (action === 'sell') shares -= count;
      if (action === 'add') shares += way * count;
      if (action === 'reverse') shares = -way * count;
      if (action === 'exit') shares = much === 'half' ? way * Math.ceil(Math.abs(shares) / 2) : 0;
      if (action === 'flatten') shares = 0;
      // Bars of their own, so that none of them is the same signal again.
      await desk.alert({ action, side, riskAmount: null, timeframe: `${at + 1}m`, ...asked } as never);
      await expect.poll(() => desk.held('AAPL'), { message: one }).toBe(shares);
      await expect.poll(stopped, { message: one }).toBe(Math.abs(shares));
    }
    await expectAgreed();
  },
);

/** What may be asked for next; one that means nothing as things stand is left out. */
const anyAction = fc.record({
  action: fc.constantFrom('buy', 'sell', 'add', 'half', 'exit', 'reverse', 'breakeven', 'cancel', 'flatten'),
  shares: fc.integer({ min: 1, max: 40 }),
});

it('comes to what any sequence says: strategy, account and exchange hold the same, and every share has its stop', async () => {
  let bar = 0;
  const held = { timeout: 20_000 };
  await fc.assert(
    fc.asyncProperty(fc.array(anyAction, { minLength: 4, maxLength: 7 }), async (actions) => {
      let shares = 0;
      for (const { action, shares: count } of [...actions, { action: 'flatten', shares: 0 } as const]) {
        const way = Math.sign(shares);
        const opens = action === 'buy' || action === 'sell';
        if (opens ? way === (action === 'buy' ? -1 : 1) : way === 0) continue;
        const next = {
          ...{ buy: shares + count, sell: shares - count, add: shares + way * count, reverse: -way * count },
          ...{ half: way * Math.ceil(Math.abs(shares) / 2), exit: 0, flatten: 0, breakeven: shares, cancel: shares },
        };
        shares = next[action];
        const signalId = await desk.alert({
          action: action === 'half' ? 'exit' : action,
          side: opens ? action : null,
          riskAmount: null,
          // A bar of its own, so that none of them is the same signal again.
          timeframe: `${++bar}m`,
          ...(action === 'half' && { portion: decimal('0.5') }),
          ...((opens || action === 'add' || action === 'reverse') && { quantity: quantity(String(count)) }),
        });
        await expect.poll(async () => (await desk.signal(signalId))?.status, held).not.toBe('accepted');
        await expect.poll(() => desk.held('AAPL'), { ...held, message: action }).toBe(shares);
        await expect.poll(stopped, { ...held, message: action }).toBe(Math.abs(shares));
        const atExchange = await desk.atExchange<{ symbol: string; qty: string }[]>('/v2/positions');
        expect(atExchange.map((one) => Number(one.qty))).toEqual(shares === 0 ? [] : [shares]);
        const lots = await desk.sql<{ quantity: number }[]>`
          select quantity::float8 as quantity from strategy_positions
          where account_id = ${desk.accountId} and strategy = 'momentum' and quantity <> 0`;
        expect(lots.map((one) => one.quantity)).toEqual(shares === 0 ? [] : [shares]);
      }
      await expectAgreed();
    }),
    { numRuns: 4 },
  );
}, 240_000);

describe.each(ways)('$name', (way) => {
  it('several targets are one bracket each, and add up', async () => {
    const takeProfits = [
      { price: targetOf(way.sign, 3), portion: decimal('0.33') },
      { price: targetOf(way.sign, 5), portion: decimal('0.33') },
    ];
    const signalId = await enter(way, { takeProfits });
    expect(await desk.ordersOf(signalId)).toMatchObject([
      { step: 0, quantity: 13, status: 'filled' },
      { step: 1, quantity: 13, status: 'filled' },
      { step: 2, quantity: 14, status: 'filled' },
    ]);
    await expect.poll(async () => (await desk.working()).filter((one) => one.role === 'take_profit').length).toBe(2);
    await desk.quote('AAPL', String(150 + way.sign * 3), String(150 + way.sign * 3 + 0.02));
    await desk.quote('AAPL', String(150 + way.sign * 3.1), String(150 + way.sign * 3.1 + 0.02));
    await isHeld(27 * way.sign);
    await expect.poll(stopped).toBe(27);
    await expectAgreed();
  });

  it('reverse closes, waits for the fill, and enters the other side', async () => {
    await enter(way);
    const signalId = await act('reverse', { riskAmount: money('100') });
    await expect.poll(() => statuses(signalId)).toEqual(['filled', 'filled']);
    const [exit, entry] = await desk.ordersOf(signalId);
    expect(exit).toMatchObject({ step: 0, role: 'exit', side: way.back, quantity: 40 });
    expect(entry).toMatchObject({ step: 1, role: 'entry', side: way.back });
    await isHeld(-way.sign * entry!.quantity);
    await expect.poll(stopped).toBe(entry!.quantity);
    const [times] = await desk.sql`
      select (select closed_at from orders where id = ${exit!.id}) <= (select submitting_at from orders where id = ${entry!.id})
        as "inOrder"`;
    expect(times!.inOrder).toBe(true);
    await expectAgreed();
  });

  it('exit of a part keeps the rest protected, at the same prices', async () => {
    await enter(way);
    const signalId = await act('exit', { portion: decimal('0.25') });
    await isHeld(30 * way.sign);
    await expect.poll(stopped).toBe(30);
    const protection = (await desk.working()).map(({ role, quantity, stop, limit }) => ({
      role,
      quantity,
      stop,
      limit,
    }));
    expect(protection).toEqual(
      expect.arrayContaining([
        { role: 'take_profit', quantity: 30, stop: null, limit: 150 + way.sign * 4 },
        { role: 'stop_loss', quantity: 30, stop: 150 - way.sign * 2, limit: null },
      ]),
    );
    expect((await desk.ordersOf(signalId))[0]).toMatchObject({ quantity: 10, status: 'filled' });
    await expectAgreed();
  });

  it('exit without a part closes all of it', async () => {
    await enter(way);
    await act('exit');
    await isHeld(0);
    await expect.poll(async () => (await desk.working()).length).toBe(0);
    await expectAgreed();
  });

  it('add enters once more on the same side, and is refused where nothing is held', async () => {
    const refused = await act('add', { riskAmount: money('100') });
    await done(refused);
    expect(await desk.signal(refused)).toMatchObject({ status: 'denied', code: 'RISK_NOTHING_TO_ADD_TO' });
    await enter(way);
    await act('add', { quantity: quantity('10') });
    await isHeld(50 * way.sign);
    await expect.poll(stopped).toBe(50);
    await expectAgreed();
  });

  it('break-even moves the stop once the market is beyond', async () => {
    await enter(way);
    const early = await act('breakeven');
    await done(early);
    expect(await desk.signal(early)).toMatchObject({ status: 'denied', code: 'RISK_BREAK_EVEN_SIDE' });
    await desk.quote('AAPL', String(150 + way.sign * 2), String(150 + way.sign * 2 + 0.02));
    await act('breakeven', { breakEvenOffset: price('0.5') });
    const stopAt = async () =>
      (await desk.working()).find((one) => one.role === 'stop_loss' && one.status !== 'pending_replace')?.stop;
    await expect.poll(stopAt).toBeCloseTo(150 + way.sign * 0.5, 0);
    await expect.poll(stopped).toBe(40);
    const again = await act('breakeven');
    await done(again);
    expect(await desk.signal(again)).toMatchObject({ status: 'denied', code: 'RISK_NOTHING_TO_MOVE' });
    await expectAgreed();
  });

  it('a stop that trails takes over from the first one', async () => {
    const signalId = await enter(way, { takeProfit: null, trailPercent: decimal('1') });
    const told = async () => (await desk.ordersOf(signalId)).map((order) => order.problem ?? order.status);
    await expect.poll(told).toEqual(['filled', 'accepted']);
    const [, trailing] = await desk.ordersOf(signalId);
    expect(trailing).toMatchObject({ type: 'trailing_stop', role: 'stop_loss', quantity: 40, side: way.back });
    expect(await stopped()).toBe(40);
    await expectAgreed();
    await act('exit');
    await isHeld(0);
    await expect.poll(async () => (await desk.working()).length).toBe(0);
  });

  it('cancel ends open entries, and flatten ends all', async () => {
    await desk.strategy({ entryType: 'limit' });
    await enter(way, { entryPrice: price(String(150 + way.sign * 0.1)) });
    const far = { entryPrice: price(String(150 - way.sign * 1)), stopLoss: stopOf(way.sign, 3), timeframe: '15m' };
    const waiting = await desk.alert({ action: way.side, side: way.side, takeProfit: targetOf(way.sign, 5), ...far });
    await expect.poll(() => statuses(waiting)).toEqual(['accepted']);
    await act('cancel');
    await expect.poll(() => statuses(waiting)).toEqual(['canceled']);
    expect(await desk.held('AAPL')).toBe(40 * way.sign);
    const nothing = await act('cancel');
    await done(nothing);
    expect(await desk.signal(nothing)).toMatchObject({ code: 'RISK_NOTHING_TO_CANCEL' });
    const other = await act('add', { ...far, quantity: quantity('5') });
    await expect.poll(() => statuses(other)).toEqual(['accepted']);
    await act('flatten');
    await isHeld(0);
    await expect.poll(() => statuses(other)).toEqual(['canceled']);
    await expect.poll(async () => (await desk.working()).length).toBe(0);
    await expectAgreed();
  });
});

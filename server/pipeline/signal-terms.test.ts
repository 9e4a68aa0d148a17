// Invariants: a test sends nothing and counts nowhere; what is kept back is decided when its time has come, and holds nobody up; what
// has expired is not sent; hours of entries are ignored only where alert and strategy both say so; orders of impossible terms are refused.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { price } from '../core/decimal.ts';
import { createTestDatabase } from '../testing/database.ts';
import { openDecisionDesk } from '../testing/decision-desk.ts';

type Desk = Awaited<ReturnType<typeof openDecisionDesk>>;
let desk: Desk;
let paper: string;

beforeAll(async () => {
  desk = await openDecisionDesk(await createTestDatabase());
});
afterAll(() => desk.close());
beforeEach(async () => {
  paper = await desk.account();
  await desk.sql`
    insert into strategies (key, mode, enabled, settings, updated_at)
    values ('momentum', 'paper', true, '{"allowShort": true}', now())
    on conflict (key) do update set settings = excluded.settings`;
  await desk.settings.refresh();
});
afterEach(async () => {
  await desk.sql`update accounts set enabled = false`;
  await desk.sql`update trading_signals set status = 'failed' where status = 'accepted'`;
});

const done = { kind: 'done' };

describe('a test', () => {
  it('is sized and judged by every rule, stored as denied, and leaves no order', async () => {
    const signalId = await desk.signal({ test: true });
    expect(await desk.process(signalId)).toEqual(done);
    expect(await desk.status(signalId)).toMatchObject({
      status: 'denied',
      code: 'RISK_TEST_ALERT',
      sentence: 'Not sent: it is a test, which would buy 50 AAPL: nothing else is against it.',
    });
    const decision = await desk.decision(signalId);
    expect(decision).toMatchObject({ quantity: '50', outcome: 'denied' });
    expect(decision!.verdicts.filter((one: { verdict: string }) => one.verdict === 'deny')).toHaveLength(1);
    expect(decision!.verdicts.length).toBeGreaterThan(30);
    expect(await desk.order(signalId)).toBeUndefined();
    // The same alert for real is not the second one of its bar.
    const real = await desk.signal();
    await desk.process(real);
    expect(await desk.status(real)).toMatchObject({ status: 'approved' });
  });

  it('says what else is against it, and the size that limits leave', async () => {
    const far = await desk.signal({ test: true, entryPrice: price('190'), stopLoss: price('180'), takeProfit: null });
    await desk.process(far);
    expect(await desk.status(far)).toMatchObject({ code: 'RISK_PRICE_AWAY' });
    const limit = {
      rule: 'max-order-value',
      scope: { kind: 'symbol', name: 'AMD' },
      on: true,
      severity: 'reduce',
    } as const;
    await desk.limits.set({ ...limit, parameters: { maxValue: '3000' } }, 0, { author: 'ada', reason: 'a test' });
    await desk.settings.refresh();
    const less = await desk.signal({ test: true, ticker: 'AMD' });
    await desk.process(less);
    expect((await desk.status(less))!.sentence).toContain('would buy 20 AMD');
  });

  it('of a reversal is judged in both its parts', async () => {
    await desk.hold(paper, 'TSLA', '40', '6000');
    const signalId = await desk.signal({
      ...{ ticker: 'TSLA', action: 'sell', side: 'sell', opposite: 'reverse', test: true },
      ...{ stopLoss: price('152'), takeProfit: price('145') },
    });
    await desk.process(signalId);
    expect(await desk.status(signalId)).toMatchObject({ code: 'RISK_TEST_ALERT' });
    const parts = new Set((await desk.decision(signalId))!.verdicts.map((one: { part: string }) => one.part));
    expect([...parts].sort()).toEqual(['entry', 'exit']);
    expect(await desk.order(signalId)).toBeUndefined();
  });
});

describe('a delay', () => {
  it('is waited for, then the alert is as young as if it had come then', async () => {
    const signalId = await desk.signal({ delaySeconds: 600 });
    expect(await desk.process(signalId)).toEqual({ kind: 'again', afterMs: 600_000 });
    await desk.clock.advance(200_000);
    expect(await desk.process(signalId)).toEqual({ kind: 'again', afterMs: 400_000 });
    await desk.clock.advance(400_000);
    expect(await desk.process(signalId)).toEqual(done);
    expect(await desk.status(signalId)).toMatchObject({ status: 'approved' });
  });

  it('holds up no alert that comes meanwhile', async () => {
    await desk.hold(paper, 'AAPL', '40', '6000');
    const later = await desk.signal({ delaySeconds: 60 });
    await desk.clock.advance(1000);
    const exit = await desk.signal({ action: 'exit', side: null, riskAmount: null });
    expect(await desk.process(exit)).toEqual(done);
    expect(await desk.status(exit)).toMatchObject({ status: 'approved' });
    expect(await desk.process(later)).toEqual({ kind: 'again', afterMs: 59_000 });
  });
});

describe('an expiry', () => {
  it('ends it, also when it was kept back for longer', async () => {
    const expiresAt = new Date(desk.clock.now().getTime() + 30_000);
    const inTime = await desk.signal({ expiresAt, ticker: 'MSFT' });
    await desk.process(inTime);
    expect(await desk.status(inTime)).toMatchObject({ status: 'approved' });
    const signalId = await desk.signal({ expiresAt, delaySeconds: 45 });
    await desk.clock.advance(45_000);
    await desk.process(signalId);
    expect(await desk.status(signalId)).toMatchObject({ status: 'denied', code: 'RISK_ALERT_EXPIRED' });
  });
});

describe('hours of entries', () => {
  it('are ignored where the alert asks for it and the strategy allows it', async () => {
    await desk.limit('trading-windows', { windows: [] }, { kind: 'symbol', name: 'NVDA' });
    const codes: (string | null)[] = [];
    for (const [at, allowed] of [false, true].entries()) {
      await desk.sql`update strategies set settings = ${desk.sql.json({ ignoreTradingWindows: allowed })} where key = 'momentum'`;
      await desk.settings.refresh();
      for (const ignoreTradingWindows of [false, true]) {
        const signalId = await desk.signal({ ticker: 'NVDA', ignoreTradingWindows, timeframe: `${at + 1}m` });
        await desk.process(signalId);
        codes.push((await desk.status(signalId))!.code);
      }
    }
    expect(codes).toEqual(['RISK_TRADING_WINDOW', 'RISK_TRADING_WINDOW', 'RISK_TRADING_WINDOW', null]);
  });
});

describe('terms that no venue takes together', () => {
  it.each([
    ['extended hours take limit orders', { extendedHours: true }],
    [
      'a stop order is for the day or until cancelled',
      { orderType: 'stop', stopPrice: price('151'), timeInForce: 'ioc' },
    ],
  ] as const)('%s', async (sentence, change) => {
    const signalId = await desk.signal(change);
    await desk.process(signalId);
    expect(await desk.status(signalId)).toMatchObject({
      code: 'RISK_TERMS_NOT_TAKEN',
      sentence: expect.stringContaining(sentence),
    });
  });

  it('are stored with the order where it takes them', async () => {
    const signalId = await desk.signal({
      ...{ orderType: 'limit', limitPrice: price('149.5'), extendedHours: true, stopLossLimit: price('147.5') },
    });
    await desk.process(signalId);
    expect(await desk.order(signalId)).toMatchObject({
      ...{ type: 'limit', limit_price: '149.5', time_in_force: 'day', extended_hours: true, order_class: 'simple' },
      ...{ stop_loss_price: '148', stop_loss_limit_price: '147.5' },
    });
  });
});

it('the collar holds for the price that the order can fill at', async () => {
  const signalId = await desk.signal({ orderType: 'limit', limitPrice: price('120'), stopLoss: price('118') });
  await desk.process(signalId);
  expect(await desk.status(signalId)).toMatchObject({ status: 'denied', code: 'RISK_PRICE_AWAY' });
});

// Invariants: a signal is decided once, whoever tries how often; two signals never spend the same exposure; no entry is approved
// after the kill switch was engaged; an alert waits only as long as it counts.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { money, price } from '../core/decimal.ts';
import { decisionIdOf } from '../core/ids.ts';
import { UnprocessableJob } from '../core/ports/job-data.ts';
import { createTestDatabase } from '../testing/database.ts';
import { openDecisionDesk, StubMarket } from '../testing/decision-desk.ts';
import { killWish } from '../testing/kill-switch.ts';
import { lastAttempt, mostLosses } from './process-signal.ts';
import { orderRule, type Rule } from './risk/rule.ts';

type Desk = Awaited<ReturnType<typeof openDecisionDesk>>;
let desk: Desk;
let paper: string;

beforeAll(async () => {
  desk = await openDecisionDesk(await createTestDatabase());
});
afterAll(() => desk.close());
beforeEach(async () => {
  desk.decided.length = 0;
  paper = await desk.account();
});
afterEach(async () => {
  // The account of a test is not the one of the next.
  await desk.sql`update accounts set enabled = false`;
  // Nor do its alerts that were never decided stand before those of the next.
  await desk.sql`update trading_signals set status = 'failed' where status = 'accepted'`;
  await desk.sql`delete from settings`;
  await desk.sql`delete from kill_switches`;
  await desk.settings.refresh();
});

const done = { kind: 'done' };
const short = { entryPrice: null, stopLoss: null, takeProfit: null } as const;

describe('two alerts of a strategy on a symbol', () => {
  it('are decided in the order in which they came, whoever takes up which job first', async () => {
    const first = await desk.signal();
    desk.clock.advance(1);
    const [second, other] = [await desk.signal(), await desk.signal({ ticker: 'MSFT' })];
    expect(await desk.process(second)).toMatchObject({ kind: 'again' });
    expect((await desk.status(second))!.status).toBe('accepted');
    expect(await desk.process(other)).toEqual(done);
    expect(await desk.process(first)).toEqual(done);
    expect(await desk.process(second)).toEqual(done);
    expect((await desk.status(second))!.status).not.toBe('accepted');
  });
});

describe('many alerts of a strategy on a symbol', () => {
  it('look again later the more there are before them, so that the first is not crowded out', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      ids.push(await desk.signal());
      desk.clock.advance(1);
    }
    const waits = async () => {
      const outcomes = await Promise.all(ids.slice(1).map((id) => desk.process(id)));
      return outcomes.map((one) => (one.kind === 'again' ? one.afterMs : 0));
    };
    expect(await waits()).toEqual([20, 40, 60, 80]);
    expect(await desk.process(ids.shift()!)).toEqual(done);
    expect(await waits()).toEqual([20, 40, 60]);
  });
});

describe('an approved signal', () => {
  it('becomes a bracket, with its decision, its job and its event, in the account of its mode', async () => {
    const id = await desk.signal({ ticker: 'AAPL' });
    expect(await desk.process(id)).toEqual(done);
    const order = await desk.order(id);
    // floor(100 / 2)
    expect(order).toMatchObject({
      account_id: paper,
      decision_id: decisionIdOf(id, paper),
      client_order_id: `sbx-${decisionIdOf(id, paper)}`,
      role: 'entry',
      symbol: 'AAPL',
      side: 'buy',
      type: 'market',
      order_class: 'bracket',
      time_in_force: 'gtc',
      quantity: '50',
      limit_price: null,
      stop_loss_price: '148',
      take_profit_price: '155',
      reference_price: '150',
      status: 'approved',
      mode: 'paper',
    });
    expect(await desk.decision(id)).toMatchObject({
      id: decisionIdOf(id, paper),
      outcome: 'approved',
      intent: 'entry',
      quantity: '50',
      quote: { bid: '149.99', ask: '150.01' },
      decided_at: desk.clock.now(),
    });
    expect((await desk.decision(id))!.verdicts).toHaveLength(desk.rules.filter((rule) => rule.on).length);
    expect(await desk.status(id)).toMatchObject({ status: 'approved', code: null, decided_at: desk.clock.now() });
    expect(await desk.events(id)).toEqual(['decision.approved']);
    expect(await desk.jobs(order!.id)).toHaveLength(1);
    expect(desk.decided).toHaveLength(1);
  });

  it('is sent with a limit on the venue’s grid where the strategy says so', async () => {
    const settings = { ...desk.settings, strategy: (key: string) => withSettings(key, { entryType: 'limit' }) };
    const id = await desk.signal({ entryPrice: price('150.0099') });
    await desk.process(id, { settings });
    expect(await desk.order(id)).toMatchObject({ type: 'limit', limit_price: '150', reference_price: '150.0099' });
  });

  it('is simple, and for the day, when it closes', async () => {
    await desk.hold(paper, 'KO', '80', '4800');
    const id = await desk.signal({ ...short, ticker: 'KO', side: 'sell' });
    await desk.process(id);
    expect(await desk.order(id)).toMatchObject({
      role: 'exit',
      side: 'sell',
      quantity: '80',
      type: 'market',
      order_class: 'simple',
      time_in_force: 'day',
      stop_loss_price: null,
      take_profit_price: null,
      reference_price: '149.99',
    });
  });

  it('closes without a quote too, near what the position cost', async () => {
    await desk.hold(paper, 'KO', '80', '4800');
    desk.market.quotes.set('KO', null);
    const id = await desk.signal({ ...short, ticker: 'KO', side: 'sell' });
    await desk.process(id);
    desk.market.quotes.delete('KO');
    expect(await desk.order(id)).toMatchObject({ role: 'exit', quantity: '80', reference_price: '60' });
  });

  it('closes an entry that is not filled yet', async () => {
    const entry = await desk.signal({ ticker: 'PEP' });
    await desk.process(entry);
    const exit = await desk.signal({ ...short, ticker: 'PEP', side: 'sell' });
    await desk.process(exit);
    expect(await desk.order(exit)).toMatchObject({ role: 'exit', side: 'sell', quantity: '50' });
    expect((await desk.decision(exit))!.sizing.sentence).toContain('50 of them not filled yet');
  });
});

it('of a strategy without routes stays with its account when another one is added, whatever that is called', async () => {
  const added = await desk.account('paper', '0 comes first by its name');
  const id = await desk.signal({ ticker: 'PEP' });
  await desk.process(id);
  expect((await desk.decision(id))!.account_id).not.toBe(added);
  await desk.sql`update accounts set enabled = false where id = ${added}`;
});

describe('a denied signal', () => {
  it('has its code, its sentence and every verdict, and no order', async () => {
    const id = await desk.signal({ ticker: 'NOSUCH' });
    await desk.process(id);
    const sentence = 'Not sent: the broker does not know the ticker NOSUCH.';
    expect(await desk.status(id)).toMatchObject({ status: 'denied', code: 'RISK_UNKNOWN_TICKER', sentence });
    expect(await desk.decision(id)).toMatchObject({ outcome: 'denied', code: 'RISK_UNKNOWN_TICKER', sentence });
    expect((await desk.decision(id))!.verdicts).toHaveLength(desk.rules.filter((rule) => rule.on).length);
    expect(await desk.order(id)).toBeUndefined();
    expect(await desk.events(id)).toEqual(['decision.denied']);
  });

  it('is one without an account, too, however many try', async () => {
    await desk.sql`update accounts set enabled = false`;
    const id = await desk.signal();
    await Promise.all(Array.from({ length: 8 }, () => desk.process(id)));
    expect(await desk.status(id)).toMatchObject({ status: 'denied', code: 'RISK_MODE' });
    expect(await desk.events(id)).toEqual(['decision.denied']);
  });
});

describe('once', () => {
  it('20 tries at the same time are one decision, one order, one job', async () => {
    const id = await desk.signal();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => desk.process(id)));
    expect(outcomes).toEqual(Array.from({ length: 20 }, () => done));
    expect(await desk.sql`select 1 from decisions where signal_id = ${id}`).toHaveLength(1);
    const orders = await desk.sql`select id from orders where signal_id = ${id}`;
    expect(orders).toHaveLength(1);
    expect(await desk.jobs(orders[0]!.id)).toHaveLength(1);
    expect(await desk.events(id)).toEqual(['decision.approved']);
    expect(desk.decided).toHaveLength(1);
  });

  it('a later try changes nothing, whatever has changed', async () => {
    const id = await desk.signal();
    await desk.process(id);
    await desk.killSwitches.engage(killWish());
    expect(await desk.process(id)).toEqual(done);
    expect((await desk.status(id))!.status).toBe('approved');
  });

  it('two signals of one bar are one order; a denied one does not count, nor one of another account', async () => {
    const denied = await desk.signal({ riskAmount: money('1') });
    await desk.process(denied);
    expect((await desk.status(denied))!.code).toBe('RISK_ZERO_QUANTITY');
    const ids = await Promise.all(Array.from({ length: 5 }, () => desk.signal()));
    const drive = async (id: string): Promise<void> => {
      while ((await desk.process(id)).kind === 'again');
    };
    await Promise.all(ids.map(drive));
    const codes = await Promise.all(ids.map(async (id) => (await desk.status(id))!.code));
    expect(codes.sort()).toEqual([...Array.from({ length: 4 }, () => 'RISK_DUPLICATE_IN_BAR'), null]);

    const other = [
      await desk.signal({ timeframe: '15m' }),
      await desk.signal({ timeframe: null }),
      await desk.signal({ strategy: 'breakout' }),
      await desk.signal({ firedAt: new Date(desk.clock.now().getTime() - 5 * 60_000) }),
    ];
    for (const id of other) await desk.process(id);
    expect(await Promise.all(other.map(async (id) => (await desk.decision(id))!.code))).not.toContain(
      'RISK_DUPLICATE_IN_BAR',
    );

    await desk.sql`update accounts set enabled = false`;
    await desk.account();
    const elsewhere = await desk.signal();
    await desk.process(elsewhere);
    expect((await desk.status(elsewhere))!.status).toBe('approved');
  });
});

describe('at the same time', () => {
  it('ten signals of 30 % each fill an account’s limit of 100 % three times, never four', async () => {
    await desk.limit('max-position', { maxShareOfEquity: '0.5' });
    // 200 shares at 150 are 30,000 of 100,000.
    const ids = await Promise.all(
      Array.from({ length: 10 }, (_, i) => desk.signal({ ticker: `T${i}`, riskAmount: money('400') })),
    );
    await Promise.all(ids.map((id) => desk.process(id)));
    const [sum] = await desk.sql`
      select count(*)::int as orders, sum(quantity * reference_price)::int as value from orders where account_id = ${paper}`;
    expect(sum).toEqual({ orders: 3, value: 90_000 });
    const denied = await Promise.all(ids.map(async (id) => (await desk.status(id))!.code));
    expect(denied.filter((code) => code === 'RISK_MAX_EXPOSURE')).toHaveLength(7);
  });

  it('a kill switch waits for the decision that is being made, and no entry is approved after it', async () => {
    const first = await desk.signal({ ticker: 'ONE' });
    const second = await desk.signal({ ticker: 'TWO' });
    const held = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    // Stops the decision halfway: it has read the kill switch's table, and waits for the positions.
    const obstacle = desk.sql.begin(async (tx) => {
      await tx`lock table equity_snapshots in access exclusive mode`;
      locked.resolve();
      await held.promise;
    });
    await locked.promise;
    const order: string[] = [];
    const deciding = desk.process(first).then(() => order.push('decided'));
    await waiting(1);
    const killing = desk.killSwitches.engage(killWish({ reason: 'stop' })).then(() => order.push('engaged'));
    await waiting(2);
    held.resolve();
    await Promise.all([obstacle, deciding, killing]);
    expect(order).toEqual(['decided', 'engaged']);
    expect((await desk.status(first))!.status).toBe('approved');
    await desk.process(second);
    expect(await desk.status(second)).toMatchObject({
      code: 'RISK_KILL_SWITCH',
      sentence: 'Not sent: the kill switch is on (stop).',
    });
  });
});

/** Each question is a round trip, so this does not spin. */
async function waiting(count: number): Promise<void> {
  const ask = () => desk.sql`
    select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`;
  while ((await ask()).length < count);
}

describe('the mode', () => {
  it('is production when all four say so, and the order goes to that account', async () => {
    const live = await desk.account('production');
    await desk.settings.change('mode.master', 'production', 'ada');
    await desk.settings.changeStrategy('live', { mode: 'production', settings: { shadow: false } }, 'ada');
    const id = await desk.signal({ requestedMode: 'production', strategy: 'live' });
    await desk.process(id);
    expect(await desk.order(id)).toMatchObject({ account_id: live, mode: 'production' });
    const doubted = await desk.signal({ requestedMode: 'production', strategy: 'momentum' });
    await desk.process(doubted);
    expect(await desk.order(doubted)).toMatchObject({ account_id: paper, mode: 'paper' });
    expect((await desk.decision(doubted))!.mode_reasons).toContainEqual({
      source: 'strategy',
      says: 'paper',
      sentence: 'The strategy momentum is set to paper.',
    });
  });

  it('is asked again when the master switch is turned meanwhile', async () => {
    const live = await desk.account('production');
    await desk.settings.changeStrategy('live', { mode: 'production', settings: { shadow: false } }, 'ada');
    const id = await desk.signal({ requestedMode: 'production', strategy: 'live' });
    const market = new StubMarket(desk.clock);
    // Another process turns it: our snapshot does not know yet.
    market.beforeQuote = async () => {
      market.beforeQuote = async () => undefined;
      await desk.sql`
        insert into settings (key, value, updated_by) values ('mode.master', '"production"', 'ada')`;
    };
    expect(await desk.process(id, { marketData: () => market })).toMatchObject({ kind: 'again' });
    expect((await desk.status(id))!.status).toBe('accepted');
    expect(await desk.process(id, { marketData: () => market })).toEqual(done);
    expect(await desk.order(id)).toMatchObject({ account_id: live, mode: 'production' });
  });
});

describe('what cannot be asked', () => {
  it('is waited for, longer and longer, for as long as the alert counts', async () => {
    const market = new StubMarket(desk.clock);
    market.down = true;
    const id = await desk.signal();
    const attempt = () => desk.process(id, { marketData: () => market });
    expect(await attempt()).toEqual({ kind: 'again', afterMs: 100 });
    await desk.clock.advance(4000);
    expect(await attempt()).toEqual({ kind: 'again', afterMs: 1000 });
    await desk.clock.advance(296_000);
    expect(await attempt()).toEqual({ kind: 'again', afterMs: 2000 });
    await desk.clock.advance(1);
    expect(await attempt()).toEqual(done);
    expect((await desk.status(id))!.code).toBe('RISK_ALERT_AGE');
  });

  it('is an account that was not compared yet, or has no way to its broker', async () => {
    const id = await desk.signal();
    expect(await desk.process(id, { ready: () => false })).toMatchObject({ kind: 'again' });
    const marketData = () => {
      throw new Error('no keys');
    };
    expect(await desk.process(id, { marketData })).toMatchObject({ kind: 'again' });
    await desk.clock.advance(300_001);
    expect(await desk.process(id, { ready: () => false })).toEqual(done);
    expect((await desk.status(id))!.code).toBe('RISK_ALERT_AGE');
  });

  it('is the price of what is held: it is asked for, and an unrealized loss counts', async () => {
    await desk.sql`
      insert into equity_snapshots (account_id, at, cash, position_value, equity, realized_pnl, unrealized_pnl)
      values (${paper}, ${new Date(desk.clock.now().getTime() - 86_400_000)}, '60000', '40000', '100000', '0', '0')`;
    await desk.pay(paper, '-40000');
    await desk.hold(paper, 'XOM', '400', '40000');
    const market = new StubMarket(desk.clock);
    // 400 shares at 92 are a loss of 3,200 since the morning: more than 3 %.
    market.put('XOM', '91.99', '92.01');
    const id = await desk.signal();
    await desk.process(id, { marketData: () => market });
    expect(market.asked).toEqual(['AAPL', 'XOM']);
    expect(await desk.status(id)).toMatchObject({
      code: 'RISK_DAILY_LOSS',
      sentence: "Not sent: the day's loss is 3200.00, the limit is 3000.00.",
    });
    const exit = await desk.signal({ ...short, ticker: 'XOM', side: 'sell' });
    await desk.process(exit, { marketData: () => market });
    expect((await desk.status(exit))!.status).toBe('approved');
  });
});

describe('a fault', () => {
  const broken = {
    sectorOf() {
      throw new Error('a defect');
    },
  };

  it('is tried again, and in the end the signal has failed, for a person to see', async () => {
    const id = await desk.signal();
    await expect(desk.process(id, broken, lastAttempt - 1)).rejects.toThrow('a defect');
    expect((await desk.status(id))!.status).toBe('accepted');
    await expect(desk.process(id, broken, lastAttempt)).rejects.toThrow('a defect');
    expect(await desk.status(id)).toMatchObject({
      status: 'failed',
      sentence: expect.stringContaining('nothing was sent'),
    });
    expect(await desk.events(id)).toEqual(['signal.failed']);
    expect(await desk.decision(id)).toBeUndefined();
  });

  it('that ends the server each time is given up once it has ended it too often', async () => {
    const id = await desk.signal();
    const other = await desk.signal();
    await expect(desk.process(id, {}, 1, mostLosses)).rejects.toThrow(UnprocessableJob);
    expect(await desk.status(id)).toMatchObject({
      status: 'failed',
      sentence: expect.stringContaining('ended 100 times'),
    });
    await desk.process(other, {}, 1, mostLosses - 1);
    expect((await desk.status(other))!.status).not.toBe('accepted');
  });

  it('keeps its job while the signal cannot be marked: those behind it would wait for ever', async () => {
    const id = await desk.signal();
    const decisions = { ...desk.decisions, fail: () => Promise.reject(new Error('the database is away')) };
    expect(await desk.process(id, { ...broken, decisions }, lastAttempt)).toEqual({ kind: 'again', afterMs: 2000 });
    expect((await desk.status(id))!.status).toBe('accepted');
    await expect(desk.process(id, broken, lastAttempt)).rejects.toThrow('a defect');
    expect((await desk.status(id))!.status).toBe('failed');
  });

  it('that was mended lets the failed signal be decided, when its job is brought back', async () => {
    const id = await desk.signal();
    await desk.process(id, broken, lastAttempt).catch(() => undefined);
    expect(await desk.process(id)).toEqual(done);
    expect((await desk.status(id))!.status).toBe('approved');
    expect(await desk.decisions.fail(id, 'too late')).toBe(false);
  });

  it('of a rule denies the entry with a code of its own, and lets an exit pass', async () => {
    const failing: Rule = orderRule({
      ...{ key: 'failing', order: 1, name: 'Fails', says: 'It fails.', parameters: {}, scopes: ['everything'] },
      ...{ severities: ['deny'], on: 'always' },
      evaluate() {
        throw new Error('no such figure');
      },
    });
    const rules = [failing, ...desk.rules];
    const entry = await desk.signal();
    await desk.process(entry, { rules });
    expect(await desk.status(entry)).toMatchObject({
      ...{ status: 'denied', code: 'RISK_RULE_FAILED' },
      sentence: 'Not sent: the rule failed (no such figure).',
    });
    await desk.hold(await desk.account(), 'KO', '10', '600');
    const exit = await desk.signal({ ticker: 'KO', side: 'sell' });
    await desk.process(exit, { rules });
    expect((await desk.status(exit))!.status).toBe('approved');
  });

  it('of an unknown signal can never be carried out', async () => {
    await expect(desk.process('00000000-0000-4000-8000-000000000000')).rejects.toThrow(UnprocessableJob);
  });
});

const withSettings = (key: string, change: object) => {
  const strategy = desk.settings.strategy(key);
  return { ...strategy, settings: { ...strategy.settings, ...change } };
};

// Invariants: an alert has one decision for each account it goes to, whatever stops the one who decides and whenever; where it goes is
// set down with its first decision; it is approved when one account approved it, and denied only when all have denied it.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DecisionStore } from '../core/ports/decision-store.ts';
import { createTestDatabase } from '../testing/database.ts';
import { openDecisionDesk } from '../testing/decision-desk.ts';

type Desk = Awaited<ReturnType<typeof openDecisionDesk>>;
let desk: Desk;
let first: string;
let second: string;
const routed = (...routes: [account: string, weight: string][]) =>
  desk.settings.changeStrategy(
    'momentum',
    { settings: { routes: routes.map(([account, weight]) => ({ account, weight })) } },
    'ada',
  );

beforeAll(async () => {
  desk = await openDecisionDesk(await createTestDatabase());
});
afterAll(() => desk.close());
beforeEach(async () => {
  first = await desk.account();
  second = await desk.account();
  await routed([first, '1'], [second, '0.5']);
});
afterEach(async () => {
  await desk.sql`update accounts set enabled = false`;
  await desk.sql`delete from settings`;
  await desk.settings.refresh();
});

const decisionsOf = (signalId: string) => desk.sql<
  { account: string; outcome: string; quantity: string; weight: string }[]
>`
  select account_id as account, outcome, trim_scale(quantity)::text as quantity, weight::text from decisions
  where signal_id = ${signalId} order by quantity desc`;
const ordersOf = (signalId: string) => desk.sql`select account_id from orders where signal_id = ${signalId}`;
/** A store that dies when it is asked to decide for one of the accounts. */
const dyingFor = (accountId: string): DecisionStore => ({
  ...desk.decisions,
  async decide(signal, asked, ...rest) {
    if (asked === accountId) throw new Error('the process was killed');
    return desk.decisions.decide(signal, asked, ...rest);
  },
});

describe('an alert of a strategy with two routes', () => {
  it('has a decision and an order for each, by its weight', async () => {
    const id = await desk.signal({ ticker: 'AAPL' });
    await desk.process(id);
    // floor(100 / 2) and floor(50 / 2)
    expect(await decisionsOf(id)).toEqual([
      { account: first, outcome: 'approved', quantity: '50', weight: '1' },
      { account: second, outcome: 'approved', quantity: '25', weight: '0.5' },
    ]);
    expect(await ordersOf(id)).toHaveLength(2);
    expect(await desk.events(id)).toEqual(['decision.approved', 'decision.approved']);
  });

  it.each([1, 2])('goes on with the rest after a crash before decision %d, and decides nothing twice', async (dead) => {
    const id = await desk.signal({ ticker: 'AAPL' });
    const dying = dead === 1 ? first : second;
    await expect(desk.process(id, { decisions: dyingFor(dying) })).rejects.toThrow('killed');
    expect(await decisionsOf(id)).toHaveLength(1);
    expect((await desk.status(id))!.status).toBe('approved');
    // Who was routed to meanwhile is not the alert's.
    await routed([await desk.account(), '1']);
    await Promise.all([desk.process(id), desk.process(id), desk.process(id)]);
    expect((await decisionsOf(id)).map((one) => one.account)).toEqual([first, second]);
    expect(await ordersOf(id)).toHaveLength(2);
    await desk.process(id);
    expect(await decisionsOf(id)).toHaveLength(2);
  });

  it('waits for the account that is not ready, while the other one trades', async () => {
    const id = await desk.signal({ ticker: 'AAPL' });
    const outcome = await desk.process(id, { ready: (accountId) => accountId !== second });
    expect(outcome.kind).toBe('again');
    expect((await decisionsOf(id)).map((one) => one.account)).toEqual([first]);
    await desk.process(id);
    expect(await decisionsOf(id)).toHaveLength(2);
  });

  it('is approved when one account approves it', async () => {
    await desk.limit('max-order-value', { maxValue: '4000' }, { kind: 'account', name: first });
    const id = await desk.signal({ ticker: 'AAPL' });
    await desk.process(id);
    expect((await decisionsOf(id)).map((one) => one.outcome)).toEqual(['denied', 'approved']);
    expect(await desk.status(id)).toMatchObject({ status: 'approved', code: null });
  });

  it('is denied when all deny it, for the first one’s reason, and not before', async () => {
    await desk.limit('max-order-value', { maxValue: '10' }, { kind: 'account', name: first });
    await desk.limit('max-position', { maxShareOfEquity: '0' }, { kind: 'account', name: second });
    const id = await desk.signal({ ticker: 'AAPL' });
    await expect(desk.process(id, { decisions: dyingFor(second) })).rejects.toThrow('killed');
    expect((await desk.status(id))!.status).toBe('accepted');
    await desk.process(id);
    expect(await desk.status(id)).toMatchObject({ status: 'denied', code: 'RISK_MAX_ORDER_VALUE' });
  });

  it('is refused by an account that is switched off, in words, and does not go elsewhere', async () => {
    await desk.sql`update accounts set enabled = false where id = ${second}`;
    await routed([second, '1']);
    const id = await desk.signal({ ticker: 'AAPL' });
    await desk.process(id);
    expect(await decisionsOf(id)).toMatchObject([{ account: second, outcome: 'denied' }]);
    expect((await desk.status(id))!.sentence).toContain('is switched off');
  });
});

describe('an exit', () => {
  it('closes what its strategy holds in each of its accounts, and nothing of another’s', async () => {
    await desk.hold(first, 'KO', '80', '4800');
    await desk.hold(first, 'KO', '20', '1200', 'other');
    await desk.hold(second, 'KO', '40', '2400');
    const id = await desk.signal({
      ...{ entryPrice: null, stopLoss: null, takeProfit: null },
      ticker: 'KO',
      side: 'sell',
    });
    await desk.process(id);
    expect(await decisionsOf(id)).toMatchObject([
      { account: first, quantity: '80' },
      { account: second, quantity: '40' },
    ]);
  });
});

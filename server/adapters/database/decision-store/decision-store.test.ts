// Invariants: the view is what the database says under the lock; a decision, its order, its job and its events are stored together or
// not at all, and once.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { money, price, quantity } from '../../../core/decimal.ts';
import { decisionIdOf } from '../../../core/ids.ts';
import { everything } from '../../../core/model/risk-limit.ts';
import type { DecisionToStore, LockedView } from '../../../core/ports/decision-store.ts';
import { approvedOrder } from '../../../testing/approved-order.ts';
import { createTestDatabase } from '../../../testing/database.ts';
import { openDecisionDesk } from '../../../testing/decision-desk.ts';
import { createLimitStore } from '../limit-store/limit-store.ts';
import { createDecisionStore } from './decision-store.ts';

type Desk = Awaited<ReturnType<typeof openDecisionDesk>>;
let desk: Desk;
let accountId: string;
const bar = { start: new Date('2026-11-20T15:00:00Z'), end: new Date('2026-11-20T15:05:00Z') };

beforeAll(async () => {
  desk = await openDecisionDesk(await createTestDatabase());
});
afterAll(() => desk.close());
beforeEach(async () => {
  accountId = await desk.account();
});
afterEach(() => desk.sql`delete from settings`);

/** What the decision would be made on. */
async function view(): Promise<LockedView> {
  const found = await desk.decisions.signal(await desk.signal());
  let seen: LockedView | null = null;
  await desk.decisions.decide(found!, accountId, bar, (locked) => {
    seen = locked;
    return null;
  });
  return seen!;
}

function approval(signalId: string): DecisionToStore {
  const decisionId = decisionIdOf(signalId, accountId);
  return {
    decisionId,
    mode: 'paper',
    modeReasons: [],
    intent: 'entry',
    side: 'buy',
    sizing: {
      method: 'risk_per_share',
      riskAmount: '100',
      entryPrice: '150',
      entryFrom: 'alert',
      stopLoss: '148',
      stopFrom: 'alert',
      takeProfit: null,
      takeProfitFrom: null,
      riskPerShare: '2',
      quantity: '50',
      sentence: '100 at risk / 2 a share = 50 shares.',
    },
    verdicts: [],
    quote: null,
    startedAt: desk.clock.now(),
    decidedAt: desk.clock.now(),
    outcome: {
      kind: 'approved',
      orders: [
        approvedOrder({
          decisionId,
          signalId,
          accountId,
          clientOrderId: `sbx-${decisionId}`,
          stopLoss: price('148'),
        }),
      ],
      cancels: [],
      moves: [],
      withheld: null,
    },
  };
}

/** An order of an approved decision, changed in the database to what a test needs. */
async function order(change: Record<string, string | Date | null>): Promise<string> {
  const signalId = await desk.signal({ timeframe: null });
  const found = await desk.decisions.signal(signalId);
  await desk.decisions.decide(found!, accountId, bar, () => approval(signalId));
  const [row] = await desk.sql`update orders set ${desk.sql(change)} where signal_id = ${signalId} returning id`;
  return row!.id;
}

describe('the view', () => {
  it('has cash, positions with costs without sign, and the defaults of what was never set', async () => {
    await desk.pay(accountId, '-1500.5');
    await desk.hold(accountId, 'MSFT', '10', '4000');
    await desk.hold(accountId, 'TSLA', '-5', '-1500');
    await desk.hold(accountId, 'GONE', '0', '0');
    const { account, ...rest } = await view();
    expect(account).toMatchObject({ accountId, mode: 'paper', enabled: true, cash: money('98499.5') });
    expect(account!.brokerBuyingPower).toBeNull();
    expect(account!.equityAtDayStart).toBeNull();
    const positions = [...account!.positions].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
    expect(positions).toMatchObject([
      { symbol: 'MSFT', quantity: quantity('10'), cost: money('4000') },
      { symbol: 'TSLA', quantity: quantity('-5'), cost: money('1500') },
    ]);
    expect(rest).toEqual({
      killSwitches: [],
      limits: [],
      activity: { entries: [], trades: [], equityAtWeekStart: null, peakEquity: null, paidIn: null, dayTrades: 0 },
      master: 'paper',
      approvedInBar: null,
      sequence: { quarantine: null, waiting: false, overtaken: false, apart: null },
    });
  });

  it('has the limits that people set, each in its newest version', async () => {
    const limits = createLimitStore({ sql: desk.sql, clock: desk.clock });
    const wish = {
      ...{ rule: 'max-open-orders', scope: everything, on: true, severity: 'deny' as const },
      parameters: { maxOrders: 3 },
    };
    await limits.set(wish, 0, { author: 'ada', reason: 'a quiet week' });
    await limits.set({ ...wish, parameters: { maxOrders: 4 } }, 1, { author: 'ada', reason: 'less quiet' });
    const symbol = { kind: 'symbol' as const, name: 'KO' };
    await limits.set({ ...wish, scope: symbol }, 0, { author: 'ada', reason: 'for a day' });
    await limits.remove('max-open-orders', symbol, 1, { author: 'ada', reason: 'the day is over' });
    expect((await view()).limits).toMatchObject([{ ...wish, parameters: { maxOrders: 4 }, version: 2 }]);
  });

  it('has the equity that New York’s day began with', async () => {
    const snapshot = (at: string, equity: string) => desk.sql`
      insert into equity_snapshots (account_id, at, cash, position_value, equity, realized_pnl, unrealized_pnl)
      values (${accountId}, ${at}, ${equity}, '0', ${equity}, '0', '0')`;
    // It is 10:00 in New York on the 20th, which began at 05:00Z.
    await snapshot('2026-11-20T05:00:00Z', '103');
    expect((await view()).account!.equityAtDayStart).toEqual(money('103'));
    await snapshot('2026-11-20T04:59:59Z', '102');
    await snapshot('2026-11-19T12:00:00Z', '101');
    expect((await view()).account!.equityAtDayStart).toEqual(money('102'));
  });

  it('has open orders, and says which of them the broker’s buying power counts already', async () => {
    const now = desk.clock.now().getTime();
    const [before, seen, after] = [-1000, 0, 1000].map((ms) => new Date(now + ms)) as [Date, Date, Date];
    await desk.sql`
      update accounts set broker_buying_power = '50000', broker_seen_at = ${seen} where id = ${accountId}`;
    const known = await order({
      status: 'accepted',
      acknowledged_at: before,
      filled_quantity: '4',
      filled_cost: '600',
    });
    const unknown = await order({ status: 'submitting', acknowledged_at: null });
    const newer = await order({ status: 'accepted', acknowledged_at: after });
    await order({ status: 'filled', acknowledged_at: before, filled_quantity: '10', filled_cost: '1500' });
    await order({ status: 'canceled', acknowledged_at: null });
    // Filled since the broker told: what it has cost is gone from the figure.
    await order({ status: 'filled', acknowledged_at: after, filled_quantity: '10', filled_cost: '1501.25' });
    const { account } = await view();
    expect(account!.brokerBuyingPower).toEqual(money('48498.75'));
    const orders = account!.openOrders.map((one) => [one.orderId, one.remaining.toFixed(), one.countedByBroker]);
    expect(new Map(orders.map(([id, ...rest]) => [id, rest]))).toEqual(
      new Map([
        [known, ['6', true]],
        [unknown, ['10', false]],
        [newer, ['10', false]],
      ]),
    );
  });

  it('has no account where there is none', async () => {
    accountId = '00000000-0000-4000-8000-000000000000';
    expect((await view()).account).toBeNull();
  });
});

describe('storing', () => {
  it('stores nothing when nothing was decided, and once what was', async () => {
    const committed = vi.fn();
    const store = createDecisionStore({ sql: desk.sql, jobs: desk.queue, clock: desk.clock, committed });
    const signalId = await desk.signal();
    const found = (await store.signal(signalId))!;
    expect(await store.decide(found, accountId, bar, () => null)).toBe(false);
    expect(committed).not.toHaveBeenCalled();
    expect((await desk.status(signalId))!.status).toBe('accepted');

    expect(await store.decide(found, accountId, bar, () => approval(signalId))).toBe(true);
    expect(committed).toHaveBeenCalledOnce();
    const again = vi.fn(() => approval(signalId));
    expect(await store.decide(found, accountId, bar, again)).toBe(false);
    expect(again).not.toHaveBeenCalled();
    expect(committed).toHaveBeenCalledOnce();
    expect(await desk.order(signalId)).toMatchObject({
      order_class: 'oto',
      stop_loss_price: '148',
      status: 'approved',
    });
  });

  it('leaves nothing behind when the job cannot be written', async () => {
    const text = 'insert into no_such_table values (1)';
    const jobs = { insert: () => ({ text, values: [] }), insertFrom: () => `${text} returning 1` };
    const store = createDecisionStore({ sql: desk.sql, jobs, clock: desk.clock });
    const signalId = await desk.signal();
    const found = (await store.signal(signalId))!;
    await expect(store.decide(found, accountId, bar, () => approval(signalId))).rejects.toThrow('no_such_table');
    expect(await desk.decision(signalId)).toBeUndefined();
    expect(await desk.order(signalId)).toBeUndefined();
    expect(await desk.events(signalId)).toEqual([]);
    expect((await desk.status(signalId))!.status).toBe('accepted');
  });

  it('marks as failed what has no decision, once, with its event', async () => {
    const signalId = await desk.signal();
    expect(await desk.decisions.fail(signalId, 'It could not be decided.')).toBe(true);
    expect(await desk.decisions.fail(signalId, 'Again.')).toBe(false);
    expect(await desk.status(signalId)).toMatchObject({ status: 'failed', sentence: 'It could not be decided.' });
    expect(await desk.events(signalId)).toEqual(['signal.failed']);
  });
});

// Invariants: what a person is asked is sent only as it was asked, at most as much, at about the price, once, and only after everybody who is
// needed said yes in time; every other end is told with its code. An exit waits for nobody, and takes back the entry that waits.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDecisionStore } from '../adapters/database/decision-store/decision-store.ts';
import { quantity } from '../core/decimal.ts';
import type { VoteVerdict } from '../core/model/approval.ts';
import type { ApprovalSettings, StrategySettings } from '../core/model/settings.ts';
import { createTestDatabase } from '../testing/database.ts';
import { openDecisionDesk } from '../testing/decision-desk.ts';
import { killWish } from '../testing/kill-switch.ts';

type Desk = Awaited<ReturnType<typeof openDecisionDesk>>;
let desk: Desk;
let paper: string;

beforeAll(async () => {
  desk = await openDecisionDesk(await createTestDatabase());
});
afterAll(() => desk.close());
beforeEach(async () => {
  paper = await desk.account();
});
afterEach(async () => {
  await desk.sql`update accounts set enabled = false`;
  // What it holds there is not what its next test's alerts are about.
  await desk.sql`update orders set status = 'canceled'`;
  await desk.sql`delete from strategy_positions`;
  await desk.sql`delete from positions`;
  await desk.sql`delete from settings`;
  await desk.sql`delete from strategies where key <> 'default'`;
  await desk.sql`delete from kill_switches`;
  await desk.settings.refresh();
  desk.market.quotes.clear();
  desk.market.down = false;
});

const done = { kind: 'done' };
const asking = (approval: StrategySettings['approval'] = { when: 'always', notional: null }, strategy = 'momentum') =>
  desk.settings.changeStrategy(strategy, { settings: { approval } }, 'ada');
const terms = (change: Partial<ApprovalSettings>) =>
  desk.settings.change('approvals', { ...desk.settings.current().approvals, ...change }, 'ada');
/** An alert of a strategy that asks for every entry, as it waits. */
const held = async (change: Parameters<Desk['signal']>[0] = {}) => {
  const signalId = await desk.signal(change);
  expect(await desk.process(signalId)).toEqual(done);
  const approval = (await desk.approvalOf(signalId))!;
  return { signalId, id: approval.id, approval };
};
const vote = (id: string, name: string, verdict: VoteVerdict = 'approve', reason: string | null = null) =>
  desk.approvals.vote(id, { voter: `id of ${name}`, name, verdict, reason, at: desk.clock.now() });
const now = async (signalId: string) => ({
  status: (await desk.status(signalId))!.status,
  ...((await desk.decision(signalId)) as { outcome: string; code: string | null; sentence: string | null }),
});

describe('an entry that waits for a person', () => {
  it('is held: nothing is sent, a person is called, and its decision and alert say why', async () => {
    await asking();
    const { signalId, id, approval } = await held();
    expect(await now(signalId)).toMatchObject({ status: 'waiting', outcome: 'held', code: 'RISK_NEEDS_APPROVAL' });
    expect((await desk.status(signalId))!.sentence).toBe('Waits for a person: every entry of momentum does.');
    expect(await desk.order(signalId)).toBeUndefined();
    expect(await desk.events(signalId)).toEqual(['decision.held']);
    expect(approval).toMatchObject({
      ...{ state: 'open', side: 'buy', votesNeeded: 1, votes: [], settledAt: null, askedAt: desk.clock.now() },
      ...{ sizing: { quantity: '50' }, asks: [{ rule: 'approval', code: 'RISK_NEEDS_APPROVAL' }] },
    });
    expect(approval.price.toString()).toBe('150');
    expect(await desk.settle(id)).toEqual({ kind: 'again', afterMs: 300_000 });
    expect(desk.alarms.get(`approval:${id}`)).toBe(
      'BUY 50 AAPL at about 150 of momentum waits for a person. Nothing is sent without an answer within 5 minutes.',
    );
  });

  it('has its order, once, when it is approved: by today’s market, and its age is counted at the ask', async () => {
    await asking();
    const { signalId, id } = await held();
    await desk.settle(id);
    // The alert would be too old by now.
    await desk.clock.advance(299_000);
    desk.market.put('AAPL', '150.09', '150.11');
    expect(await vote(id, 'Ada')).toMatchObject({ kind: 'counted', approval: { state: 'approved' } });
    expect(desk.alarms.has(`approval:${id}`)).toBe(true);
    await Promise.all([desk.settle(id), desk.settle(id)]);
    expect(await now(signalId)).toMatchObject({ status: 'approved', outcome: 'approved', code: null, sentence: null });
    const { verdicts, quote } = (await desk.decision(signalId))!;
    expect(quote).toMatchObject({ bid: '150.09' });
    expect(verdicts).toContainEqual(
      expect.objectContaining({ verdict: 'ask', sentence: 'Approved by Ada: every entry of momentum does.' }),
    );
    expect(verdicts).toContainEqual(
      expect.objectContaining({
        ...{ rule: 'approval-price', verdict: 'pass' },
        sentence: 'The price moved from 150 to 150.1 while it waited for a person.',
      }),
    );
    const order = await desk.order(signalId);
    expect(order).toMatchObject({ quantity: '50', status: 'approved' });
    expect(await desk.jobs(order!.id)).toHaveLength(1);
    expect(await desk.events(signalId)).toEqual(['decision.held', 'approval.given', 'decision.approved']);
    expect(desk.alarms.has(`approval:${id}`)).toBe(false);
    expect(await desk.settle(id)).toEqual(done);
    expect(await desk.sql`select from orders where signal_id = ${signalId}`).toHaveLength(1);
  });

  it('is denied when its alert has expired by the time that it is approved', async () => {
    await asking();
    const { signalId, id } = await held({ expiresAt: new Date(desk.clock.now().getTime() + 60_000) });
    await desk.settle(id);
    await desk.clock.advance(60_000);
    desk.market.put('AAPL', '149.99', '150.01');
    await vote(id, 'Ada');
    await desk.settle(id);
    expect(await now(signalId)).toMatchObject({ status: 'denied', outcome: 'denied', code: 'RISK_ALERT_EXPIRED' });
    expect(await desk.order(signalId)).toBeUndefined();
  });

  it('is denied when nobody answers in time, and takes no vote from then on, whether it was ended or not', async () => {
    await asking();
    const { signalId, id } = await held();
    await desk.settle(id);
    await desk.clock.advance(300_000);
    expect(await vote(id, 'Ada')).toMatchObject({ kind: 'problem', problem: 'expired' });
    expect(await desk.settle(id)).toEqual(done);
    expect(await now(signalId)).toMatchObject({
      ...{ status: 'denied', outcome: 'denied', code: 'RISK_APPROVAL_EXPIRED' },
      sentence: 'Not sent: nobody answered within 5 minutes.',
    });
    expect(await desk.events(signalId)).toEqual(['decision.held', 'approval.expired', 'decision.denied']);
    expect(desk.alarms.has(`approval:${id}`)).toBe(false);
    expect(await vote(id, 'Ada')).toMatchObject({ kind: 'problem', problem: 'ended' });
    expect(await desk.order(signalId)).toBeUndefined();
  });

  it('is denied by one no, with its reason', async () => {
    await asking();
    await terms({ twoAbove: '1000' });
    const { signalId, id } = await held();
    await vote(id, 'Ada');
    await vote(id, 'Ben', 'reject', 'Earnings are tonight.');
    await desk.settle(id);
    expect(await now(signalId)).toMatchObject({
      ...{ status: 'denied', outcome: 'denied', code: 'RISK_APPROVAL_REFUSED' },
      sentence: 'Not sent: Ben said no: Earnings are tonight.',
    });
    expect(await desk.events(signalId)).toEqual([
      ...['decision.held', 'approval.given', 'approval.refused', 'decision.denied'],
    ]);
  });

  it('needs two people above an amount, and nobody is two people', async () => {
    await asking();
    await terms({ twoAbove: '7499.99' });
    const { signalId, id, approval } = await held();
    expect(approval.votesNeeded).toBe(2);
    expect(await vote(id, 'Ada')).toMatchObject({ kind: 'counted', approval: { state: 'open' } });
    expect(await vote(id, 'Ada')).toMatchObject({ kind: 'problem', problem: 'voted' });
    const both = await Promise.all([vote(id, 'Ada'), vote(id, 'Ada')]);
    expect(both.map((one) => one!.kind)).toEqual(['problem', 'problem']);
    await desk.settle(id);
    expect((await now(signalId)).outcome).toBe('held');
    expect(await vote(id, 'Ben')).toMatchObject({ kind: 'counted', approval: { state: 'approved' } });
    await desk.settle(id);
    expect(await now(signalId)).toMatchObject({ outcome: 'approved' });
    expect((await desk.decision(signalId))!.verdicts).toContainEqual(
      expect.objectContaining({ sentence: 'Approved by Ada and Ben: every entry of momentum does.' }),
    );
    await terms({ twoAbove: '7500' });
    expect((await held({ ticker: 'MSFT' })).approval.votesNeeded).toBe(1);
  });
});

describe('what was approved is judged anew', () => {
  it.each([
    ['150.74', '150.76', 'approved'],
    ['150.75', '150.77', 'denied'],
    ['149.24', '149.26', 'approved'],
    ['149.23', '149.25', 'denied'],
  ])('at %s to %s, where the limit is half a per cent of 150, it is %s', async (bid, ask, outcome) => {
    await asking();
    const { signalId, id } = await held({ entryPrice: null, stopLoss: null, takeProfit: null });
    desk.market.put('AAPL', bid, ask);
    await vote(id, 'Ada');
    await desk.settle(id);
    expect(await now(signalId)).toMatchObject({ outcome });
    if (outcome === 'denied') expect((await now(signalId)).code).toBe('RISK_APPROVAL_PRICE');
  });

  it('and denied where there is no price to compare', async () => {
    await asking();
    const { signalId, id } = await held();
    await vote(id, 'Ada');
    desk.market.quotes.set('AAPL', null);
    await desk.settle(id);
    expect((await now(signalId)).outcome).toBe('denied');
  });

  it('by every limit as it is then: one that was lowered meanwhile, and the kill switch', async () => {
    await asking(undefined, 'lowered');
    const first = await held({ strategy: 'lowered' });
    await vote(first.id, 'Ada');
    await desk.limit('max-order-value', { maxValue: '7000' }, { kind: 'strategy', name: 'lowered' });
    await desk.settle(first.id);
    expect((await now(first.signalId)).code).toBe('RISK_MAX_ORDER_VALUE');

    await asking(undefined, 'killed');
    const second = await held({ strategy: 'killed' });
    await vote(second.id, 'Ada');
    await desk.killSwitches.engage(killWish());
    await desk.settle(second.id);
    expect((await now(second.signalId)).code).toBe('RISK_KILL_SWITCH');
  });

  it('by a limit that asks, whose answer counts; one that asks since then has no answer', async () => {
    const scope = { kind: 'strategy', name: 'large' } as const;
    await desk.limit('max-order-value', { maxValue: '7000' }, scope, 'ask');
    const asked = await held({ strategy: 'large' });
    expect(asked.approval.asks).toMatchObject([{ rule: 'max-order-value', code: 'RISK_MAX_ORDER_VALUE' }]);
    await vote(asked.id, 'Ada');
    await desk.settle(asked.id);
    expect((await now(asked.signalId)).outcome).toBe('approved');

    const later = await held({ strategy: 'large', ticker: 'MSFT' });
    await vote(later.id, 'Ada');
    await asking(undefined, 'large');
    await desk.settle(later.id);
    expect(await now(later.signalId)).toMatchObject({
      ...{ outcome: 'denied', code: 'RISK_NEEDS_APPROVAL' },
      sentence: 'Not sent: what it was approved for has changed. Every entry of large does.',
    });
  });

  it('and never becomes larger than what was asked, though it may become smaller', async () => {
    await asking();
    const worth = (value: string) =>
      desk.settings.changeStrategy(
        'momentum',
        { settings: { sizing: { method: 'fixed-notional', parameters: { value } } } },
        'ada',
      );
    // 100 at 150.01; 101 at 149.31.
    await worth('15100');
    const short = { riskAmount: null, entryPrice: null, stopLoss: null, takeProfit: null } as const;
    const up = await held(short);
    const asked = up.approval.sizing.quantity;
    desk.market.put('AAPL', '149.29', '149.31');
    await vote(up.id, 'Ada');
    await desk.settle(up.id);
    expect((await desk.order(up.signalId))!.quantity).toBe(asked);
    expect(asked).toBe('100');
    // 100 at 150.01; 99 at 150.71.
    await worth('15010');
    const down = await held({ ...short, ticker: 'MSFT' });
    desk.market.put('MSFT', '150.69', '150.71');
    await vote(down.id, 'Ada');
    await desk.settle(down.id);
    expect([down.approval.sizing.quantity, (await desk.order(down.signalId))!.quantity]).toEqual(['100', '99']);
  });

  it('and reserves nothing while it waits: what others took meanwhile is not there any more', async () => {
    await asking(undefined, 'asks');
    await desk.limit('max-exposure', { maxShareOfEquity: '0.1' }, { kind: 'account', name: paper });
    const waiting = await held({ strategy: 'asks' });
    const quick = await desk.signal({ strategy: 'quick', ticker: 'MSFT' });
    await desk.process(quick);
    expect((await now(quick)).outcome).toBe('approved');
    await vote(waiting.id, 'Ada');
    await desk.settle(waiting.id);
    expect(await now(waiting.signalId)).toMatchObject({ outcome: 'denied', code: 'RISK_MAX_EXPOSURE' });
  });

  it('once its market can be asked', async () => {
    await asking();
    const { signalId, id } = await held();
    await vote(id, 'Ada');
    desk.market.down = true;
    expect(await desk.settle(id)).toMatchObject({ kind: 'again' });
    expect((await now(signalId)).outcome).toBe('held');
    desk.market.down = false;
    expect(await desk.settle(id)).toEqual(done);
    expect((await now(signalId)).outcome).toBe('approved');
  });

  it('or denied when it cannot for long', async () => {
    await asking();
    const { signalId, id } = await held();
    await vote(id, 'Ada');
    desk.market.down = true;
    await desk.clock.advance(60_000);
    expect(await desk.settle(id)).toEqual(done);
    expect((await now(signalId)).outcome).toBe('denied');
  });
});

describe('who is asked', () => {
  it('is nobody for an exit, whatever strategy and limits say', async () => {
    await asking();
    await desk.limit('alert-age', { maxAgeSeconds: 5 }, { kind: 'strategy', name: 'momentum' }, 'ask');
    await desk.hold(paper, 'KO', '80', '4800');
    const signalId = await desk.signal({ ticker: 'KO', action: 'exit', side: null, entryPrice: null, stopLoss: null });
    await desk.clock.advance(10_000);
    await desk.process(signalId);
    expect(await now(signalId)).toMatchObject({ status: 'approved', outcome: 'approved' });
    expect(await desk.approvalOf(signalId)).toBeNull();
  });

  it('is a person above the strategy’s amount, and not at it', async () => {
    await asking({ when: 'above', notional: '7500' });
    const at = await desk.signal();
    await desk.process(at);
    expect((await now(at)).outcome).toBe('approved');
    await asking({ when: 'above', notional: '7499.99' });
    const above = await held({ ticker: 'MSFT' });
    expect(above.approval.asks[0]!.sentence).toBe(
      'Waits for a person: it is worth 7500.00, and entries of momentum above 7499.99 do.',
    );
  });

  it('is a person, or two, for real money where the settings say so', async () => {
    const production = await desk.account('production');
    await desk.settings.change('mode.master', 'production', 'ada');
    await desk.settings.changeStrategy('momentum', { mode: 'production', settings: { shadow: false } }, 'ada');
    await terms({ inProduction: true, twoInProduction: true });
    const { approval } = await held({ requestedMode: 'production' });
    expect(approval).toMatchObject({ accountId: production, votesNeeded: 2 });
    expect(approval.asks[0]!.sentence).toBe('Waits for a person: every entry with real money does.');
    // On paper nobody is.
    const signalId = await desk.signal({ ticker: 'MSFT' });
    await desk.process(signalId);
    expect((await now(signalId)).outcome).toBe('approved');
  });

  it('is nobody for a shadow, which goes along on paper', async () => {
    await desk.account('production');
    await desk.settings.change('mode.master', 'production', 'ada');
    await asking();
    await desk.settings.changeStrategy('momentum', { mode: 'production' }, 'ada');
    const signalId = await desk.signal({ requestedMode: 'production' });
    await desk.process(signalId);
    const decisions =
      await desk.sql`select shadow, outcome from decisions where signal_id = ${signalId} order by shadow`;
    expect(decisions).toMatchObject([
      { shadow: false, outcome: 'held' },
      { shadow: true, outcome: 'approved' },
    ]);
    expect((await desk.status(signalId))!.status).toBe('waiting');
  });
});

describe('what comes while an entry waits', () => {
  it('is decided: alerts behind it do not wait for a person', async () => {
    await asking();
    await held();
    const later = await desk.signal({ ticker: 'AAPL', timeframe: '1m' });
    expect(await desk.process(later)).toEqual(done);
    expect((await now(later)).status).toBe('waiting');
  });

  it.each(['exit', 'flatten', 'cancel', 'reverse'] as const)('takes it back, if it is %s', async (action) => {
    await asking();
    const { signalId, id } = await held();
    await vote(id, 'Ada', 'approve');
    const leaving = await desk.signal({ action, side: null, entryPrice: null, stopLoss: null, takeProfit: null });
    await desk.process(leaving);
    // Though it was approved: the later word counts.
    expect(await desk.settle(id)).toEqual(done);
    expect(await now(signalId)).toMatchObject({ outcome: 'denied', code: 'RISK_APPROVAL_WITHDRAWN' });
    expect(await desk.approvalOf(signalId)).toMatchObject({ state: 'withdrawn', withdrawnBy: leaving });
    expect(await desk.events(signalId)).toEqual([
      ...['decision.held', 'approval.given', 'approval.withdrawn', 'decision.denied'],
    ]);
    expect(await desk.order(signalId)).toBeUndefined();
    const jobs = await desk.sql`
      select from pgboss.job where name = 'approval.settle' and data ->> 'approvalId' = ${id}`;
    expect(jobs).toHaveLength(3);
  });

  it('takes it back when it goes the other way, takes no vote from then on, and leaves what is not meant alone', async () => {
    await asking();
    const [aapl, msft] = [await held(), await held({ ticker: 'MSFT' })];
    const other = await held({ strategy: 'momentum', ticker: 'KO' });
    const sell = await desk.signal({
      side: 'sell',
      action: 'sell',
      entryPrice: null,
      stopLoss: null,
      takeProfit: null,
    });
    await desk.process(sell);
    expect(await vote(aapl.id, 'Ada')).toMatchObject({ kind: 'problem', problem: 'withdrawn' });
    await desk.settle(aapl.id);
    expect((await now(aapl.signalId)).code).toBe('RISK_APPROVAL_WITHDRAWN');
    for (const one of [msft, other]) expect((await desk.approvals.find(one.id))!.withdrawnBy).toBeNull();
  });

  it('does not take it back when it is too old to speak of it', async () => {
    await asking(undefined, 'late');
    const { id } = await held({ strategy: 'late' });
    const late = await desk.signal({
      strategy: 'late',
      ...{ action: 'exit', side: null, entryPrice: null, stopLoss: null, takeProfit: null },
      firedAt: new Date(desk.clock.now().getTime() - 3_600_000),
    });
    await desk.process(late);
    expect((await desk.approvals.find(id))!.withdrawnBy).toBeNull();
  });
});

describe('a reversal whose entry must be approved', () => {
  const reverse = { action: 'reverse', side: null, entryPrice: null, stopLoss: null, takeProfit: null } as const;

  it('closes at once, and enters when it is approved and the position is closed', async () => {
    await asking();
    await desk.settings.changeStrategy('momentum', { settings: { allowShort: true } }, 'ada');
    await desk.hold(paper, 'AAPL', '10', '1500');
    const { signalId, id, approval } = await held(reverse);
    expect(await now(signalId)).toMatchObject({ status: 'approved', outcome: 'approved', code: 'RISK_NEEDS_APPROVAL' });
    expect(approval).toMatchObject({ side: 'sell', ordersBefore: 1, state: 'open' });
    expect(await desk.events(signalId)).toEqual(['decision.approved', 'decision.held']);
    await desk.clock.advance(1000);
    await vote(id, 'Ada');
    // The exit has not been filled.
    expect(await desk.settle(id)).toMatchObject({ kind: 'again' });
    await desk.sql`update orders set status = 'filled', filled_quantity = quantity where signal_id = ${signalId}`;
    await desk.sql`delete from strategy_positions where account_id = ${paper}`;
    await desk.sql`delete from positions where account_id = ${paper}`;
    expect(await desk.settle(id)).toEqual(done);
    const orders =
      await desk.sql`select role, side, step, quantity from orders where signal_id = ${signalId} order by step`;
    expect(orders).toMatchObject([
      { role: 'exit', side: 'sell', step: 0, quantity: '10' },
      { role: 'entry', side: 'sell', step: 1, quantity: approval.sizing.quantity },
    ]);
    expect(await now(signalId)).toMatchObject({ outcome: 'approved', code: null, intent: 'entry' });
    const { verdicts } = (await desk.decision(signalId))!;
    expect(new Set(verdicts.map((one: { part: string }) => one.part))).toEqual(new Set(['exit', 'entry']));
  });

  it('stays closed when nobody answers, and says so', async () => {
    await asking();
    await desk.settings.changeStrategy('momentum', { settings: { allowShort: true } }, 'ada');
    await desk.hold(paper, 'AAPL', '10', '1500');
    const { signalId, id } = await held(reverse);
    await desk.clock.advance(300_000);
    await desk.settle(id);
    expect(await now(signalId)).toMatchObject({
      ...{ status: 'approved', outcome: 'approved', code: 'RISK_APPROVAL_EXPIRED' },
    });
    expect(await desk.sql`select from orders where signal_id = ${signalId}`).toHaveLength(1);
  });
});

describe('an ask', () => {
  it('is over for all accounts of its alert before the alert is denied', async () => {
    const other = await desk.account();
    await desk.settings.changeStrategy(
      'momentum',
      {
        settings: {
          routes: [
            { account: paper, weight: '1' },
            { account: other, weight: '2' },
          ],
          approval: { when: 'above', notional: '10000' },
        },
      },
      'ada',
    );
    const signalId = await desk.signal();
    await desk.process(signalId);
    expect((await desk.status(signalId))!.status).toBe('approved');
    const approval = (await desk.approvalOf(signalId))!;
    expect(approval).toMatchObject({ accountId: other, sizing: { quantity: '100' } });
    await vote(approval.id, 'Ada', 'reject');
    await desk.settle(approval.id);
    expect((await desk.status(signalId))!.status).toBe('approved');
    const decisions = await desk.sql`select outcome from decisions where signal_id = ${signalId} order by outcome`;
    expect(decisions.map((one) => one.outcome)).toEqual(['approved', 'denied']);
  });

  it('goes with its decision in one transaction: without the job that ends it there is neither', async () => {
    await asking();
    const jobs = {
      insert: (queue: string, rows: never) =>
        queue === 'approval.settle'
          ? { text: 'insert into no_such_table values (1)', values: [] }
          : desk.queue.insert(queue as never, rows),
      insertFrom: desk.queue.insertFrom,
    };
    const decisions = createDecisionStore({ sql: desk.sql, jobs: jobs as never, clock: desk.clock });
    const signalId = await desk.signal({ quantity: quantity('1') });
    await expect(desk.process(signalId, { decisions })).rejects.toThrow('no_such_table');
    expect(await desk.decision(signalId)).toBeUndefined();
    expect(await desk.approvalOf(signalId)).toBeNull();
    await desk.process(signalId);
    expect((await now(signalId)).outcome).toBe('held');
  });
});

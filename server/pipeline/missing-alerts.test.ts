// Invariants:
// 1. What is compared is read with the account locked, and what was found is kept with the decision.
// 2. A quarantined strategy enters nothing in the symbol and the account; its exits always go.
// 3. An alert brings the strategy to where its script was once, however often it is processed.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createQuarantines } from '../adapters/database/missing-alert-store/missing-alert-store.ts';
import { price, quantity } from '../core/decimal.ts';
import type { SequenceRecord } from '../core/model/sequence.ts';
import type { StrategySettings } from '../core/model/settings.ts';
import type { TradeSignal } from '../core/model/signal.ts';
import { createTestDatabase } from '../testing/database.ts';
import { openDecisionDesk } from '../testing/decision-desk.ts';

let desk: Awaited<ReturnType<typeof openDecisionDesk>>;
let accountId: string;
let strategy: string;
let opened = 0;

beforeAll(async () => {
  desk = await openDecisionDesk(await createTestDatabase());
});
afterAll(() => desk.close());
beforeEach(async () => {
  await desk.clock.advance(3_600_000);
  await anew();
});

/** Another account and another strategy, so that nothing is held anywhere. */
async function anew(): Promise<void> {
  await desk.sql`update accounts set enabled = false`;
  accountId = await desk.account();
  strategy = `momentum ${opened++}`.replace(' ', '-');
}

const gap = (act: 'ignore' | 'quarantine' | 'converge', change: Partial<StrategySettings> = {}) =>
  desk.settings.changeStrategy(
    strategy,
    { settings: { gap: { act, compare: 'side', sizeDifference: '0.1' }, allowShort: false, ...change } },
    'a test',
  );

const noPrices = { entryPrice: null, stopLoss: null, takeProfit: null } as const;

async function decided(change: Partial<TradeSignal>) {
  const signalId = await desk.signal({ timeframe: null, ...noPrices, strategy, ...change });
  await desk.process(signalId);
  await desk.clock.advance(61_000);
  return look(signalId);
}

interface DecisionRow {
  readonly outcome: string;
  readonly code: string | null;
  readonly intent: string;
  readonly sequence: SequenceRecord | null;
}

async function look(signalId: string) {
  const row = (await desk.decision(signalId)) as DecisionRow;
  const orders = await desk.sql<{ role: string; side: string; quantity: number; step: number; after: string | null }[]>`
    select role, side, quantity::float8 as quantity, step, after_when as after from orders where signal_id = ${signalId} order by step`;
  return { signalId, ...row, orders: [...orders] };
}

const buy = { action: 'buy', side: 'buy' } as const;
const sell = { action: 'sell', side: 'sell' } as const;
const exit = { action: 'exit', side: null, riskAmount: null } as const;
const long57 = () => desk.hold(accountId, 'AAPL', '57', '8550', strategy);

describe('a strategy that ignores gaps, as one does unless told', () => {
  it('keeps what was found with the decision, and the rule on the sequence refuses the entry', async () => {
    await gap('ignore');
    await long57();
    const entry = await decided({ ...buy, previousPosition: 'flat' });
    expect(entry).toMatchObject({ outcome: 'denied', code: 'RISK_OUT_OF_SEQUENCE' });
    expect(entry.sequence).toMatchObject({ found: 'gap', kind: 'missed_exit', did: 'noted', held: '57', said: 'flat' });
    expect(entry.sequence!.sentence).toContain('Its script held no AAPL before, and the strategy holds 57 AAPL long');
    const next = await decided({ ...exit, previousPosition: 'long' });
    expect(next).toMatchObject({ outcome: 'approved', sequence: { found: 'match', did: 'nothing' } });
    expect((await decided({ ...exit })).sequence).toBeNull();
  });
});

describe('a strategy that converges', () => {
  it('makes up for a missed exit before the entry, once', async () => {
    await gap('converge');
    await long57();
    const entry = await decided({ ...buy, previousPosition: 'flat' });
    expect(entry).toMatchObject({ outcome: 'approved', code: null });
    expect(entry.orders.map(({ role, side, after }) => [role, side, after])).toEqual([
      ['exit', 'sell', null],
      ['entry', 'buy', 'closed'],
    ]);
    expect(entry.orders[0]!.quantity).toBe(57);
    expect(entry.sequence).toMatchObject({ kind: 'missed_exit', did: 'converged' });
    expect(entry.sequence!.sentence).toContain('Converged: 57 are closed first.');
    await desk.process(entry.signalId);
    expect((await look(entry.signalId)).orders).toHaveLength(2);
  });

  it('counts a like alert within the bar as the same one', async () => {
    await gap('converge');
    const first = await desk.signal({ ...buy, ...noPrices, strategy, previousPosition: 'flat' });
    await desk.process(first);
    await desk.sql`update orders set status = 'filled', filled_quantity = quantity, closed_at = now() where signal_id = ${first}`;
    await long57();
    const again = await desk.signal({ ...buy, ...noPrices, strategy, previousPosition: 'flat' });
    await desk.process(again);
    const { orders, outcome, sequence } = await look(again);
    expect({ orders, outcome }).toEqual({ orders: [], outcome: 'denied' });
    expect(sequence).toMatchObject({ found: 'not_compared', did: 'nothing' });
  });

  it('closes what was missed though its entry is not allowed', async () => {
    await gap('converge');
    await long57();
    const stopLoss = price('152');
    const short = await decided({ ...sell, stopLoss, previousPosition: 'flat' });
    expect(short).toMatchObject({ outcome: 'approved', code: 'RISK_SHORT_NOT_ALLOWED' });
    expect(short.orders.map(({ role, quantity: shares }) => [role, shares])).toEqual([['exit', 57]]);
    expect(short.sequence!.did).toBe('converged');
  });

  it('takes a sell without prices for an exit, where no short may be opened', async () => {
    await gap('converge');
    await long57();
    const left = await decided({ ...sell, previousPosition: 'flat' });
    expect(left).toMatchObject({ outcome: 'approved', code: null, intent: 'exit', sequence: { did: 'converged' } });
    expect(left.orders).toHaveLength(1);
  });

  it('opens nothing for an entry that was missed', async () => {
    await gap('converge', { allowShort: true });
    for (const leaving of [exit, sell, { ...exit, side: 'sell' }] as const) {
      const left = await decided({ ...leaving, previousPosition: 'long' });
      expect(left).toMatchObject({ outcome: 'denied', code: 'RISK_NOTHING_TO_CLOSE', orders: [] });
      expect(left.sequence).toMatchObject({ kind: 'missed_entry', did: 'converged' });
      expect(left.sequence!.sentence).toContain('nothing is opened');
    }
    const more = await decided({
      action: 'add',
      side: null,
      riskAmount: null,
      quantity: quantity('5'),
      previousPosition: 'long',
    });
    expect(more.orders.map(({ role, side, quantity: shares }) => [role, side, shares])).toEqual([['entry', 'buy', 5]]);
    expect(more.sequence!.sentence).toContain('only what the alert itself asks for is opened');
  });

  it('closes the other side after a missed reversal', async () => {
    await gap('converge', { allowShort: true });
    await desk.hold(accountId, 'AAPL', '-57', '-8550', strategy);
    const left = await decided({ ...sell, previousPosition: 'long' });
    expect(left.orders.map(({ role, side, quantity: shares }) => [role, side, shares])).toEqual([['exit', 'buy', 57]]);
    await anew();
    await gap('converge', { allowShort: true });
    await desk.hold(accountId, 'AAPL', '-57', '-8550', strategy);
    const turned = await decided({ action: 'reverse', side: null, previousPosition: 'long' });
    expect(turned.orders.map(({ role, side }) => [role, side])).toEqual([
      ['exit', 'buy'],
      ['entry', 'sell'],
    ]);
  });

  it('takes off what is held beyond the script’s size, where sizes count', async () => {
    const bySize = { gap: { act: 'converge', compare: 'size', sizeDifference: '0.1' } } as const;
    await gap('converge', bySize);
    await long57();
    const more = { ...buy, riskAmount: null, previousPosition: 'long', previousSize: quantity('40') } as const;
    const net = await decided({ ...more, quantity: quantity('30') });
    expect(net.orders.map(({ role, side, quantity: shares }) => [role, side, shares])).toEqual([['entry', 'buy', 13]]);
    await anew();
    await gap('converge', bySize);
    await long57();
    const less = await decided({ ...more, quantity: quantity('10') });
    expect(less.orders.map(({ role, side, quantity: shares }) => [role, side, shares])).toEqual([['exit', 'sell', 7]]);
    expect(less.sequence).toMatchObject({ kind: 'size', did: 'converged', saidSize: '40' });
  });
});

describe('a strategy that is quarantined for a gap', () => {
  it('enters nothing in the symbol until a person clears it; its exits go', async () => {
    await gap('quarantine');
    await long57();
    const entry = await decided({ ...buy, previousPosition: 'flat' });
    expect(entry).toMatchObject({ outcome: 'denied', code: 'RISK_QUARANTINED', sequence: { did: 'quarantined' } });
    const store = createQuarantines({ sql: desk.sql, clock: desk.clock });
    const [open, ...others] = (await store.open()).filter((one) => one.accountId === accountId);
    expect(others).toEqual([]);
    expect(open).toMatchObject({
      ...{ strategy, symbol: 'AAPL', signalId: entry.signalId, cleared: null },
      ...{ expected: 'no AAPL', found: '57 AAPL long' },
    });
    expect(await desk.events(entry.signalId)).toContain('strategy.quarantined');
    // An alert that does not say what its script held is kept back as well; another symbol is not.
    expect(await decided(buy)).toMatchObject({ outcome: 'denied', code: 'RISK_QUARANTINED' });
    expect((await decided({ ...buy, ticker: 'MSFT' })).outcome).toBe('approved');
    const left = await decided({ ...exit, previousPosition: 'long' });
    expect(left.orders.map(({ role, side, quantity: shares }) => [role, side, shares])).toEqual([['exit', 'sell', 57]]);
    await desk.sql`update orders set status = 'filled', filled_quantity = quantity, closed_at = now() where signal_id = ${left.signalId}`;
    await desk.sql.begin(async (tx) => {
      await tx`update strategy_positions set quantity = 0, cost = 0 where account_id = ${accountId}`;
      await tx`update positions set quantity = 0, cost = 0 where account_id = ${accountId}`;
    });
    expect(await decided({ ...buy, previousPosition: 'flat' })).toMatchObject({ code: 'RISK_QUARANTINED' });

    expect(await store.clear(open!.id, 'ada', 'the exit was sent twice')).toMatchObject({ cleared: true });
    expect(await store.clear(open!.id, 'bob', 'me too')).toMatchObject({
      cleared: false,
      quarantine: { cleared: { by: 'ada', reason: 'the exit was sent twice' } },
    });
    expect((await decided({ ...buy, previousPosition: 'flat' })).outcome).toBe('approved');
  });

  it('is quarantined once for each account and symbol, by the first gap', async () => {
    await gap('quarantine');
    await long57();
    const first = await decided({ ...buy, previousPosition: 'flat' });
    await decided({ ...buy, previousPosition: 'flat' });
    const rows = await desk.sql<{ signalId: string }[]>`
      select signal_id as "signalId" from quarantines where account_id = ${accountId}`;
    expect(rows.map((row) => row.signalId)).toEqual([first.signalId]);
  });
});

describe('no gap', () => {
  it('is an entry that was not sent, or that was not filled', async () => {
    await gap('quarantine');
    const denied = await decided({ ...buy, ticker: 'NOSUCH', previousPosition: 'flat' });
    expect(denied.outcome).toBe('denied');
    const left = await decided({ ...exit, ticker: 'NOSUCH', previousPosition: 'long' });
    expect(left.sequence).toMatchObject({ found: 'gap', kind: 'missed_entry', did: 'explained' });
    expect(left.sequence!.sentence).toContain('No alert is missing: its entry was not sent.');
    const entry = await decided({ ...buy, ticker: 'MSFT', previousPosition: 'flat' });
    await desk.sql`update orders set status = 'expired', closed_at = now() where signal_id = ${entry.signalId}`;
    expect((await decided({ ...exit, ticker: 'MSFT', previousPosition: 'long' })).sequence).toMatchObject({
      did: 'explained',
      sentence: expect.stringContaining('its entry was not filled (expired).'),
    });
    expect(await desk.sql`select from quarantines where account_id = ${accountId}`).toHaveLength(0);
  });

  it('is a position that its stop closed', async () => {
    await gap('quarantine');
    const entry = await decided({ ...buy, previousPosition: 'flat' });
    await desk.sql`update orders set status = 'filled', filled_quantity = quantity, closed_at = ${desk.clock.now()}, updated_at = ${desk.clock.now()} where signal_id = ${entry.signalId}`;
    await desk.clock.advance(1000);
    await desk.sql`
      insert into orders (id, account_id, parent_id, strategy, mode, role, client_order_id, symbol, side, type, order_class, time_in_force,
        quantity, filled_quantity, reference_price, status, created_at, updated_at, closed_at)
      select gen_random_uuid(), account_id, id, strategy, mode, 'stop_loss', 'leg of ' || id, symbol, 'sell', 'stop', 'bracket', 'gtc',
        quantity, quantity, reference_price, 'filled', ${desk.clock.now()}, ${desk.clock.now()}, ${desk.clock.now()}
      from orders where signal_id = ${entry.signalId}`;
    expect((await decided({ ...exit, previousPosition: 'long' })).sequence).toMatchObject({
      did: 'explained',
      sentence: expect.stringContaining('its stop closed the position.'),
    });
  });

  it('is an alert that is kept back, or one that a later one has overtaken', async () => {
    await gap('quarantine');
    await desk.signal({ ...buy, ...noPrices, strategy, timeframe: null, delaySeconds: 600 });
    expect((await decided({ ...exit, previousPosition: 'long' })).sequence).toMatchObject({ found: 'not_compared' });
    const fired = desk.clock.now();
    await decided({ ...buy, ticker: 'MSFT', previousPosition: 'flat' });
    const late = await decided({
      ...exit,
      ticker: 'MSFT',
      previousPosition: 'short',
      firedAt: new Date(fired.getTime() - 5000),
    });
    expect(late.sequence).toMatchObject({ found: 'not_compared', sentence: expect.stringContaining('fired after it') });
  });
});

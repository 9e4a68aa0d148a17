// Invariants: what is said of a hypothetical alert is what the same alert then comes to, in every account, verdict by verdict and order by
// order; asking writes nothing anywhere and waits for no lock; what is missing is told and allows nothing.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDecisionViews } from '../adapters/database/decision-store/decision-views.ts';
import { money, price, quantity, text } from '../core/decimal.ts';
import type { ParameterValue, Severity } from '../core/model/risk-limit.ts';
import type { TradeSignal } from '../core/model/signal.ts';
import type { DecisionToStore } from '../core/ports/decision-store.ts';
import { createTestDatabase } from '../testing/database.ts';
import { openDecisionDesk } from '../testing/decision-desk.ts';
import { killWish } from '../testing/kill-switch.ts';
import { tradeSignal } from '../testing/risk-context.ts';
import { rowCounts } from '../testing/row-counts.ts';
import { createOrderCheck, type HypotheticalDecision } from './check-order.ts';

let desk: Awaited<ReturnType<typeof openDecisionDesk>>;
let paper: string;
/** A ticker that no other test has limits, bars or positions for. */
let ticker: string;
/** Nor one with settings. */
let strategy: string;
let count = 0;

beforeAll(async () => {
  desk = await openDecisionDesk(await createTestDatabase());
});
afterAll(() => desk.close());
beforeEach(async () => {
  paper = await desk.account();
  ticker = `T${++count}`;
  strategy = `strategy ${count}`;
});
afterEach(async () => {
  await desk.sql`update accounts set enabled = false`;
  await desk.sql`update trading_signals set status = 'failed' where status = 'accepted'`;
  await desk.sql`delete from settings`;
  await desk.sql`delete from kill_switches`;
  await desk.settings.refresh();
  desk.market.quotes.clear();
  desk.market.down = false;
});

const check = (change: Partial<TradeSignal>, parts: Partial<typeof desk.parts> = {}) =>
  createOrderCheck({
    ...desk.parts,
    ...parts,
    views: createDecisionViews({ sql: desk.sql, clock: desk.clock }),
  })(tradeSignal({ firedAt: desk.clock.now(), ticker, strategy, ...change }));

const strictest = (rule: string, severity: Severity, parameters: Record<string, ParameterValue>, symbol = ticker) =>
  desk.limits.set({ rule, scope: { kind: 'symbol', name: symbol }, on: true, severity, parameters }, 0, {
    author: 'ada',
    reason: 'a test',
  });

/** A decision without what is its own: ids and moments. */
const said = ({ mode, intent, side, sizing, verdicts, quote, outcome }: DecisionToStore) => ({
  ...{ mode, intent, side, sizing, verdicts },
  quote: quote && { bid: text(quote.bid), ask: text(quote.ask) },
  outcome:
    outcome.kind === 'approved'
      ? {
          ...{ kind: outcome.kind, cancels: outcome.cancels, moves: JSON.stringify(outcome.moves) },
          withheld: outcome.withheld,
          orders: outcome.orders.map(({ orderId, decisionId, signalId, clientOrderId, ...order }) =>
            JSON.stringify(order),
          ),
        }
      : { kind: outcome.kind, code: outcome.code, sentence: outcome.sentence },
});

/** Asks, then sends the same alert, and compares; answers what was said. */
async function same(change: Partial<TradeSignal> = {}): Promise<readonly HypotheticalDecision[]> {
  await desk.settings.refresh();
  const told = await check(change);
  const stored = new Map<string | null, DecisionToStore>();
  const decisions: typeof desk.decisions = {
    ...desk.decisions,
    decide: (signal, accountId, bar, decide, destinations) =>
      desk.decisions.decide(
        signal,
        accountId,
        bar,
        (view) => {
          const decision = decide(view);
          if (decision) stored.set(accountId, decision);
          return decision;
        },
        destinations,
      ),
  };
  const id = await desk.signal({ ticker, strategy, ...change });
  expect(await desk.process(id, { decisions })).toEqual({ kind: 'done' });
  expect(told.map((one) => one.task.destination.accountId).sort()).toEqual([...stored.keys()].sort());
  for (const { task, decision } of told) {
    expect(said(decision)).toEqual(said(stored.get(task.destination.accountId)!));
  }
  const rows = await desk.sql<{ accountId: string | null; outcome: string; code: string | null; quantity: string }[]>`
    select account_id as "accountId", outcome, code, trim_scale(quantity)::text as quantity
    from decisions where signal_id = ${id}`;
  expect(rows).toHaveLength(told.length);
  for (const { task, decision } of told) {
    const row = rows.find((one) => one.accountId === task.destination.accountId)!;
    expect([row.outcome, row.quantity]).toEqual([decision.outcome.kind, decision.sizing.quantity]);
  }
  return told;
}

const short = { entryPrice: null, stopLoss: null, takeProfit: null, riskAmount: null } as const;
const one = (told: readonly HypotheticalDecision[]) => {
  expect(told).toHaveLength(1);
  return told[0]!.decision;
};
const verdictsOf = ({ verdicts }: DecisionToStore) =>
  verdicts
    .filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not_applicable')
    .map((v) => `${v.rule} ${v.verdict}`);

describe('what is said of an alert is what becomes of it', () => {
  it('approved, with its bracket', async () => {
    const { outcome, sizing } = one(await same());
    expect([outcome.kind, sizing.quantity]).toEqual(['approved', '50']);
  });

  it('approved by the quote, where it names no price', async () => {
    const { outcome, quote } = one(await same({ entryPrice: null, stopLoss: null, takeProfit: null }));
    expect([outcome.kind, quote!.bid]).toMatchObject(['approved', {}]);
  });

  it('made smaller', async () => {
    await strictest('max-position', 'reduce', { maxShareOfEquity: '0.03' });
    const decision = one(await same());
    expect(decision.outcome.kind).toBe('approved');
    expect(Number(decision.sizing.quantity)).toBeLessThan(50);
    expect(verdictsOf(decision)).toContain('max-position reduce');
  });

  it('kept for a person', async () => {
    await strictest('max-position', 'ask', { maxShareOfEquity: '0.03' });
    const [told] = await same();
    expect(told!.decision.outcome.kind).toBe('held');
    expect(verdictsOf(told!.decision)).toEqual(['max-position ask']);
    // What a yes makes of it, with its stop and targets, and no larger.
    const { outcome, sizing } = told!.afterYes!;
    expect(outcome).toMatchObject({ kind: 'approved', orders: [{ intent: 'entry' }] });
    expect(sizing.quantity).toBe(told!.decision.sizing.quantity);
  });

  it('sent with a warning', async () => {
    await strictest('max-position', 'warn', { maxShareOfEquity: '0.03' });
    const decision = one(await same());
    expect(decision.outcome.kind).toBe('approved');
    expect(verdictsOf(decision)).toContain('max-position warn');
  });

  it('denied by a limit of its own', async () => {
    await strictest('max-position', 'deny', { maxShareOfEquity: '0.03' });
    expect(one(await same()).outcome).toMatchObject({ kind: 'denied', code: 'RISK_MAX_POSITION' });
  });

  it('denied by the kill switch', async () => {
    await desk.killSwitches.engage(killWish());
    expect(one(await same()).outcome).toMatchObject({ kind: 'denied', code: 'RISK_KILL_SWITCH' });
  });

  it('denied for its age', async () => {
    const firedAt = new Date(desk.clock.now().getTime() - 3_600_000);
    expect(one(await same({ firedAt })).outcome).toMatchObject({ kind: 'denied', code: 'RISK_ALERT_AGE' });
  });

  it('denied without a quote', async () => {
    desk.market.quotes.set(ticker, null);
    const [told] = await same();
    expect(told!.decision.outcome.kind).toBe('denied');
    expect(told!.missing).toContainEqual({
      fact: 'quote',
      sentence: `There is no quote of ${ticker} that is fresh enough.`,
    });
  });

  it('denied for a strategy that is off', async () => {
    await desk.settings.changeStrategy(strategy, { enabled: false }, 'ada');
    expect(one(await same()).outcome).toMatchObject({ kind: 'denied', code: 'RISK_STRATEGY_DISABLED' });
  });

  it('denied for an asset that the venue does not know', async () => {
    ticker = 'NOSUCH';
    expect(one(await same()).outcome.kind).toBe('denied');
  });

  it('denied the second time in a bar', async () => {
    await same();
    expect(one(await same()).outcome).toMatchObject({ kind: 'denied', code: 'RISK_DUPLICATE_IN_BAR' });
  });

  it('on paper, though it asks for production', async () => {
    const { mode, modeReasons } = one(await same({ requestedMode: 'production' }));
    expect(mode).toBe('paper');
    expect(modeReasons.length).toBeGreaterThan(1);
  });

  it('an exit of what is held', async () => {
    await desk.hold(paper, ticker, '80', '4800', strategy);
    const { intent, outcome, sizing } = one(await same({ ...short, action: 'exit', side: null }));
    expect([intent, outcome.kind, sizing.quantity]).toEqual(['exit', 'approved', '80']);
  });

  it('an exit of nothing', async () => {
    expect(one(await same({ ...short, action: 'exit', side: null })).outcome.kind).toBe('denied');
  });

  it('the flattening of a position and of an open entry', async () => {
    await same();
    await desk.hold(paper, ticker, '80', '4800', strategy);
    await desk.clock.advance(600_000);
    const { outcome } = one(await same({ ...short, action: 'flatten', side: null }));
    expect(outcome).toMatchObject({ kind: 'approved', cancels: [expect.any(String)] });
  });

  it('a reversal whose entry is not sent', async () => {
    await desk.hold(paper, ticker, '80', '4800', strategy);
    await strictest('max-position', 'deny', { maxShareOfEquity: '0.0001' });
    const { outcome } = one(
      await same({ action: 'reverse', side: null, entryPrice: null, stopLoss: price('152'), takeProfit: null }),
    );
    expect(outcome).toMatchObject({ kind: 'approved', withheld: { code: expect.any(String) } });
  });

  it('a position to come to', async () => {
    await desk.hold(paper, ticker, '10', '1500', strategy);
    const { sizing } = one(await same({ riskAmount: null, targetPosition: quantity('25'), takeProfit: null }));
    expect(sizing.quantity).toBe('15');
  });

  it('in each account of its routes by its weight, and in what it holds elsewhere for exits alone', async () => {
    const other = await desk.account();
    const routes = [
      { account: paper, weight: '1' },
      { account: other, weight: '0.5' },
    ];
    await desk.settings.changeStrategy(strategy, { settings: { routes } }, 'ada');
    const told = await same();
    expect(told.map(({ decision }) => decision.sizing.quantity)).toEqual(['50', '25']);
    await desk.hold(other, ticker, '30', '4500', strategy);
    await desk.settings.changeStrategy(strategy, { settings: { routes: routes.slice(0, 1) } }, 'ada');
    await desk.clock.advance(600_000);
    const left = await same({ ...short, action: 'exit', side: null });
    expect(left.map(({ task }) => [task.destination.accountId, task.destination.exitOnly])).toContainEqual([
      other,
      true,
    ]);
  });

  it('with what is held at its price of now, asked of the market', async () => {
    await desk.hold(paper, 'HELD', '100', '5000', strategy);
    desk.market.put('HELD', '79.99', '80.01');
    const [told] = await same();
    expect(told!.decision.outcome.kind).toBe('approved');
    expect(desk.market.asked.filter((symbol) => symbol === 'HELD').length).toBeGreaterThanOrEqual(2);
    expect(told!.missing.map(({ fact }) => fact)).not.toContain('prices');
  });

  it('with an amount that the account cannot pay', async () => {
    expect(one(await same({ riskAmount: money('90000') })).outcome.kind).toBe('denied');
  });
});

describe('asking', () => {
  it('writes nothing anywhere, whatever the answer', async () => {
    await desk.hold(paper, ticker, '80', '4800', strategy);
    await strictest('max-position', 'reduce', { maxShareOfEquity: '0.5' });
    await desk.settings.refresh();
    const before = await rowCounts(desk.sql);
    await check({});
    await check({ ...short, action: 'exit', side: null });
    await check({ ...short, action: 'flatten', side: null });
    await check({ account: 'nobody' });
    await check({ riskAmount: money('90000') });
    desk.market.down = true;
    await check({});
    expect(await rowCounts(desk.sql)).toEqual(before);
    expect(Object.keys(before).length).toBeGreaterThan(20);
  });

  it('reserves nothing: however often it is asked, the answer stays', async () => {
    const answers = [];
    for (let time = 0; time < 5; time++) answers.push(said(one(await check({}))));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('waits for no lock, while decisions of the account and changes of settings hold them', async () => {
    await desk.sql.begin(async (tx) => {
      await tx`select from accounts where id = ${paper} for update`;
      await tx`lock table settings in exclusive mode`;
      expect(one(await check({})).outcome.kind).toBe('approved');
    });
  });
});

describe('what is missing', () => {
  it('is told, and allows nothing, while the market is down', async () => {
    desk.market.down = true;
    const [told] = await check({});
    expect(told!.decision.outcome.kind).toBe('denied');
    expect(told!.missing.map(({ fact }) => fact)).toEqual(expect.arrayContaining(['market', 'quote', 'asset']));
  });

  it('is told before the account has been compared with its broker', async () => {
    const [told] = await check({}, { ready: () => false });
    expect(told!.decision.outcome.kind).toBe('denied');
    expect(told!.missing.map(({ fact }) => fact)).toContain('account');
  });

  it('is what is held and has no price, which counts at cost', async () => {
    await desk.hold(paper, 'DARK', '10', '1000', strategy);
    desk.market.quotes.set('DARK', null);
    const [told] = await check({});
    expect(told!.missing).toContainEqual({
      fact: 'prices',
      sentence: 'Held, and counted at cost for want of a quote: DARK.',
    });
  });

  it('is the account, where there is none', async () => {
    const [told] = await check({ account: 'nobody' });
    expect(told!.decision.outcome).toMatchObject({ kind: 'denied' });
    expect(told!.task.account).toBeNull();
  });
});

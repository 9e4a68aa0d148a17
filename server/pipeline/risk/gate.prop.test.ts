// Invariants:
// - a denial stays one when the quantity is raised;
// - a rule for entries never denies an exit, whatever it says of an entry in the same place;
// - every rule has exactly one verdict, in gate order, and the first that denies names the refusal;
// - an ApprovedOrder comes of an approval alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money, price, quantity } from '../../core/decimal.ts';
import { clientOrderIdOf } from '../../core/model/approved-order.ts';
import { refusalCodes } from '../../core/model/refusals.ts';
import { killSwitch } from '../../testing/kill-switch.ts';
import {
  accountView,
  noon,
  openOrder,
  position,
  riskContext,
  sizedEntry,
  tradeSignal,
} from '../../testing/risk-context.ts';
import { approve, decide } from './gate.ts';
import { createLimitBook } from './limit-book.ts';
import { loadRules } from './load-rules.ts';
import type { RiskContext } from './rule.ts';

const rules = await loadRules();
const book = createLimitBook(rules, []);
const cents = (min: number, max: number) => fc.integer({ min, max }).map((n) => (n / 100).toFixed(2));
const shares = fc.integer({ min: 1, max: 2000 });

/** Contexts near the limits, so that each rule has its say. */
const context: fc.Arbitrary<RiskContext> = fc
  .record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    intent: fc.constantFrom('entry' as const, 'exit' as const),
    shares,
    entry: cents(14_000, 16_000),
    stop: cents(14_000, 16_000),
    ageMs: fc.integer({ min: -70_000, max: 400_000 }),
    equity: cents(-100, 20_000_000),
    power: fc.option(cents(0, 20_000_000)),
    held: fc.integer({ min: -200, max: 200 }),
    open: fc.array(shares, { maxLength: 4 }),
    engaged: fc.boolean(),
    enabled: fc.boolean(),
    quoted: fc.boolean(),
    known: fc.boolean(),
    inBar: fc.boolean(),
  })
  .map((it) =>
    riskContext({
      signal: tradeSignal({ side: it.side, firedAt: new Date(noon.getTime() - it.ageMs) }),
      sized: sizedEntry({
        intent: it.intent,
        quantity: quantity(String(it.shares)),
        referencePrice: price(it.entry),
        stopLoss: it.intent === 'exit' ? null : price(it.stop),
        takeProfit: null,
      }),
      equity: money(it.equity),
      account: accountView({
        brokerBuyingPower: it.power === null ? null : money(it.power),
        positions: it.held === 0 ? [] : [position('AAPL', String(it.held), String(Math.abs(it.held) * 140))],
        openOrders: it.open.map((n) => openOrder({ remaining: quantity(String(n)) })),
      }),
      strategyEnabled: it.enabled,
      killSwitches: it.engaged ? [killSwitch()] : [],
      approvedInBar: it.inBar ? { signalId: 'other', barStart: noon, barSeconds: 300 } : null,
      ...(it.quoted ? {} : { quote: null }),
      ...(it.known ? {} : { asset: null }),
    }),
  );

describe('the gate', () => {
  it('approves an ordinary entry, so that what follows is not about nothing', () => {
    expect(decide(book, riskContext()).outcome).toBe('approved');
  });

  it('never turns a denial into an approval by a larger quantity', () => {
    fc.assert(
      fc.property(context, shares, (small, more) => {
        const larger = quantity(small.sized.quantity.plus(String(more)));
        const large = { ...small, sized: { ...small.sized, quantity: larger } };
        if (decide(book, small).outcome === 'denied') expect(decide(book, large).outcome).toBe('denied');
      }),
      { numRuns: 500 },
    );
  });

  it('never holds an exit to a limit for entries', () => {
    fc.assert(
      fc.property(context, (any) => {
        const exit = { ...any, sized: { ...any.sized, intent: 'exit' as const } };
        const decision = decide(book, exit);
        const held = rules.filter((rule) => rule.appliesTo === 'all').map((rule) => rule.key);
        for (const verdict of decision.verdicts) {
          if (!held.includes(verdict.rule)) expect(verdict).toMatchObject({ verdict: 'not_applicable', code: null });
        }
        if (decision.outcome === 'denied') {
          expect(['RISK_ALERT_AGE', 'RISK_UNKNOWN_TICKER']).toContain(decision.code);
        }
      }),
    );
  });

  it('lets an exit through every limit at once', () => {
    const worst = riskContext({
      sized: sizedEntry({ intent: 'exit', quantity: quantity('100000'), stopLoss: null, takeProfit: null }),
      killSwitches: [killSwitch()],
      strategyEnabled: false,
      quote: null,
      equity: money('-5'),
      account: accountView({
        brokerBuyingPower: money('0'),
        openOrders: Array.from({ length: 60 }, () => openOrder()),
      }),
      approvedInBar: { signalId: 'other', barStart: noon, barSeconds: 300 },
    });
    expect(decide(book, worst).outcome).toBe('approved');
    const entry = decide(book, { ...worst, sized: { ...worst.sized, intent: 'entry' } });
    expect(entry.verdicts.filter((verdict) => verdict.verdict === 'deny').map((verdict) => verdict.rule)).toEqual(
      expect.arrayContaining([
        'kill-switch',
        'strategy-enabled',
        'live-quote',
        'max-position',
        'max-exposure',
        'buying-power',
        'max-open-orders',
        'daily-loss',
        'duplicate-in-bar',
      ]),
    );
  });

  it('keeps every verdict, and takes the code of the first that denies', () => {
    fc.assert(
      fc.property(context, (any) => {
        const decision = decide(book, any);
        expect(decision.verdicts.map((verdict) => verdict.rule)).toEqual(
          rules.filter((rule) => rule.on).map((rule) => rule.key),
        );
        for (const verdict of decision.verdicts) {
          expect(verdict.sentence).toMatch(/^[A-Z“"\d].*\.$|^Not sent: .*[.?]$/);
          if (verdict.verdict === 'deny') expect(refusalCodes).toContain(verdict.code);
          else expect(verdict.code).toBeNull();
        }
        const first = decision.verdicts.find((verdict) => verdict.verdict === 'deny');
        if (decision.outcome === 'denied')
          expect(decision).toMatchObject({ code: first?.code, sentence: first?.sentence });
        else expect(first).toBeUndefined();
      }),
    );
  });
});

describe('an approved order', () => {
  const plan = {
    intent: 'entry',
    symbol: 'AAPL',
    side: 'buy',
    quantity: quantity('50'),
    referencePrice: price('150'),
    type: 'market',
    limitPrice: null,
    timeInForce: 'gtc',
    stopLoss: price('148'),
    takeProfit: price('155'),
  } as const;
  const ids = {
    orderId: 'o',
    decisionId: 'd',
    signalId: 's',
    accountId: 'a',
    strategy: 'momentum',
    mode: 'paper',
  } as const;

  it('is the plan of an approving decision, under an id that follows from the decision', () => {
    const order = approve(decide(book, riskContext()), plan, ids);
    expect(order).toMatchObject({ ...plan, ...ids, clientOrderId: clientOrderIdOf('d') });
  });

  it('cannot be had for a denied one', () => {
    const denied = decide(book, riskContext({ asset: null }));
    expect(() => approve(denied, plan, ids)).toThrow('decision d does not approve');
  });
});

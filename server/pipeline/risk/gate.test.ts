// Invariants: what is approved has passed every limit at the size that is sent; a limit that cannot be read, or a rule that fails, never lets
// an entry pass, and never keeps an exit back.
import { describe, expect, it } from 'vitest';
import { quantity, text } from '../../core/decimal.ts';
import { everything, type LimitScope, type Severity, type StoredLimit } from '../../core/model/risk-limit.ts';
import { noon, riskContext, sizedEntry } from '../../testing/risk-context.ts';
import { decide } from './gate.ts';
import { createLimitBook } from './limit-book.ts';
import { loadRules } from './load-rules.ts';

const rules = await loadRules();
const limit = (
  rule: string,
  parameters: StoredLimit['parameters'],
  { severity = 'deny', scope = everything, on = true }: { severity?: Severity; scope?: LimitScope; on?: boolean } = {},
): StoredLimit => ({
  ...{ rule, scope, on, severity, parameters },
  ...{ version: 1, author: 'ada', reason: 'a test', at: noon },
});
/** An entry of so many AAPL at 150 in an account of 100,000. */
const entering = (shares: string, ...limits: StoredLimit[]) =>
  decide(createLimitBook(rules, limits), riskContext({ sized: sizedEntry({ quantity: quantity(shares) }) }));
const of = (decision: ReturnType<typeof entering>, rule: string) =>
  decision.verdicts.filter((verdict) => verdict.rule === rule);

describe('a limit that reduces', () => {
  it('makes the order as large as is allowed, in whole shares, and asks all rules of that', () => {
    const decision = entering('200', limit('max-position', {}, { severity: 'reduce' }));
    expect(decision).toMatchObject({ outcome: 'approved', quantity: quantity('133') });
    expect(of(decision, 'max-position')).toMatchObject([
      {
        verdict: 'reduce',
        code: 'RISK_MAX_POSITION',
        sentence: 'Made smaller, from 200 to 133: AAPL would be 30 % of equity, the limit is 20 %.',
      },
      { verdict: 'pass', inputs: { after: '19950.00' } },
    ]);
  });

  it('is not the last word: the strictest of several counts', () => {
    const decision = entering(
      '200',
      limit('max-position', {}, { severity: 'reduce' }),
      limit('max-order-value', { maxValue: '7000' }, { severity: 'reduce' }),
    );
    expect(decision).toMatchObject({ outcome: 'approved', quantity: quantity('46') });
    const denied = entering(
      '200',
      limit('max-position', {}, { severity: 'reduce' }),
      limit('max-order-value', { maxValue: '7000' }),
    );
    expect(denied).toMatchObject({ outcome: 'denied', code: 'RISK_MAX_ORDER_VALUE' });
  });

  it('denies where nothing is left', () => {
    const decision = entering('200', limit('max-order-value', { maxValue: '149.99' }, { severity: 'reduce' }));
    expect(decision).toMatchObject({ outcome: 'denied', code: 'RISK_MAX_ORDER_VALUE' });
  });
});

describe('a limit that asks', () => {
  it('holds the order for a person, after everything else has passed', () => {
    const decision = entering('200', limit('max-position', {}, { severity: 'ask' }));
    expect(decision).toMatchObject({
      outcome: 'held',
      asks: [{ rule: 'max-position', sentence: expect.stringMatching(/^Waits for a person: AAPL would be/) }],
      quantity: null,
    });
    const denied = entering(
      '200',
      limit('max-position', {}, { severity: 'ask' }),
      limit('alert-age', { maxAgeSeconds: 5 }),
    );
    expect(denied).toMatchObject({ outcome: 'denied', code: 'RISK_ALERT_AGE' });
  });
});

describe('a limit that warns', () => {
  it('lets the order go, and says so', () => {
    const decision = entering('200', limit('max-position', {}, { severity: 'warn' }));
    expect(decision).toMatchObject({ outcome: 'approved', quantity: null });
    expect(of(decision, 'max-position')).toMatchObject([
      { verdict: 'warn', sentence: 'Warning: AAPL would be 30 % of equity, the limit is 20 %.' },
    ]);
  });
});

describe('limits for some', () => {
  const symbol = { kind: 'symbol', name: 'AAPL' } as const;
  const strategy = { kind: 'strategy', name: 'momentum' } as const;

  it('are held in place of the one for everything, each of them', () => {
    expect(entering('200', limit('max-position', { maxShareOfEquity: '0.4' }, { scope: symbol })).outcome).toBe(
      'approved',
    );
    const both = entering(
      '200',
      limit('max-position', { maxShareOfEquity: '0.4' }, { scope: symbol }),
      limit('max-position', { maxShareOfEquity: '0.25' }, { scope: strategy }),
    );
    expect(both).toMatchObject({ outcome: 'denied', code: 'RISK_MAX_POSITION' });
    expect(of(both, 'max-position').map(({ verdict, scope }) => [verdict, scope])).toEqual([
      ['pass', 'the symbol AAPL'],
      ['deny', 'the strategy momentum'],
    ]);
  });

  it('are an exemption when they are off', () => {
    expect(entering('200', limit('max-position', {}, { scope: symbol, on: false })).outcome).toBe('approved');
  });

  it('of others do not matter', () => {
    const other = { kind: 'symbol', name: 'MSFT' } as const;
    expect(entering('10', limit('max-position', { maxShareOfEquity: '0' }, { scope: other })).outcome).toBe('approved');
  });
});

describe('what cannot be used', () => {
  it.each<[string, StoredLimit]>([
    ['an unknown rule', limit('no-such-rule', {})],
    ['an unknown parameter', limit('max-position', { share: '0.1' })],
    ['an impossible value', limit('max-position', { maxShareOfEquity: 'NaN' })],
    ['a value out of bounds', limit('max-open-orders', { maxOrders: 0 })],
    ['a severity the rule has not', limit('kill-switch', {}, { severity: 'warn' })],
    ['a scope the rule has not', limit('kill-switch', {}, { scope: { kind: 'symbol', name: 'AAPL' } })],
  ])('denies entries that it covers: %s', (_, stored) => {
    const decision = entering('10', stored);
    expect(decision).toMatchObject({ outcome: 'denied', code: 'RISK_LIMIT_UNREADABLE' });
    expect(decision.verdicts[0]!.sentence).toMatch(/^Not sent: The limit .* cannot be read: .+\.$/);
    const exit = decide(createLimitBook(rules, [stored]), riskContext({ sized: sizedEntry({ intent: 'exit' }) }));
    expect(exit.outcome).toBe('approved');
  });

  it('leaves entries alone that it does not cover', () => {
    const stored = limit('max-position', { maxShareOfEquity: 'x' }, { scope: { kind: 'symbol', name: 'MSFT' } });
    expect(entering('10', stored).outcome).toBe('approved');
  });
});

it('cannot be switched off where a rule always holds', () => {
  const decision = decide(
    createLimitBook(rules, [limit('live-quote', {}, { on: false })]),
    riskContext({ quote: null }),
  );
  expect(decision).toMatchObject({ outcome: 'denied', code: 'RISK_NO_QUOTE' });
});

it('sizes coins in their smallest part', () => {
  const context = riskContext({ sized: sizedEntry({ quantity: quantity('200') }), lot: quantity('0.000000001') });
  const decision = decide(createLimitBook(rules, [limit('max-position', {}, { severity: 'reduce' })]), context);
  expect(decision.outcome === 'approved' && text(decision.quantity!)).toBe('133.333333333');
});

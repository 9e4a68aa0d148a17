import { describe, expect, it } from 'vitest';
import { type Money, money, quantity, text } from '../../../core/decimal.ts';
import { everything } from '../../../core/model/risk-limit.ts';
import { noon, riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { decide } from '../gate.ts';
import { createLimitBook } from '../limit-book.ts';
import { rule } from './drawdown.ts';

const at = (equity: string, peakEquity: Money | null = money('100000')) => {
  const context = riskContext();
  return { ...context, equity: money(equity), activity: { ...context.activity, peakEquity } };
};

describe('drawdown', () => {
  it.each([
    ['95000.01', 'pass', ''],
    ['95000', 'reduce', 'from 50 to 37: the account is 5 % below its highest equity; from 5 % on an entry is 75 %'],
    ['90000.01', 'reduce', 'from 50 to 37:'],
    ['90000', 'reduce', 'from 50 to 25:'],
    ['85000', 'reduce', 'from 50 to 12:'],
    ['80000.01', 'reduce', 'from 50 to 12:'],
    ['80000', 'deny', 'below its highest equity; from 20 % on nothing is entered.'],
    ['-1', 'deny', 'nothing is entered'],
  ])('at %s of 100,000 is: %s', (equity, verdict, sentence) => {
    expect(verdictOf(rule, at(equity))).toMatchObject({ verdict, sentence: expect.stringContaining(sentence) });
  });

  it('makes an order smaller once, whoever else makes it smaller too', () => {
    const stored = { rule: rule.key, scope: everything, on: true, severity: 'reduce', parameters: {} } as const;
    const book = createLimitBook([rule], [{ ...stored, version: 1, author: 'ada', reason: 'a test', at: noon }]);
    const decision = decide(book, at('90000'));
    expect(decision).toMatchObject({ outcome: 'approved' });
    expect(decision.outcome === 'approved' && decision.quantity && text(decision.quantity)).toBe('25');
    const smaller = { ...at('90000'), original: quantity('50'), sized: sizedEntry({ quantity: quantity('20') }) };
    expect(decide(book, smaller)).toMatchObject({ outcome: 'approved', quantity: null });
  });

  it('refuses what would be less than one share', () => {
    expect(verdictOf(rule, { ...at('90000'), sized: sizedEntry({ quantity: quantity('1') }) }).verdict).toBe('deny');
  });

  it('counts a new peak as one, and is not known without any', () => {
    expect(verdictOf(rule, at('120000')).verdict).toBe('pass');
    for (const peak of [null, money('0')])
      expect(verdictOf(rule, at('0', peak))).toMatchObject({
        verdict: 'deny',
        code: 'RISK_DRAWDOWN',
        sentence: 'Not sent: the drawdown is not known: no highest equity is on record.',
      });
  });

  it('goes by the steps that are set', () => {
    expect(verdictOf(rule, at('100000'), { steps: ['0:0.5'] }).sentence).toContain('from 50 to 25');
    expect(verdictOf(rule, at('10'), { steps: [] }).verdict).toBe('pass');
  });
});

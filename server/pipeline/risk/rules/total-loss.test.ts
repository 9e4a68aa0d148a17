import { describe, expect, it } from 'vitest';
import { type Money, money } from '../../../core/decimal.ts';
import { riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './total-loss.ts';

const standing = (equity: string, paidIn: Money | null = money('80000')) => {
  const context = riskContext();
  return verdictOf(rule, { ...context, equity: money(equity), activity: { ...context.activity, paidIn } });
};

describe('total-loss', () => {
  it('passes a cent above the limit, and denies at it', () => {
    expect(standing('60000.01')).toMatchObject({ verdict: 'pass', inputs: { loss: '19999.99' } });
    expect(standing('60000')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_TOTAL_LOSS',
      sentence: 'Not sent: 20000.00 of the 80000.00 paid in are lost, the limit is 20000.00.',
    });
    expect(standing('-1').verdict).toBe('deny');
  });

  it('is not known without a record of what was paid in', () => {
    for (const paidIn of [null, money('0')])
      expect(standing('100000', paidIn)).toMatchObject({
        verdict: 'deny',
        sentence: expect.stringContaining('not known'),
      });
  });
});

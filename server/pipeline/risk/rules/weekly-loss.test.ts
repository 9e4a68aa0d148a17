import { describe, expect, it } from 'vitest';
import { type Money, money } from '../../../core/decimal.ts';
import { riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './weekly-loss.ts';

const standing = (equity: string, equityAtWeekStart: Money | null = money('100000')) => {
  const context = riskContext();
  return verdictOf(rule, { ...context, equity: money(equity), activity: { ...context.activity, equityAtWeekStart } });
};

describe('weekly-loss', () => {
  it('passes a cent above the limit, and denies at it', () => {
    expect(standing('94000.01')).toMatchObject({ verdict: 'pass', inputs: { loss: '5999.99' } });
    expect(standing('94000')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_WEEKLY_LOSS',
      sentence: "Not sent: the week's loss is 6000.00, the limit is 6000.00.",
    });
  });

  it('is not known without the equity of the week’s start', () => {
    for (const start of [null, money('0')])
      expect(standing('100000', start)).toMatchObject({
        verdict: 'deny',
        sentence: expect.stringContaining('not known'),
      });
  });
});

import { describe, expect, it } from 'vitest';
import { money } from '../../../core/decimal.ts';
import { accountView, riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './daily-loss.ts';

const at = (equity: string) => verdictOf(rule, riskContext({ equity: money(equity) }));

describe('daily-loss', () => {
  it('denies from the limit on, and not a cent before', () => {
    expect(at('97000.01').verdict).toBe('pass');
    expect(at('97000')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_DAILY_LOSS',
      sentence: "Not sent: the day's loss is 3000.00, the limit is 3000.00.",
      limit: '3 % of 100000.00',
    });
    expect(at('90000').verdict).toBe('deny');
  });

  it('lets a day of gains pass', () => {
    expect(at('120000')).toMatchObject({ verdict: 'pass', sentence: expect.stringContaining('stands at 20000.00') });
  });

  it('has nothing to compare with before the first snapshot', () => {
    const account = accountView({ equityAtDayStart: null });
    expect(verdictOf(rule, riskContext({ account })).verdict).toBe('not_applicable');
  });
});

import { describe, expect, it } from 'vitest';
import { riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './duplicate-in-bar.ts';

describe('duplicate-in-bar', () => {
  it('takes the first of a bar, and denies the second, naming the first', () => {
    expect(verdictOf(rule, riskContext()).verdict).toBe('pass');
    const approvedInBar = { signalId: 'first', barStart: new Date('2026-11-20T16:55:00Z'), barSeconds: 300 };
    expect(verdictOf(rule, riskContext({ approvedInBar }))).toMatchObject({
      verdict: 'deny',
      code: 'RISK_DUPLICATE_IN_BAR',
      inputs: { approved: 'first', timeframe: '5m' },
      sentence: expect.stringContaining('the bar of 300 s that began at 2026-11-20T16:55:00.000Z'),
      limit: '1 in 300 s',
    });
  });
});

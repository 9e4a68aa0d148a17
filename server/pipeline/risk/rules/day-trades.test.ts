import { describe, expect, it } from 'vitest';
import { money } from '../../../core/decimal.ts';
import { riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './day-trades.ts';

const standing = (dayTrades: number, equity: string) => {
  const context = riskContext();
  return verdictOf(rule, { ...context, equity: money(equity), activity: { ...context.activity, dayTrades } });
};

describe('day-trades', () => {
  it('has room for one below the limit, and none at it', () => {
    expect(standing(2, '24999.99').verdict).toBe('pass');
    expect(standing(3, '24999.99')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_DAY_TRADES',
      sentence: 'Not sent: there were 3 day trades in five sessions, the limit is 3 with less than 25000.00 of equity.',
    });
  });

  it('does not count from the least equity on', () => {
    expect(standing(300, '25000').verdict).toBe('pass');
    expect(standing(3, '-1').verdict).toBe('deny');
  });
});

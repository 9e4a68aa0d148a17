import { describe, expect, it } from 'vitest';
import { money } from '../../../core/decimal.ts';
import type { StrategyTrade } from '../../../core/model/account-activity.ts';
import { noon, riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './symbol-cool-down.ts';

const trade = (minutesAgo: number, profit: string, symbol = 'AAPL', strategy = 'momentum'): StrategyTrade => {
  const closedAt = new Date(noon.getTime() - minutesAgo * 60_000);
  return { strategy, symbol, side: 'buy', profit: money(profit), openedAt: closedAt, closedAt };
};
const lately = (trades: readonly StrategyTrade[], parameters = {}) => {
  const context = riskContext();
  return verdictOf(rule, { ...context, activity: { ...context.activity, trades } }, parameters);
};

describe('symbol-cool-down', () => {
  it('passes a cent below the limit, and denies at it, over all strategies', () => {
    expect(lately([trade(10, '-300'), trade(20, '-199.99', 'AAPL', 'swing')])).toMatchObject({
      verdict: 'pass',
      inputs: { lost: '499.99', trades: 2 },
    });
    expect(lately([trade(10, '-300'), trade(20, '-200', 'AAPL', 'swing')])).toMatchObject({
      verdict: 'deny',
      code: 'RISK_SYMBOL_LOSS',
      sentence: 'Not sent: 500.00 were lost in AAPL within 1440 minutes, the limit is 500.00.',
    });
  });

  it('takes later wins off, but no earlier ones', () => {
    expect(lately([trade(10, '100'), trade(20, '-500')]).verdict).toBe('pass');
    expect(lately([trade(10, '-500'), trade(20, '100')]).verdict).toBe('deny');
  });

  it('looks back so far and no further, and at the ticker alone', () => {
    expect(lately([trade(1439, '-500')]).verdict).toBe('deny');
    expect(lately([trade(1440, '-500')]).verdict).toBe('pass');
    expect(lately([trade(1440, '-500')], { minutes: 1441 }).verdict).toBe('deny');
    expect(lately([trade(10, '-5000', 'MSFT')]).verdict).toBe('pass');
  });

  it('has nothing against a ticker without losses, at any limit', () => {
    expect(lately([], { maxLoss: '0' }).verdict).toBe('pass');
    expect(lately([trade(10, '5')], { maxLoss: '0' }).verdict).toBe('pass');
    expect(lately([trade(10, '-0.01')], { maxLoss: '0' }).verdict).toBe('deny');
  });
});

import { describe, expect, it } from 'vitest';
import { money } from '../../../core/decimal.ts';
import type { StrategyTrade } from '../../../core/model/account-activity.ts';
import { noon, riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './losing-streak.ts';

const trade = (minutesAgo: number, profit: string, strategy = 'momentum'): StrategyTrade => {
  const closedAt = new Date(noon.getTime() - minutesAgo * 60_000);
  return { strategy, symbol: 'AAPL', side: 'buy', profit: money(profit), openedAt: closedAt, closedAt };
};
const lately = (trades: readonly StrategyTrade[], parameters = {}) => {
  const context = riskContext();
  return verdictOf(rule, { ...context, activity: { ...context.activity, trades } }, parameters);
};

describe('losing-streak', () => {
  const three = [trade(10, '-5'), trade(20, '-5'), trade(30, '-5')];

  it('passes one loss below the limit, and denies at it', () => {
    expect(lately(three)).toMatchObject({ verdict: 'pass', inputs: { losses: 3 } });
    expect(lately([...three, trade(40, '-5')])).toMatchObject({
      verdict: 'deny',
      code: 'RISK_LOSING_STREAK',
      sentence:
        'Not sent: momentum has lost 4 times in a row, 20.00 together; it enters nothing until 2026-11-20T20:50:00.000Z.',
    });
  });

  it('is lifted by a win, by time to the minute, and not by another strategy', () => {
    expect(lately([...three, trade(40, '-5'), trade(5, '1')]).verdict).toBe('pass');
    expect(lately([...three, trade(25, '1'), trade(40, '-5')]).verdict).toBe('pass');
    expect(lately([...three, trade(40, '-5'), trade(5, '0')]).verdict).toBe('deny');
    expect(lately([...three, trade(40, '-5'), trade(5, '1', 'swing')]).verdict).toBe('deny');
    expect(lately([...three, trade(40, '-5', 'swing')]).verdict).toBe('pass');
    const long = [trade(239, '-5'), trade(241, '-5')];
    expect(lately(long, { losses: 2 }).verdict).toBe('deny');
    expect(lately(long, { losses: 2, minutes: 239 }).verdict).toBe('pass');
    expect(lately(long, { losses: 2, minutes: 240 }).verdict).toBe('deny');
  });

  it('has nothing against a strategy without trades', () => {
    expect(lately([]).verdict).toBe('pass');
  });
});

import { describe, expect, it } from 'vitest';
import { money, price } from '../../../core/decimal.ts';
import type { StrategyTrade } from '../../../core/model/account-activity.ts';
import { accountView, position, riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './strategy-daily-loss.ts';

const trade = (closedAt: string, profit: string, strategy = 'momentum'): StrategyTrade => {
  const at = new Date(closedAt);
  return { strategy, symbol: 'AAPL', side: 'buy', profit: money(profit), openedAt: at, closedAt: at };
};
/** Long 10 MSFT at 400 and short 10 TSLA at 300, beside another strategy's. */
const account = accountView({
  positions: [position('MSFT', '10', '4000'), position('TSLA', '-10', '3000'), position('XOM', '10', '9000', 'swing')],
});
const standing = (trades: readonly StrategyTrade[], msft: string, tsla = '300') => {
  const context = riskContext({
    account,
    prices: new Map([
      ['MSFT', price(msft)],
      ['TSLA', price(tsla)],
    ]),
  });
  return verdictOf(rule, { ...context, activity: { ...context.activity, trades } });
};

describe('strategy-daily-loss', () => {
  it('passes a cent above the limit, and denies at it, by trades and by what is held', () => {
    const lost = trade('2026-11-20T15:00:00.000Z', '-1499.99');
    expect(standing([lost], '360', '310')).toMatchObject({
      verdict: 'pass',
      inputs: { realized: '-1499.99', open: '-500.00', loss: '1999.99' },
    });
    expect(standing([lost, trade('2026-11-20T16:00:00.000Z', '-0.01')], '360', '310')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_STRATEGY_LOSS',
      sentence: 'Not sent: momentum has lost 2000.00 today, the limit is 2000.00.',
    });
  });

  it('counts the New York day, and the strategy’s own alone', () => {
    expect(standing([trade('2026-11-20T04:59:59.999Z', '-5000')], '400').verdict).toBe('pass');
    expect(standing([trade('2026-11-20T05:00:00.000Z', '-5000')], '400').verdict).toBe('deny');
    expect(standing([trade('2026-11-20T15:00:00.000Z', '-5000', 'swing')], '400').verdict).toBe('pass');
  });

  it('is not known while something it holds has no price', () => {
    expect(verdictOf(rule, riskContext({ account }))).toMatchObject({
      verdict: 'deny',
      sentence: 'Not sent: what momentum has lost today is not known: MSFT has no price.',
    });
  });

  it('lets nothing pass without equity', () => {
    expect(verdictOf(rule, riskContext({ equity: money('0') })).verdict).toBe('deny');
  });
});

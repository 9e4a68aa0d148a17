import { describe, expect, it } from 'vitest';
import { money, price, quantity } from '../../../core/decimal.ts';
import { accountView, openOrder, position, riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './open-risk.ts';

const stop = (symbol: string, strategy: string, at: string) =>
  openOrder({
    role: 'stop_loss',
    type: 'stop',
    side: 'sell',
    symbol,
    strategy,
    stopPrice: price(at),
    remaining: quantity('30'),
  });
const busy = riskContext({
  account: accountView({
    positions: [position('MSFT', '30', '12000'), position('TSLA', '10', '3000', 'swing')],
    openOrders: [stop('MSFT', 'momentum', '390'), stop('TSLA', 'swing', '260')],
  }),
});

describe('open-risk', () => {
  it('passes at the limit, and denies a cent over it: all strategies count', () => {
    // 300 + 400 + 100.
    expect(verdictOf(rule, { ...busy, equity: money('8000') })).toMatchObject({
      verdict: 'pass',
      inputs: { open: '700.00', order: '100.00', after: '800.00' },
    });
    expect(verdictOf(rule, { ...busy, equity: money('7999.99') })).toMatchObject({
      verdict: 'deny',
      code: 'RISK_OPEN_RISK',
      sentence: 'Not sent: the open risk of the account would be 10.00001 % of equity, the limit is 10 %.',
    });
  });

  it('lets nothing pass without equity or a price', () => {
    expect(verdictOf(rule, { ...busy, equity: money('0') }).verdict).toBe('deny');
    const entry = sizedEntry();
    const nothingAtRisk = riskContext({ sized: { ...entry, stopLoss: entry.referencePrice }, equity: money('-0.01') });
    expect(verdictOf(rule, nothingAtRisk).verdict).toBe('deny');
    expect(verdictOf(rule, { ...busy, sized: sizedEntry({ referencePrice: null }) }).verdict).toBe('deny');
  });
});

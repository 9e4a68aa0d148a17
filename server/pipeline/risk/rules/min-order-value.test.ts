import { describe, expect, it } from 'vitest';
import { price, quantity } from '../../../core/decimal.ts';
import { riskContext, sizedEntry, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './min-order-value.ts';

const ask = (shares: string, ticker = 'AAPL') => {
  const sized = sizedEntry({ quantity: quantity(shares), referencePrice: price('100') });
  return verdictOf(rule, riskContext({ sized, signal: tradeSignal({ ticker }) }), { minValue: '200' });
};

describe('min-order-value', () => {
  it('passes at the least, and denies under it', () => {
    expect(ask('2').verdict).toBe('pass');
    expect(ask('1.999')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_MIN_ORDER_VALUE',
      sentence: 'Not sent: the order would be worth 199.90, the least is 200.00.',
    });
  });

  it('has a least of its own for coins', () => {
    expect(ask('0.1', 'BTC/USD').verdict).toBe('pass');
    expect(ask('0.099999999', 'BTC/USD').verdict).toBe('deny');
  });

  it('denies without a price', () => {
    const sized = sizedEntry({ referencePrice: null });
    expect(verdictOf(rule, riskContext({ sized })).sentence).toContain('is not known');
  });
});

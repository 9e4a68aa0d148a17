import { describe, expect, it } from 'vitest';
import { money, quantity } from '../../../core/decimal.ts';
import { riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './order-share-of-equity.ts';

const ask = (shares: string, equity = '75000', severity: 'deny' | 'reduce' = 'deny') => {
  const sized = sizedEntry({ quantity: quantity(shares) });
  return verdictOf(rule, riskContext({ sized, equity: money(equity) }), {}, { severity });
};

describe('order-share-of-equity', () => {
  it('passes at the share, and denies over it', () => {
    expect(ask('50')).toMatchObject({ verdict: 'pass', inputs: { order: '7500.00' } });
    expect(ask('51')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_ORDER_SHARE',
      sentence: 'Not sent: the order would be 10.2 % of equity, the limit is 10 %.',
    });
    expect(ask('51', '75000', 'reduce').sentence).toContain('from 51 to 50:');
  });

  it('denies without a price, and without equity', () => {
    const sized = sizedEntry({ referencePrice: null });
    expect(verdictOf(rule, riskContext({ sized })).sentence).toContain('is not known');
    expect(ask('1', '0').sentence).toContain('more than all');
    expect(ask('1', '-5', 'reduce').verdict).toBe('deny');
  });
});

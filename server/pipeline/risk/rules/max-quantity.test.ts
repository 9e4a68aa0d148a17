import { describe, expect, it } from 'vitest';
import { quantity } from '../../../core/decimal.ts';
import { riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './max-quantity.ts';

const ask = (shares: string, severity: 'deny' | 'reduce' = 'deny') => {
  const sized = sizedEntry({ quantity: quantity(shares) });
  return verdictOf(rule, riskContext({ sized, lot: quantity('0.000000001') }), { maxQuantity: '50.5' }, { severity });
};

describe('max-quantity', () => {
  it('passes at the limit, and denies over it', () => {
    expect(ask('50.5').verdict).toBe('pass');
    expect(ask('50.500000001')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_MAX_QUANTITY',
      sentence: 'Not sent: the order is for 50.500000001 AAPL, the limit is 50.5.',
    });
    expect(ask('60', 'reduce').sentence).toContain('from 60 to 50.5:');
  });
});

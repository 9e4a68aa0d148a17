import { describe, expect, it } from 'vitest';
import { quantity } from '../../../core/decimal.ts';
import type { Asset } from '../../../core/model/market.ts';
import { riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './asset-fractionable.ts';

const known = riskContext().asset!;
const ask = (shares: string, asset: Asset | null, severity: 'deny' | 'reduce' = 'deny') => {
  const sized = sizedEntry({ quantity: quantity(shares) });
  return verdictOf(rule, riskContext({ sized, asset }), {}, { severity });
};
const whole = { ...known, fractionable: false };

describe('asset-fractionable', () => {
  it('takes parts of what is sold in parts, and whole shares of anything', () => {
    expect(ask('1.5', known).verdict).toBe('pass');
    expect(ask('2', whole).verdict).toBe('pass');
    expect(ask('2', null).verdict).toBe('pass');
    expect(ask('1.999999999', whole)).toMatchObject({
      verdict: 'deny',
      code: 'RISK_NOT_FRACTIONABLE',
      sentence: 'Not sent: AAPL is not sold in parts, and the order is for 1.999999999.',
    });
  });

  it('can leave the whole shares of an order, and never more of them', () => {
    expect(ask('1.999999999', whole, 'reduce').sentence).toContain('from 1.999999999 to 1:');
    expect(ask('0.5', whole, 'reduce').verdict).toBe('deny');
  });

  it('denies parts of what is not known', () => {
    expect(ask('1.5', null).sentence).toContain('is not known');
  });
});

import { describe, expect, it } from 'vitest';
import { price } from '../../../core/decimal.ts';
import { riskContext, sizedEntry, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './price-floor.ts';

const at = (entry: string | null, ticker = 'AAPL') => {
  const sized = sizedEntry({ referencePrice: entry === null ? null : price(entry) });
  return verdictOf(rule, riskContext({ sized, signal: tradeSignal({ ticker }) }), { minPrice: '5' });
};

describe('price-floor', () => {
  it('passes at the least price, and denies under it', () => {
    expect(at('5').verdict).toBe('pass');
    expect(at('4.9999')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_PRICE_FLOOR',
      sentence: 'Not sent: AAPL costs 4.9999 a share, the least is 5.',
    });
  });

  it('denies without a price, and has nothing to say of coins', () => {
    expect(at(null).sentence).toBe('Not sent: what AAPL costs is not known.');
    expect(at('0.2', 'DOGE/USD').verdict).toBe('not_applicable');
  });
});

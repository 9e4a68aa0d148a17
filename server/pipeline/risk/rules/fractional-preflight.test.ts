import { describe, expect, it } from 'vitest';
import { quantity } from '../../../core/decimal.ts';
import type { Asset } from '../../../core/model/market.ts';
import { riskContext, sizedEntry, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './fractional-preflight.ts';

const lot = quantity('0.000000001');
const buying = (shares: string) => riskContext({ lot, sized: sizedEntry({ quantity: quantity(shares) }) });
const coin: Asset = {
  ...riskContext().asset!,
  symbol: 'BTC/USD',
  minOrderSize: quantity('0.01'),
  minTradeIncrement: quantity('0.004'),
};
const coins = (shares: string, asset: Asset | null = coin) => ({
  ...buying(shares),
  signal: tradeSignal({ ticker: 'BTC/USD' }),
  asset,
});

describe('fractional-preflight', () => {
  it('takes parts of a share that are worth a dollar, and no less', () => {
    // At 150.00 a share.
    expect(verdictOf(rule, buying('0.006666667')).verdict).toBe('pass');
    expect(verdictOf(rule, buying('0.006666666'))).toMatchObject({
      verdict: 'deny',
      code: 'RISK_FRACTION_NOT_TAKEN',
      sentence: 'Not sent: the order is worth 0.9999999, the least that the venue takes is 1.00.',
    });
    expect(verdictOf(rule, buying('1'), { minValue: '1000' }).verdict).toBe('pass');
  });

  it('takes nine decimals, and cuts what has more', () => {
    expect(verdictOf(rule, buying('1.123456789')).verdict).toBe('pass');
    expect(verdictOf(rule, buying('1.1234567891')).sentence).toContain('from 1.1234567891 to 1.123456789:');
    expect(verdictOf(rule, buying('1.1234567891'), {}, { severity: 'deny' }).verdict).toBe('deny');
  });

  it('takes coins from their least size on, in their steps', () => {
    expect(verdictOf(rule, coins('0.012')).verdict).toBe('pass');
    expect(verdictOf(rule, coins('0.013')).sentence).toContain('from 0.013 to 0.012:');
    expect(verdictOf(rule, coins('0.009')).sentence).toBe(
      'Not sent: the order is for 0.009, the least that the venue takes is 0.01.',
    );
    const { minOrderSize: _size, minTradeIncrement: _step, ...plain } = coin;
    expect(verdictOf(rule, coins('0.009', plain)).verdict).toBe('pass');
    expect(verdictOf(rule, coins('0.009', null)).sentence).toContain('is not known');
  });

  it('is not known without a price', () => {
    const sized = sizedEntry({ quantity: quantity('1.5'), referencePrice: null });
    expect(verdictOf(rule, { ...buying('1.5'), sized }).sentence).toContain('is not known');
  });
});

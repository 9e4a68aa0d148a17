import { describe, expect, it } from 'vitest';
import { quantity } from '../../../core/decimal.ts';
import {
  accountView,
  openOrder,
  position,
  riskContext,
  sizedEntry,
  tradeSignal,
  verdictOf,
} from '../../../testing/risk-context.ts';
import { rule } from './short-preflight.ts';

const selling = (shares = '50') => riskContext({ sized: sizedEntry({ side: 'sell', quantity: quantity(shares) }) });

describe('short-preflight', () => {
  it('takes whole shares, and reduces to them', () => {
    expect(verdictOf(rule, selling('50')).verdict).toBe('pass');
    expect(verdictOf(rule, selling('50.000000001'))).toMatchObject({
      verdict: 'deny',
      code: 'RISK_SHORT_NOT_TAKEN',
      sentence: 'Not sent: a short is for whole shares, and the order is for 50.000000001.',
    });
    expect(verdictOf(rule, selling('50.5'), {}, { severity: 'reduce' }).sentence).toContain('from 50.5 to 50:');
    expect(verdictOf(rule, selling('0.5'), {}, { severity: 'reduce' }).verdict).toBe('deny');
  });

  it('is none beside shares that are held, or a buy that is open', () => {
    const beside = (change: Parameters<typeof accountView>[0]) =>
      verdictOf(rule, { ...selling(), account: accountView(change) }).verdict;
    expect(beside({ positions: [position('AAPL', '1', '150')] })).toBe('deny');
    expect(beside({ positions: [position('AAPL', '-1', '150'), position('MSFT', '1', '400')] })).toBe('pass');
    expect(beside({ openOrders: [openOrder()] })).toBe('deny');
    expect(beside({ openOrders: [openOrder({ role: 'stop_loss' }), openOrder({ symbol: 'MSFT' })] })).toBe('pass');
  });

  it('denies coins, what is not lent, and what is not known', () => {
    const { asset } = selling();
    expect(verdictOf(rule, { ...selling(), asset: { ...asset!, shortable: false } }).verdict).toBe('deny');
    expect(verdictOf(rule, { ...selling(), asset: null }).sentence).toContain('is not known');
    expect(verdictOf(rule, { ...selling(), signal: tradeSignal({ ticker: 'BTC/USD' }) }).verdict).toBe('deny');
    expect(verdictOf(rule, riskContext({ asset: null })).verdict).toBe('not_applicable');
  });
});

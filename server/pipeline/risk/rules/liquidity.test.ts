import { describe, expect, it } from 'vitest';
import { quantity } from '../../../core/decimal.ts';
import { dailyBars, knownMarket } from '../../../testing/market-facts.ts';
import { riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './liquidity.ts';

/** 5,000 are traded in a day: a hundredth is 50. */
const ask = (shares: string, bars = dailyBars(20), severity: 'deny' | 'reduce' = 'deny') => {
  const sized = sizedEntry({ quantity: quantity(shares) });
  return verdictOf(rule, riskContext({ sized, market: knownMarket({ bars }) }), {}, { severity });
};

describe('liquidity', () => {
  it('passes at the share, and denies over it', () => {
    expect(ask('50')).toMatchObject({ verdict: 'pass', inputs: { averageVolume: '5000' } });
    expect(ask('51')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_LIQUIDITY',
      sentence: 'Not sent: the order is 1.02 % of the average daily volume of AAPL, the limit is 1 %.',
      limit: '1 % of 20 days’ average volume',
    });
    expect(ask('51', dailyBars(20), 'reduce').sentence).toContain('from 51 to 50:');
  });

  it('counts the last days alone', () => {
    const [before, after] = [dailyBars(40, { volume: '1000000' }), dailyBars(20)];
    expect(ask('51', [...before.slice(0, 20), ...after]).verdict).toBe('deny');
  });

  it('denies without bars, with too few, and where nothing is traded', () => {
    expect(verdictOf(rule, riskContext()).sentence).toBe(
      'Not sent: how much of AAPL is traded in a day is not known over 20 days.',
    );
    expect(ask('1', dailyBars(19)).sentence).toContain('is not known');
    expect(ask('1', []).sentence).toContain('is not known');
    expect(ask('1', dailyBars(20, { volume: '0' })).sentence).toContain('more than all');
  });
});

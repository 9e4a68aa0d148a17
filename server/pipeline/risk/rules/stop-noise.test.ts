import { describe, expect, it } from 'vitest';
import { price } from '../../../core/decimal.ts';
import { dailyBars, knownMarket } from '../../../testing/market-facts.ts';
import { riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './stop-noise.ts';

/** The entry is at 150, and a day moves by 4: half of it is 2, ten times is 40. */
const stop = (at: string, bars = dailyBars(15)) =>
  verdictOf(rule, riskContext({ sized: sizedEntry({ stopLoss: price(at) }), market: knownMarket({ bars }) }));

describe('stop-noise', () => {
  it('denies a stop inside the noise', () => {
    expect(stop('148')).toMatchObject({ verdict: 'pass', inputs: { averageTrueRange: '4', multiple: '0.5' } });
    expect(stop('148.01')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_STOP_NOISE',
      sentence: 'Not sent: the stop is 1.99 away, 0.5 average true ranges of AAPL, inside the noise: the least is 0.5.',
    });
  });

  it('denies a stop that is out of reach', () => {
    expect(stop('110').verdict).toBe('pass');
    expect(stop('109.99').sentence).toContain('too far: the most is 10.');
  });

  it('denies without bars, with too few, without a price, and where nothing moves', () => {
    expect(verdictOf(rule, riskContext()).sentence).toBe(
      'Not sent: the average true range of AAPL over 14 days is not known.',
    );
    expect(stop('148', dailyBars(14)).sentence).toContain('is not known');
    expect(stop('148', dailyBars(15, { low: '150', high: '150' })).sentence).toContain('is not known');
    const sized = sizedEntry({ referencePrice: null });
    expect(verdictOf(rule, riskContext({ sized, market: knownMarket({ bars: dailyBars(15) }) })).verdict).toBe('deny');
  });

  it('has nothing to measure without a stop', () => {
    expect(verdictOf(rule, riskContext({ sized: sizedEntry({ stopLoss: null }) })).verdict).toBe('not_applicable');
  });
});

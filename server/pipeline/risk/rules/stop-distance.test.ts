import { describe, expect, it } from 'vitest';
import { decimal, price } from '../../../core/decimal.ts';
import { riskContext, sizedEntry, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './stop-distance.ts';

/** The entry is at 150: 0.1 % of it is 0.15, a quarter is 37.5. */
const stop = (at: string, side: 'buy' | 'sell' = 'buy') =>
  verdictOf(rule, riskContext({ sized: sizedEntry({ side, stopLoss: price(at) }) }));

describe('stop-distance', () => {
  it('passes at the nearest, and denies nearer', () => {
    expect(stop('149.85')).toMatchObject({ verdict: 'pass', inputs: { share: '0.001' } });
    expect(stop('149.8501')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_STOP_DISTANCE',
      sentence: 'Not sent: the stop is 0.0999 % from the entry, the least is 0.1 %.',
    });
    expect(stop('150.15', 'sell').verdict).toBe('pass');
    expect(stop('150.1499', 'sell').verdict).toBe('deny');
  });

  it('passes at the furthest, and denies further', () => {
    expect(stop('112.5').verdict).toBe('pass');
    expect(stop('112.49').sentence).toBe('Not sent: the stop is 25.01 % from the entry, the most is 25 %.');
  });

  it('measures a stop that trails by where it begins', () => {
    const trailing = (trail: object) =>
      verdictOf(rule, riskContext({ sized: sizedEntry({ stopLoss: null }), signal: tradeSignal(trail) })).verdict;
    expect(trailing({ trailPercent: decimal('25') })).toBe('pass');
    expect(trailing({ trailPercent: decimal('25.1') })).toBe('deny');
    expect(trailing({ trailAmount: price('0.15') })).toBe('pass');
    expect(trailing({ trailAmount: price('0.1') })).toBe('deny');
  });

  it('denies without a price, and has nothing to measure without a stop', () => {
    const of = (change: object) => verdictOf(rule, riskContext({ sized: sizedEntry(change) }));
    expect(of({ referencePrice: null }).sentence).toContain('is not known');
    expect(of({ stopLoss: null }).verdict).toBe('not_applicable');
  });
});

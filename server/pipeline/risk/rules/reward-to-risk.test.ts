import { describe, expect, it } from 'vitest';
import { price } from '../../../core/decimal.ts';
import { riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './reward-to-risk.ts';

/** Two are at risk: the stop is at 148 of a buy at 150, or at 152 of a sell. */
const target = (at: string | null, side: 'buy' | 'sell' = 'buy', withoutTarget = false) => {
  const stopLoss = price(side === 'buy' ? '148' : '152');
  const sized = sizedEntry({ side, stopLoss, takeProfit: at === null ? null : price(at) });
  return verdictOf(rule, riskContext({ sized }), { minRatio: '1.5', withoutTarget });
};

describe('reward-to-risk', () => {
  it('passes at the least ratio, and denies under it', () => {
    expect(target('153')).toMatchObject({ verdict: 'pass', inputs: { ratio: '1.5' } });
    expect(target('152.99')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_REWARD_TO_RISK',
      sentence: 'Not sent: 2.99 a share to gain for 2 at risk is 1.49 times, the least is 1.5.',
    });
    expect(target('147', 'sell').verdict).toBe('pass');
    expect(target('147.01', 'sell').verdict).toBe('deny');
    expect(target('140').verdict).toBe('deny');
  });

  it('denies what cannot be said: without a target, a stop or a price', () => {
    expect(target(null).sentence).toContain('is not known: there is no target.');
    const of = (change: object) => verdictOf(rule, riskContext({ sized: sizedEntry(change) }));
    expect(of({ stopLoss: null }).sentence).toContain('is not known: there is no stop');
    expect(of({ referencePrice: null }).verdict).toBe('deny');
    expect(of({ stopLoss: price('150') }).verdict).toBe('deny');
  });

  it('may do without a target', () => {
    expect(target(null, 'buy', true).verdict).toBe('pass');
    expect(target('152.99', 'buy', true).verdict).toBe('deny');
  });
});

import { describe, expect, it } from 'vitest';
import { money, quantity } from '../../../core/decimal.ts';
import { riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import type { SizedSignal } from '../rule.ts';
import { rule } from './max-loss-of-order.ts';

/** Two a share are at risk, of an equity of 100,000. */
const ask = (
  shares: string,
  change: Partial<SizedSignal> = {},
  equity = '100000',
  severity: 'deny' | 'reduce' = 'deny',
) => {
  const sized = sizedEntry({ quantity: quantity(shares), ...change });
  const parameters = { maxShareOfEquity: '0.01' };
  return verdictOf(rule, riskContext({ sized, equity: money(equity) }), parameters, { severity });
};

describe('max-loss-of-order', () => {
  it('passes at the share, and denies over it', () => {
    expect(ask('500')).toMatchObject({ verdict: 'pass', inputs: { loss: '1000.00' } });
    expect(ask('501')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_ORDER_LOSS',
      sentence: 'Not sent: the order could lose 1002.00, the limit is 1000.00, 1 % of equity.',
    });
    expect(ask('501', {}, '100000', 'reduce').sentence).toContain('from 501 to 500:');
  });

  it('lets nothing pass where there is no equity, not even what risks nothing', () => {
    const atItsStop = { stopLoss: sizedEntry().referencePrice };
    expect(ask('500', atItsStop).verdict).toBe('pass');
    for (const equity of ['0', '-0.01']) {
      expect(ask('500', atItsStop, equity)).toMatchObject({ verdict: 'deny', code: 'RISK_ORDER_LOSS' });
    }
    expect(ask('500', {}, '-0.01').sentence).toBe('Not sent: there is no equity to lose: it is -0.01.');
    expect(ask('500', atItsStop, '-0.01', 'reduce').verdict).toBe('deny');
  });

  it('counts a buy without a stop in full, and denies a short without one', () => {
    expect(ask('6', { stopLoss: null }).verdict).toBe('pass');
    expect(ask('7', { stopLoss: null })).toMatchObject({ verdict: 'deny', inputs: { loss: '1050.00', stop: false } });
    expect(ask('1', { stopLoss: null, side: 'sell' }).sentence).toContain('a short without a stop has no bound');
  });

  it('denies without a price, and without equity', () => {
    expect(ask('1', { referencePrice: null }).sentence).toContain('is not known');
    expect(ask('1', { referencePrice: null, stopLoss: null }).sentence).toContain('is not known');
    expect(ask('1', {}, '0').verdict).toBe('deny');
    expect(ask('1', {}, '-5', 'reduce').verdict).toBe('deny');
  });
});

import { describe, expect, it } from 'vitest';
import { decimal, price } from '../../../core/decimal.ts';
import { riskContext, sizedEntry, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './stop-required.ts';

const without = sizedEntry({ stopLoss: null });

describe('stop-required', () => {
  it('asks for a stop, fixed or trailing', () => {
    expect(verdictOf(rule, riskContext()).verdict).toBe('pass');
    expect(verdictOf(rule, riskContext({ sized: without }))).toMatchObject({
      verdict: 'deny',
      code: 'RISK_NO_STOP',
      sentence: 'Not sent: the entry has no stop.',
    });
    const trails = [{ trailAmount: price('2') }, { trailPercent: decimal('1.5') }];
    for (const trail of trails) {
      const context = riskContext({ sized: without, signal: tradeSignal(trail) });
      expect(verdictOf(rule, context)).toMatchObject({ verdict: 'pass', inputs: { trails: true } });
    }
  });
});

import { describe, expect, it } from 'vitest';
import { riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './strategy-enabled.ts';

describe('strategy-enabled', () => {
  it('opens nothing for a strategy that is switched off', () => {
    expect(verdictOf(rule, riskContext()).verdict).toBe('pass');
    expect(verdictOf(rule, riskContext({ strategyEnabled: false }))).toMatchObject({
      code: 'RISK_STRATEGY_DISABLED',
      sentence: 'Not sent: the strategy momentum is switched off.',
    });
    expect(rule.appliesTo).toBe('entries');
  });
});

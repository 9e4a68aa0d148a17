import { describe, expect, it } from 'vitest';
import { riskContext } from '../../../testing/risk-context.ts';
import { rule } from './kill-switch.ts';

describe('kill-switch', () => {
  it('denies entries while it is engaged, and says why it was', () => {
    expect(rule.evaluate(riskContext()).verdict).toBe('pass');
    const killSwitch = { engaged: true, reason: 'bad data', by: 'ada', at: '2026-11-20T16:00:00Z' };
    expect(rule.evaluate(riskContext({ killSwitch }))).toMatchObject({
      verdict: 'deny',
      code: 'RISK_KILL_SWITCH',
      sentence: 'Not sent: the kill switch is on (bad data).',
      inputs: { engaged: true, by: 'ada' },
    });
    expect(rule.appliesTo).toBe('entries');
  });
});

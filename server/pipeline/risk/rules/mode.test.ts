import { describe, expect, it } from 'vitest';
import { accountView, riskContext } from '../../../testing/risk-context.ts';
import { rule } from './mode.ts';

describe('mode', () => {
  it('needs an account of the mode that is switched on', () => {
    expect(rule.evaluate(riskContext())).toMatchObject({
      verdict: 'pass',
      sentence: 'Goes to Embedded paper (paper).',
      inputs: { mode: 'paper', account: 'Embedded paper', paperBecauseOf: 'signal' },
    });
    expect(rule.evaluate(riskContext({ account: null }))).toMatchObject({
      code: 'RISK_MODE',
      sentence: 'Not sent: there is no account that trades paper.',
    });
    expect(rule.evaluate(riskContext({ account: accountView({ enabled: false }) }))).toMatchObject({
      code: 'RISK_MODE',
      sentence: 'Not sent: the account Embedded paper is switched off.',
    });
  });

  it('never sends an order to an account of the other mode', () => {
    expect(rule.evaluate(riskContext({ account: accountView({ mode: 'production' }) })).code).toBe('RISK_MODE');
    expect(rule.evaluate(riskContext({ mode: 'production' })).code).toBe('RISK_MODE');
  });
});

import { describe, expect, it } from 'vitest';
import { accountView, riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './mode.ts';

describe('mode', () => {
  it('needs an account of the mode that is switched on', () => {
    expect(verdictOf(rule, riskContext())).toMatchObject({
      verdict: 'pass',
      sentence: 'Goes to Embedded paper (paper).',
      inputs: { mode: 'paper', account: 'Embedded paper', paperBecauseOf: 'signal' },
    });
    expect(verdictOf(rule, riskContext({ account: null }))).toMatchObject({
      code: 'RISK_MODE',
      sentence: 'Not sent: there is no account that trades paper.',
    });
    expect(verdictOf(rule, riskContext({ account: accountView({ enabled: false }) }))).toMatchObject({
      code: 'RISK_MODE',
      sentence: 'Not sent: the account Embedded paper is switched off.',
    });
  });

  it('never sends an order to an account of the other mode', () => {
    expect(verdictOf(rule, riskContext({ account: accountView({ mode: 'production' }) })).code).toBe('RISK_MODE');
    expect(verdictOf(rule, riskContext({ mode: 'production' })).code).toBe('RISK_MODE');
  });
});

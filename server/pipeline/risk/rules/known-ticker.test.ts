import { describe, expect, it } from 'vitest';
import { riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './known-ticker.ts';

describe('known-ticker', () => {
  it('needs the broker to know and to trade it', () => {
    const { asset } = riskContext();
    expect(verdictOf(rule, riskContext()).verdict).toBe('pass');
    expect(verdictOf(rule, riskContext({ asset: null }))).toMatchObject({
      code: 'RISK_UNKNOWN_TICKER',
      sentence: 'Not sent: the broker does not know the ticker AAPL.',
    });
    expect(verdictOf(rule, riskContext({ asset: { ...asset!, tradable: false } }))).toMatchObject({
      code: 'RISK_UNKNOWN_TICKER',
      sentence: expect.stringContaining('cannot be traded'),
    });
  });
});

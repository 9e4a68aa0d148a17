import { describe, expect, it } from 'vitest';
import { riskContext } from '../../../testing/risk-context.ts';
import { rule } from './known-ticker.ts';

describe('known-ticker', () => {
  it('needs the broker to know and to trade it', () => {
    const { asset } = riskContext();
    expect(rule.evaluate(riskContext()).verdict).toBe('pass');
    expect(rule.evaluate(riskContext({ asset: null }))).toMatchObject({
      code: 'RISK_UNKNOWN_TICKER',
      sentence: 'Not sent: the broker does not know the ticker AAPL.',
    });
    expect(rule.evaluate(riskContext({ asset: { ...asset!, tradable: false } }))).toMatchObject({
      code: 'RISK_UNKNOWN_TICKER',
      sentence: expect.stringContaining('cannot be traded'),
    });
  });
});

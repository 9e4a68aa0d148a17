import { describe, expect, it } from 'vitest';
import { quantity } from '../../../core/decimal.ts';
import { riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './displayed-size.ts';

const sizes = { bidSize: quantity('200'), askSize: quantity('100') };
const ask = (side: 'buy' | 'sell', shares: string, shown: object = sizes, severity: 'deny' | 'reduce' = 'deny') => {
  const context = riskContext({ sized: sizedEntry({ side, quantity: quantity(shares) }) });
  return verdictOf(
    rule,
    { ...context, quote: { ...context.quote!, ...shown } },
    { maxShareOfSize: '0.5' },
    { severity },
  );
};

describe('displayed-size', () => {
  it('holds a buy to the ask and a sell to the bid', () => {
    expect(ask('buy', '50').verdict).toBe('pass');
    expect(ask('buy', '51')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_DISPLAYED_SIZE',
      sentence: 'Not sent: the order is for 51, the ask shows 100, and the limit is 50 % of it.',
    });
    expect(ask('sell', '100').verdict).toBe('pass');
    expect(ask('sell', '101').verdict).toBe('deny');
    expect(ask('buy', '51', sizes, 'reduce').sentence).toContain('from 51 to 50:');
  });

  it('denies without a quote, and where it does not say', () => {
    expect(ask('buy', '1', {}).sentence).toBe('Not sent: how much is shown at the ask of AAPL is not known.');
    expect(verdictOf(rule, riskContext({ quote: null })).verdict).toBe('deny');
    expect(ask('buy', '1', { askSize: quantity('0') }).verdict).toBe('deny');
  });
});

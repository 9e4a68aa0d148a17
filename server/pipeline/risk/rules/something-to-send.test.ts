import { describe, expect, it } from 'vitest';
import { riskContext, sizedEntry, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './something-to-send.ts';

describe('something-to-send', () => {
  it('passes on what sizing found wrong, in its words', () => {
    const problem = { code: 'RISK_ZERO_QUANTITY', sentence: 'Not sent: 1 at risk buys less than one share.' } as const;
    expect(verdictOf(rule, riskContext({ sized: sizedEntry({ problem }) }))).toMatchObject({
      verdict: 'deny',
      ...problem,
    });
    expect(verdictOf(rule, riskContext())).toMatchObject({ verdict: 'pass', sentence: 'Buys 50 AAPL.' });
  });

  it('opens no short in what the broker does not lend, but closes a long in it', () => {
    const asset = { ...riskContext().asset!, shortable: false };
    const sell = riskContext({ signal: tradeSignal({ side: 'sell' }), sized: sizedEntry({ side: 'sell' }), asset });
    expect(verdictOf(rule, sell)).toMatchObject({ code: 'RISK_SHORT_NOT_ALLOWED' });
    expect(verdictOf(rule, { ...sell, sized: sizedEntry({ side: 'sell', intent: 'exit' }) }).verdict).toBe('pass');
    expect(verdictOf(rule, { ...sell, asset: { ...asset, shortable: true } }).verdict).toBe('pass');
  });
});

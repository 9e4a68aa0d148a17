import { describe, expect, it } from 'vitest';
import { price } from '../../../core/decimal.ts';
import { riskContext, sizedEntry, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './stop-side.ts';

// The market is 149.99 to 150.01.
const evaluate = (side: 'buy' | 'sell', stop: string, target: string | null) =>
  verdictOf(
    rule,
    riskContext({
      signal: tradeSignal({ side }),
      sized: sizedEntry({ side, stopLoss: price(stop), takeProfit: target === null ? null : price(target) }),
    }),
  );

describe('stop-side', () => {
  it('needs a buy’s stop below the bid', () => {
    expect(evaluate('buy', '149.98', null).verdict).toBe('pass');
    expect(evaluate('buy', '149.99', null)).toMatchObject({
      code: 'RISK_STOP_SIDE',
      sentence: 'Not sent: the stop 149.99 is not below the bid 149.99: it would be hit at once.',
    });
  });

  it('needs a sell’s stop above the ask', () => {
    expect(evaluate('sell', '150.02', null).verdict).toBe('pass');
    expect(evaluate('sell', '150.01', null)).toMatchObject({ code: 'RISK_STOP_SIDE' });
  });

  it('needs the target beyond the other side', () => {
    expect(evaluate('buy', '148', '150.02').verdict).toBe('pass');
    expect(evaluate('buy', '148', '150.01').code).toBe('RISK_STOP_SIDE');
    expect(evaluate('sell', '152', '149.98').verdict).toBe('pass');
    expect(evaluate('sell', '152', '149.99').code).toBe('RISK_STOP_SIDE');
  });

  it('has nothing to compare without a quote', () => {
    expect(verdictOf(rule, riskContext({ quote: null })).verdict).toBe('not_applicable');
  });
});

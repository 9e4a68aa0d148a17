import { describe, expect, it } from 'vitest';
import { price, quantity } from '../../../core/decimal.ts';
import { riskContext, sizedEntry, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './bracket-geometry.ts';

const of = (side: 'buy' | 'sell', stop: string | null, target: string | null, entry = '150.00') =>
  riskContext({
    sized: sizedEntry({
      side,
      referencePrice: price(entry),
      stopLoss: stop === null ? null : price(stop),
      takeProfit: target === null ? null : price(target),
    }),
  });
const verdict = (...given: Parameters<typeof of>) => verdictOf(rule, of(...given)).verdict;

// The quote is 149.99 to 150.01.
describe('bracket-geometry', () => {
  it('takes a stop a cent beyond the market, and none nearer', () => {
    expect(verdict('buy', '149.98', null)).toBe('pass');
    expect(verdictOf(rule, of('buy', '149.99', null))).toMatchObject({
      verdict: 'deny',
      code: 'RISK_BRACKET_NOT_TAKEN',
      sentence: 'Not sent: the stop 149.99 is not at least 0.01 below 149.99.',
    });
    expect([verdict('sell', '150.02', null), verdict('sell', '150.01', null)]).toEqual(['pass', 'deny']);
  });

  it('takes a target a cent beyond the market, and none nearer', () => {
    expect([verdict('buy', null, '150.02'), verdict('buy', null, '150.01')]).toEqual(['pass', 'deny']);
    expect([verdict('sell', null, '149.98'), verdict('sell', null, '149.99')]).toEqual(['pass', 'deny']);
  });

  it('keeps to the entry where that is nearer', () => {
    expect([verdict('buy', '148.99', null, '149.00'), verdict('buy', '149.00', null, '149.00')]).toEqual([
      'pass',
      'deny',
    ]);
    expect([verdict('buy', null, '151.01', '151'), verdict('buy', null, '151', '151')]).toEqual(['pass', 'deny']);
  });

  it('takes cents from a dollar on, and hundredths of one below', () => {
    expect(verdictOf(rule, of('buy', '148.005', null)).sentence).toContain('148.005 lies between two ticks');
    expect([verdict('buy', '0.9999', null), verdict('buy', '0.99999', null)]).toEqual(['pass', 'deny']);
    expect(verdict('buy', '-0.01', null)).toBe('deny');
  });

  it('looks at each of several targets', () => {
    const several = (...targets: readonly string[]) => {
      const context = of('buy', '148', '155');
      const parts = targets.map((one) => ({ price: price(one), quantity: quantity('25') }));
      return verdictOf(rule, { ...context, sized: { ...context.sized, targets: parts } }).verdict;
    };
    expect([several('155', '160'), several('155', '150')]).toEqual(['pass', 'deny']);
  });

  it('has nothing to look at without a stop and a target, or of a coin; and is not known without prices', () => {
    expect(verdict('buy', null, null)).toBe('not_applicable');
    expect(verdictOf(rule, { ...of('buy', '1', null), signal: tradeSignal({ ticker: 'BTC/USD' }) }).verdict).toBe(
      'not_applicable',
    );
    expect(verdictOf(rule, { ...of('buy', '148', null), quote: null }).sentence).toContain('is not known');
  });
});

import { describe, expect, it } from 'vitest';
import { price } from '../../../core/decimal.ts';
import { noon, riskContext, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './spread.ts';

const quoted = (bid: string, ask: string, ticker = 'AAPL') => {
  const quote = { symbol: ticker, bid: price(bid), ask: price(ask), at: noon };
  return verdictOf(rule, riskContext({ quote, signal: tradeSignal({ ticker }) }));
};

describe('spread', () => {
  it('passes at the limit, and denies over it, by the middle', () => {
    expect(quoted('99.5', '100.5')).toMatchObject({ verdict: 'pass', inputs: { spread: '0.01' }, limit: '1 %' });
    expect(quoted('99.5', '100.51')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_SPREAD',
      sentence: 'Not sent: AAPL is quoted 99.5 and 100.51, 1.01 % apart, the limit is 1 %.',
    });
    expect(quoted('149.99', '150.01').sentence).toBe('AAPL is quoted 149.99 and 150.01, 0.01 % apart.');
    expect(quoted('100', '100').sentence).toBe('AAPL is quoted 100 and 100, 0 % apart.');
  });

  it('has a limit of its own for coins', () => {
    expect(quoted('99', '101', 'BTC/USD')).toMatchObject({ verdict: 'pass', limit: '2 %' });
    expect(quoted('99', '101.01', 'BTC/USD').verdict).toBe('deny');
  });

  it('denies without a quote, and by one that cannot be', () => {
    expect(verdictOf(rule, riskContext({ quote: null })).sentence).toBe(
      'Not sent: the spread of AAPL is not known: there is no quote.',
    );
    expect(quoted('100.01', '100').sentence).toContain('it cannot be quoted 100.01 and 100');
    expect(quoted('0', '0').verdict).toBe('deny');
  });
});

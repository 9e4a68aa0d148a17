import { describe, expect, it } from 'vitest';
import { price, quantity } from '../../../core/decimal.ts';
import { accountView, openOrder, position, riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './concentration.ts';

// Three tickers of 7,500, one of them short and one on its way, beside the 7,500 of AAPL that are to be bought.
const even = riskContext({
  account: accountView({
    positions: [position('MSFT', '15', '7500'), position('TSLA', '-25', '7500')],
    openOrders: [openOrder({ symbol: 'NVDA', remaining: quantity('60'), referencePrice: price('125') })],
  }),
});

describe('concentration', () => {
  it('passes at the limit, and denies just over it', () => {
    const parameters = { maxIndex: '0.25', fromPositions: 4 };
    expect(verdictOf(rule, even, parameters)).toMatchObject({
      verdict: 'pass',
      inputs: { positions: 4, index: '0.250000' },
    });
    const more = { ...even, sized: sizedEntry({ quantity: quantity('51') }) };
    expect(verdictOf(rule, more, parameters)).toMatchObject({
      verdict: 'deny',
      code: 'RISK_CONCENTRATION',
      sentence: 'Not sent: the portfolio’s index of concentration would be 0.250019, the limit is 0.25.',
    });
  });

  it('adds the order to what is held of its ticker', () => {
    const adding = { ...even, signal: { ...even.signal, ticker: 'MSFT' } };
    // 15,000, 7,500 and 7,500.
    expect(verdictOf(rule, adding, { maxIndex: '1' }).inputs).toMatchObject({ positions: 3, index: '0.375000' });
  });

  it('does not count before there are enough positions', () => {
    expect(verdictOf(rule, even, { maxIndex: '0', fromPositions: 5 }).verdict).toBe('pass');
    expect(verdictOf(rule, even, { maxIndex: '0', fromPositions: 4 }).verdict).toBe('deny');
  });

  it('lets nothing pass without a price', () => {
    const unpriced = { ...even, sized: sizedEntry({ referencePrice: null }) };
    expect(verdictOf(rule, unpriced)).toMatchObject({ verdict: 'deny', inputs: { index: null } });
  });
});

import { describe, expect, it } from 'vitest';
import { money, price, quantity } from '../../../core/decimal.ts';
import { accountView, openOrder, position, riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './max-exposure.ts';

describe('max-exposure', () => {
  // 7,500 of AAPL are to be bought; 60,000 of MSFT are held at the latest price, 20,000 of TSLA short, 12,500 of NVDA on the way.
  const busy = riskContext({
    account: accountView({
      positions: [position('MSFT', '150', '50000'), position('TSLA', '-50', '30000')],
      openOrders: [
        openOrder({ symbol: 'NVDA', remaining: quantity('100'), referencePrice: price('125'), countedByBroker: true }),
        openOrder({ symbol: 'MSFT', role: 'take_profit', side: 'sell', remaining: quantity('150') }),
      ],
    }),
    prices: new Map([
      ['MSFT', price('400')],
      ['TSLA', price('400')],
    ]),
  });

  it('passes when the limit is hit, and denies a cent over it', () => {
    expect(verdictOf(rule, { ...busy, equity: money('100000') })).toMatchObject({
      verdict: 'pass',
      inputs: { held: '80000.00', openEntries: '12500.00', order: '7500.00', after: '100000.00' },
    });
    expect(verdictOf(rule, { ...busy, equity: money('99999.99') })).toMatchObject({
      verdict: 'deny',
      code: 'RISK_MAX_EXPOSURE',
      sentence: 'Not sent: the portfolio would be 100.00001 % of equity, the limit is 100 %.',
      limit: '100 % of equity',
    });
  });

  it('counts what has no price at cost', () => {
    expect(verdictOf(rule, { ...busy, prices: new Map() }).inputs.held).toBe('80000.00');
    expect(verdictOf(rule, { ...busy, prices: new Map([['MSFT', price('400')]]) }).inputs.held).toBe('90000.00');
  });

  it('lets nothing pass without equity', () => {
    expect(verdictOf(rule, { ...busy, equity: money('0') }).verdict).toBe('deny');
    expect(verdictOf(rule, { ...busy, equity: money('-1') }).verdict).toBe('deny');
  });
});

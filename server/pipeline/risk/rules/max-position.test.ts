import { describe, expect, it } from 'vitest';
import { money, price, quantity } from '../../../core/decimal.ts';
import { accountView, openOrder, position, riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './max-position.ts';

const buying = (shares: string, equity = '100000') =>
  verdictOf(rule, riskContext({ sized: sizedEntry({ quantity: quantity(shares) }), equity: money(equity) }));

describe('max-position', () => {
  it('passes when the limit is hit, and denies just over it', () => {
    // 20 % of 90,000 are 120 shares at 150.
    expect(buying('120', '90000')).toMatchObject({ verdict: 'pass', inputs: { after: '18000.00' } });
    expect(buying('121', '90000')).toMatchObject({ verdict: 'deny', code: 'RISK_MAX_POSITION' });
  });

  it('says the share and the limit, never the same number for both', () => {
    expect(buying('156').sentence).toBe('Not sent: AAPL would be 23.4 % of equity, the limit is 20 %.');
    expect(buying('120', '89999').sentence).toBe('Not sent: AAPL would be 20.0002 % of equity, the limit is 20 %.');
  });

  it('counts what is held at the latest price, and what open entries may add, of the same ticker alone', () => {
    const context = riskContext({
      account: accountView({
        positions: [position('AAPL', '40', '5000'), position('MSFT', '1000', '400000')],
        openOrders: [
          openOrder({ remaining: quantity('42'), referencePrice: price('150'), countedByBroker: true }),
          openOrder({ symbol: 'MSFT', remaining: quantity('1000') }),
          openOrder({ role: 'take_profit', side: 'sell', remaining: quantity('40') }),
        ],
      }),
      prices: new Map([['AAPL', price('155')]]),
    });
    // 40 x 155 + 42 x 150 + 50 x 150 = 20,000: the limit, exactly.
    expect(verdictOf(rule, context)).toMatchObject({
      verdict: 'pass',
      inputs: { held: '6200.00', openEntries: '6300.00', order: '7500.00', after: '20000.00' },
    });
    expect(verdictOf(rule, { ...context, equity: money('99999.99') }).verdict).toBe('deny');
  });

  it('lets nothing pass without equity', () => {
    expect(buying('1', '0').verdict).toBe('deny');
  });
});

import { describe, expect, it } from 'vitest';
import { money, price, quantity } from '../../../core/decimal.ts';
import { accountView, openOrder, riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './buying-power.ts';

// The context's order costs 7,500.
const withPower = (brokerBuyingPower: string, openOrders = [] as ReturnType<typeof openOrder>[]) =>
  verdictOf(rule, riskContext({ account: accountView({ brokerBuyingPower: money(brokerBuyingPower), openOrders }) }));

describe('buying-power', () => {
  it('passes when it is used up to the cent, and denies a cent more', () => {
    expect(withPower('7500').verdict).toBe('pass');
    expect(withPower('7499.99')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_BUYING_POWER',
      sentence: 'Not sent: the order costs 7500.00, buying power is 7499.99.',
    });
  });

  it('takes off what the broker did not know of when it told the figure, in any symbol, and nothing twice', () => {
    const unseen = openOrder({ symbol: 'MSFT', remaining: quantity('10'), referencePrice: price('400') });
    expect(withPower('11500', [unseen]).verdict).toBe('pass');
    expect(withPower('11499.99', [unseen])).toMatchObject({ verdict: 'deny', inputs: { entriesSince: '4000.00' } });
    expect(withPower('7500', [{ ...unseen, countedByBroker: true }]).verdict).toBe('pass');
    expect(withPower('7500', [{ ...unseen, role: 'stop_loss', side: 'sell' }]).verdict).toBe('pass');
  });

  it('leaves it to the broker as long as it has not told', () => {
    const account = accountView({ brokerBuyingPower: null });
    expect(verdictOf(rule, riskContext({ account })).verdict).toBe('not_applicable');
  });
});

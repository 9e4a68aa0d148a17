import { describe, expect, it } from 'vitest';
import { accountView, openOrder, riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './max-open-orders.ts';

const withOrders = (entries: number, exits: number, legs: number) => {
  const of = (role: 'entry' | 'exit' | 'stop_loss', count: number) =>
    Array.from({ length: count }, () => openOrder({ role }));
  const openOrders = [...of('entry', entries), ...of('exit', exits), ...of('stop_loss', legs)];
  return verdictOf(rule, riskContext({ account: accountView({ openOrders }) }));
};

describe('max-open-orders', () => {
  it('has room for one below the limit, and none at it', () => {
    expect(withOrders(40, 9, 0)).toMatchObject({ verdict: 'pass', inputs: { open: 49 } });
    expect(withOrders(40, 10, 0)).toMatchObject({
      code: 'RISK_MAX_OPEN_ORDERS',
      sentence: 'Not sent: 50 orders are open, the limit is 50.',
    });
  });

  it('does not count protective legs', () => {
    expect(withOrders(1, 0, 80)).toMatchObject({ inputs: { open: 1 }, sentence: '1 order is open.' });
  });
});

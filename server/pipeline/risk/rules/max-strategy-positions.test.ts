import { describe, expect, it } from 'vitest';
import { accountView, openOrder, position, riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './max-strategy-positions.ts';

const busy = riskContext({
  account: accountView({
    positions: [position('MSFT', '150', '60000'), position('XOM', '5', '500', 'swing')],
    openOrders: [openOrder({ symbol: 'NVDA' }), openOrder({ symbol: 'AMD', strategy: 'swing' })],
  }),
});

describe('max-strategy-positions', () => {
  it('has room for one below the limit, and none at it, counting the strategy’s own', () => {
    expect(verdictOf(rule, busy, { maxPositions: 3 })).toMatchObject({ verdict: 'pass', inputs: { open: 2 } });
    expect(verdictOf(rule, busy, { maxPositions: 2 })).toMatchObject({
      verdict: 'deny',
      code: 'RISK_MAX_POSITIONS',
      sentence: 'Not sent: momentum has 2 positions open or on their way, the limit is 2.',
    });
  });

  it('lets it add to its own, but not to another’s', () => {
    const into = (ticker: string) =>
      verdictOf(rule, { ...busy, signal: { ...busy.signal, ticker } }, { maxPositions: 2 }).verdict;
    expect([into('NVDA'), into('MSFT'), into('XOM')]).toEqual(['pass', 'pass', 'deny']);
  });
});

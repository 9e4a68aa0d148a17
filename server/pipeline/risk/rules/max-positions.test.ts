import { describe, expect, it } from 'vitest';
import { accountView, openOrder, position, riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './max-positions.ts';

// Two positions of one's own, one of another strategy, one on its way; a flat one and a stop are none.
const busy = riskContext({
  sectorOf: (symbol) => (symbol === 'XOM' ? 'Energy' : 'Tech'),
  account: accountView({
    positions: [
      position('MSFT', '150', '60000'),
      position('TSLA', '-50', '20000'),
      position('XOM', '5', '500', 'swing'),
      position('IBM', '0', '0'),
    ],
    openOrders: [
      openOrder({ symbol: 'NVDA' }),
      openOrder({ symbol: 'MSFT' }),
      openOrder({ symbol: 'AMD', side: 'sell', role: 'stop_loss' }),
    ],
  }),
});

describe('max-positions', () => {
  it('has room for one below the limit, and none at it', () => {
    expect(verdictOf(rule, busy, { maxPositions: 5 })).toMatchObject({ verdict: 'pass', inputs: { open: 4 } });
    expect(verdictOf(rule, busy, { maxPositions: 4 })).toMatchObject({
      verdict: 'deny',
      code: 'RISK_MAX_POSITIONS',
      sentence: 'Not sent: 4 positions are open or on their way, the limit is 4.',
    });
  });

  it('lets an order add to a position, or to an entry, at the limit', () => {
    for (const ticker of ['TSLA', 'NVDA'])
      expect(verdictOf(rule, { ...busy, signal: { ...busy.signal, ticker } }, { maxPositions: 0 }).verdict).toBe(
        'pass',
      );
    expect(verdictOf(rule, { ...busy, signal: { ...busy.signal, ticker: 'AMD' } }, { maxPositions: 4 }).verdict).toBe(
      'deny',
    );
  });

  it('is of a strategy or a sector its own', () => {
    const swing = { ...busy, signal: { ...busy.signal, strategy: 'swing' } };
    expect(verdictOf(rule, swing, { maxPositions: 1 }, { scope: { kind: 'strategy', name: 'swing' } })).toMatchObject({
      verdict: 'deny',
      inputs: { open: 1 },
    });
    const tech = { scope: { kind: 'sector', name: 'Tech' } } as const;
    expect(verdictOf(rule, busy, { maxPositions: 4 }, tech)).toMatchObject({ verdict: 'pass', inputs: { open: 3 } });
  });
});

import { describe, expect, it } from 'vitest';
import { friday, knownMarket } from '../../../testing/market-facts.ts';
import { riskContext, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './market-day.ts';

describe('market-day', () => {
  it('sends nothing on a day without a session', () => {
    expect(verdictOf(rule, riskContext({ market: knownMarket({ session: friday }) }))).toMatchObject({
      verdict: 'pass',
      sentence: 'The market is open today from 09:30 to 16:00.',
    });
    expect(verdictOf(rule, riskContext({ market: knownMarket({ session: 'closed' }) }))).toMatchObject({
      verdict: 'deny',
      code: 'RISK_MARKET_CLOSED',
      sentence: 'Not sent: the market is closed today.',
    });
  });

  it('denies without a calendar, but for coins', () => {
    expect(verdictOf(rule, riskContext())).toMatchObject({
      code: 'RISK_MARKET_CLOSED',
      sentence: 'Not sent: whether the market is open is not known: there is no calendar for today.',
    });
    const signal = tradeSignal({ ticker: 'BTC/USD' });
    expect(verdictOf(rule, riskContext({ signal })).verdict).toBe('not_applicable');
  });
});

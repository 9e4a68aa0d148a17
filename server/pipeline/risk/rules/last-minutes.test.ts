import { describe, expect, it } from 'vitest';
import { friday, knownMarket } from '../../../testing/market-facts.ts';
import { riskContext, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './last-minutes.ts';

const market = knownMarket({ session: friday });
const at = (time: string) =>
  verdictOf(rule, riskContext({ market, now: new Date(`2026-11-20T${time}Z`) }), { minutes: 10 });

describe('last-minutes', () => {
  it.each([
    ['20:49:59.999', 'pass'],
    ['20:50:00', 'deny'],
    ['20:59:59.999', 'deny'],
    ['21:00:00', 'pass'],
  ])('at %s UTC: %s', (time, verdict) => {
    expect(at(time).verdict).toBe(verdict);
  });

  it('says until when, and follows an early close', () => {
    expect(at('20:55:00')).toMatchObject({
      code: 'RISK_LAST_MINUTES',
      sentence: 'Not sent: the market closes at 16:00 in New York, entries are sent until 15:50.',
    });
    const early = knownMarket({ session: { ...friday, closesAt: new Date('2026-11-20T17:05:00Z') } });
    expect(verdictOf(rule, riskContext({ market: early })).sentence).toContain('closes at 12:05');
  });

  it('denies without a calendar, but for coins; a closed day has no close', () => {
    expect(verdictOf(rule, riskContext()).sentence).toContain('is not known');
    expect(verdictOf(rule, riskContext({ market: knownMarket({ session: 'closed' }) })).verdict).toBe('pass');
    expect(verdictOf(rule, riskContext({ signal: tradeSignal({ ticker: 'BTC/USD' }) })).verdict).toBe('not_applicable');
  });
});

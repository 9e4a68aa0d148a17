import { describe, expect, it } from 'vitest';
import { friday, knownMarket } from '../../../testing/market-facts.ts';
import { riskContext, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './market-session.ts';

const market = knownMarket({ session: friday });
const at = (time: string, extendedHours = false) =>
  verdictOf(rule, riskContext({ market, now: new Date(`2026-11-20T${time}Z`) }), { extendedHours });

describe('market-session', () => {
  it.each([
    ['14:29:59.999', false, 'deny'],
    ['14:30:00', false, 'pass'],
    ['20:59:59.999', false, 'pass'],
    ['21:00:00', false, 'deny'],
    ['08:59:59.999', true, 'deny'],
    ['09:00:00', true, 'pass'],
    ['14:29:59', true, 'pass'],
    ['23:59:59', true, 'pass'],
  ])('at %s UTC, with extended hours %s: %s', (time, extended, verdict) => {
    expect(at(time, extended).verdict).toBe(verdict);
  });

  it('ends the extended hours four hours after the close, an early one too', () => {
    const early = knownMarket({ session: { ...friday, closesAt: new Date('2026-11-20T18:00:00Z') } });
    const late = (now: string) =>
      verdictOf(rule, riskContext({ market: early, now: new Date(now) }), { extendedHours: true });
    expect(late('2026-11-20T21:59:59.999Z').verdict).toBe('pass');
    expect(late('2026-11-20T22:00:00Z').verdict).toBe('deny');
  });

  it('says the hours', () => {
    expect(at('21:30:00')).toMatchObject({
      code: 'RISK_MARKET_CLOSED',
      sentence: 'Not sent: it is 16:30; entries are sent from 09:30 to 16:00 in New York.',
    });
  });

  it('denies on a closed day and without a calendar, but for coins', () => {
    expect(verdictOf(rule, riskContext({ market: knownMarket({ session: 'closed' }) })).sentence).toContain(
      'closed today',
    );
    expect(verdictOf(rule, riskContext()).sentence).toContain('is not known');
    expect(verdictOf(rule, riskContext({ signal: tradeSignal({ ticker: 'BTC/USD' }) })).verdict).toBe('not_applicable');
  });
});

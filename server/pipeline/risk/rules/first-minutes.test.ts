import { describe, expect, it } from 'vitest';
import { friday, knownMarket } from '../../../testing/market-facts.ts';
import { riskContext, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './first-minutes.ts';

const market = knownMarket({ session: friday });
const at = (time: string) =>
  verdictOf(rule, riskContext({ market, now: new Date(`2026-11-20T${time}Z`) }), { minutes: 5 });

describe('first-minutes', () => {
  it.each([
    ['14:34:59.999', 'deny'],
    ['14:35:00', 'pass'],
    ['20:59:59.999', 'pass'],
    // What is sent before the opening and after the close waits for an opening.
    ['14:29:59', 'deny'],
    ['21:00:00', 'deny'],
  ])('at %s UTC: %s', (time, verdict) => {
    expect(at(time).verdict).toBe(verdict);
  });

  it('says from when on', () => {
    expect(at('14:31:00')).toMatchObject({
      code: 'RISK_FIRST_MINUTES',
      sentence: 'Not sent: the market opens at 09:30 in New York, entries are sent from 09:35 on.',
    });
  });

  it('denies on a closed day and without a calendar, but for coins', () => {
    expect(verdictOf(rule, riskContext({ market: knownMarket({ session: 'closed' }) })).code).toBe(
      'RISK_FIRST_MINUTES',
    );
    expect(verdictOf(rule, riskContext()).sentence).toContain('is not known');
    expect(verdictOf(rule, riskContext({ signal: tradeSignal({ ticker: 'BTC/USD' }) })).verdict).toBe('not_applicable');
  });
});

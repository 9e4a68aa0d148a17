import { describe, expect, it } from 'vitest';
import { everything } from '../../../core/model/risk-limit.ts';
import { riskContext, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { createLimitBook, readLimit } from '../limit-book.ts';
import { rule } from './trading-windows.ts';

const at = (time: string, parameters: Parameters<typeof verdictOf>[2] = {}) =>
  verdictOf(rule, riskContext({ now: new Date(time) }), parameters);

describe('trading-windows', () => {
  it.each([
    ['2026-11-20T14:29:59.999Z', 'deny'],
    ['2026-11-20T14:30:00.000Z', 'pass'],
    ['2026-11-20T20:59:59.999Z', 'pass'],
    ['2026-11-20T21:00:00.000Z', 'deny'],
    // In summer the same hours are an hour earlier in UTC.
    ['2026-07-17T13:30:00.000Z', 'pass'],
    ['2026-07-17T13:29:59.999Z', 'deny'],
    ['2026-11-21T17:00:00.000Z', 'deny'],
  ])('at %s it is: %s', (time, verdict) => {
    expect(at(time).verdict).toBe(verdict);
  });

  it('says what time it is, and which hours there are', () => {
    const windows = ['09:35-11:30', '13:30-15:50'];
    expect(at('2026-11-20T17:00:00Z', { windows, weekdays: ['Tue', 'Fri'] })).toMatchObject({
      verdict: 'deny',
      code: 'RISK_TRADING_WINDOW',
      sentence: 'Not sent: it is Fri 12:00 in New York; entries are sent Tue, Fri 09:35-11:30, 13:30-15:50.',
    });
    expect(at('2026-11-20T18:30:00Z', { windows }).verdict).toBe('pass');
  });

  it('lets nothing through without hours or days, and holds coins to them too', () => {
    expect(at('2026-11-20T17:00:00Z', { windows: [] }).sentence).toContain('at no time');
    expect(at('2026-11-20T17:00:00Z', { weekdays: [] }).sentence).toContain('no day');
    const coin = riskContext({ now: new Date('2026-11-21T17:00:00Z'), signal: tradeSignal({ ticker: 'BTC/USD' }) });
    expect(verdictOf(rule, coin).verdict).toBe('deny');
    expect(verdictOf(rule, coin, { weekdays: ['Sat'], windows: ['00:00-24:00'] }).verdict).toBe('pass');
  });

  it('cannot be set to a day that is none', () => {
    const limit = { scope: everything, severity: 'deny' as const, parameters: { weekdays: ['Friday'] } };
    expect(readLimit(rule, limit)).toContain('Days: of Mon, Tue, Wed, Thu, Fri, Sat, Sun');
    expect(createLimitBook([rule], []).base(rule.key)).toBeNull();
  });
});

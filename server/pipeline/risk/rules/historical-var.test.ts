import { describe, expect, it } from 'vitest';
import { money, quantity } from '../../../core/decimal.ts';
import { dailyBars, marketOf } from '../../../testing/daily-bars.ts';
import { accountView, position, riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './historical-var.ts';

// Of 100 days AAPL lost a half once, and a quarter once; MSFT stood still.
const flat = (close: string, days: number) => new Array<string>(days).fill(close);
const aapl = dailyBars([...flat('128', 40), ...flat('64', 30), ...flat('48', 31)]);
const market = marketOf({ AAPL: aapl, MSFT: dailyBars(flat('10', 101)) });
const context = (change: Parameters<typeof riskContext>[0] = {}) =>
  riskContext({ market, account: accountView({ positions: [position('MSFT', '10', '4000')] }), ...change });

describe('historical-var', () => {
  it('passes at the limit, and denies just over it, with what would be allowed', () => {
    // 99 % of 100 days leave out none but the worst: half of 7,500.
    expect(verdictOf(rule, context(), { maxShareOfEquity: '0.0375' })).toMatchObject({
      verdict: 'pass',
      inputs: { days: 100, before: '0.00', after: '3750.00' },
      limit: '3.8 % of equity',
    });
    const tighter = { maxShareOfEquity: '0.0374999' };
    expect(verdictOf(rule, context(), tighter)).toMatchObject({
      verdict: 'deny',
      code: 'RISK_VALUE_AT_RISK',
      sentence: 'Not sent: the historical value at risk of a day at 99 % would be 3.8 % of equity, the limit is 3.7 %.',
    });
    expect(verdictOf(rule, context(), tighter, { severity: 'reduce' }).sentence).toContain('from 50 to 49:');
  });

  it('looks at another day for another confidence', () => {
    expect(verdictOf(rule, context(), { confidence: '0.98' }).inputs.after).toBe('1875.00');
    expect(verdictOf(rule, context(), { confidence: '0.97' }).inputs.after).toBe('0.00');
  });

  it('is not known with too few days for the confidence, without bars, without equity or a price', () => {
    expect(verdictOf(rule, context(), { confidence: '0.999' }).sentence).toBe(
      'Not sent: the historical value at risk of a day at 99.9 % is not known: 100 days are too few to say.',
    );
    expect(verdictOf(rule, context(), { atLeast: 100 }).inputs.days).toBe(100);
    expect(verdictOf(rule, context(), { atLeast: 101 }).sentence).toContain('100 of 101 days');
    expect(verdictOf(rule, context({ market: marketOf({ AAPL: aapl }) }))).toMatchObject({
      verdict: 'deny',
      code: 'RISK_VALUE_AT_RISK',
      sentence: expect.stringContaining('is not known: the daily bars of MSFT'),
    });
    expect(verdictOf(rule, context({ equity: money('0') })).sentence).toContain('is not known');
    expect(verdictOf(rule, context({ sized: sizedEntry({ referencePrice: null }) })).verdict).toBe('deny');
  });

  it('counts what is held already', () => {
    const held = accountView({ positions: [position('AAPL', '100', '15000')] });
    const small = context({ account: held, sized: sizedEntry({ quantity: quantity('1') }) });
    expect(verdictOf(rule, small, {}, { severity: 'reduce' })).toMatchObject({
      verdict: 'deny',
      inputs: { before: '7500.00', after: '7575.00' },
    });
  });
});

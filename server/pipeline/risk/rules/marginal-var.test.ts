import { describe, expect, it } from 'vitest';
import { money, quantity } from '../../../core/decimal.ts';
import { closesOf, dailyBars, marketOf } from '../../../testing/daily-bars.ts';
import { accountView, position, riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './marginal-var.ts';

// AAPL goes up and down by 2 % in turns, 64 times: its deviation is 0.02 √(64 / 63), and 2.326… of them are lost at 99 %.
const aapl = dailyBars(closesOf(Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? 0.02 : -0.02))));
const market = marketOf({ AAPL: aapl });
const context = riskContext({ market });
const figure = 7500 * 0.02 * Math.sqrt(64 / 63) * 2.3263478740408408;
const shareText = (value: number): string => value.toFixed(9);

describe('marginal-var', () => {
  it('passes up to the limit, and denies over it, with what would be allowed', () => {
    const of = figure / 100_000;
    expect(verdictOf(rule, context, { maxShareOfEquity: shareText(of + 1e-8) })).toMatchObject({
      verdict: 'pass',
      inputs: { days: 64, before: '0.00', after: figure.toFixed(2) },
    });
    const tighter = { maxShareOfEquity: shareText(of - 1e-8) };
    expect(verdictOf(rule, context, tighter)).toMatchObject({
      verdict: 'deny',
      code: 'RISK_MARGINAL_VAR',
      sentence: expect.stringMatching(/^Not sent: .* would be (over )?[\d.]+ % of equity, the limit is [\d.]+ %\.$/),
    });
    expect(verdictOf(rule, context, tighter, { severity: 'reduce' }).sentence).toContain('from 50 to 49:');
  });

  it('lets pass whatever lowers the risk, and counts only what the order adds', () => {
    const account = accountView({ positions: [position('AAPL', '-100', '15000')] });
    const hedged = { ...context, account, sized: sizedEntry({ quantity: quantity('50') }) };
    const none = { maxShareOfEquity: '0' };
    expect(verdictOf(rule, hedged, none)).toMatchObject({ verdict: 'pass', inputs: { after: (-figure).toFixed(2) } });
    const long = { ...hedged, account: accountView({ positions: [position('AAPL', '100', '15000')] }) };
    expect(verdictOf(rule, long, none)).toMatchObject({ verdict: 'deny', inputs: { after: figure.toFixed(2) } });
  });

  it('is not known without bars, with too few, without equity or a price', () => {
    expect(verdictOf(rule, riskContext())).toMatchObject({
      verdict: 'deny',
      code: 'RISK_MARGINAL_VAR',
      sentence: expect.stringContaining('is not known: the daily bars of AAPL cannot be had'),
    });
    expect(verdictOf(rule, context, { atLeast: 64, maxShareOfEquity: '1' }).verdict).toBe('pass');
    expect(verdictOf(rule, context, { atLeast: 65, maxShareOfEquity: '1' }).sentence).toContain('64 of 65 days');
    expect(verdictOf(rule, { ...context, equity: money('0') }).sentence).toContain('there is no equity');
    expect(verdictOf(rule, { ...context, sized: sizedEntry({ referencePrice: null }) }).verdict).toBe('deny');
  });
});

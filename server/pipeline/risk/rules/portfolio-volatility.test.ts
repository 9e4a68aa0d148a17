import { describe, expect, it } from 'vitest';
import { money, quantity } from '../../../core/decimal.ts';
import { closesOf, dailyBars, marketOf } from '../../../testing/daily-bars.ts';
import { accountView, position, riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './portfolio-volatility.ts';

// AAPL goes up and down by 2 % in turns, 64 times: its deviation is 0.02 √(64 / 63), and √252 times that of a year.
const aapl = dailyBars(closesOf(Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? 0.02 : -0.02))));
const market = marketOf({ AAPL: aapl });
const context = riskContext({ market });
const figure = 7500 * 0.02 * Math.sqrt(64 / 63) * Math.sqrt(252);
const shareText = (value: number): string => value.toFixed(9);

describe('portfolio-volatility', () => {
  it('passes up to the limit, and denies over it, with what would be allowed', () => {
    const of = figure / 100_000;
    expect(verdictOf(rule, context, { maxShareOfEquity: shareText(of + 1e-8) })).toMatchObject({
      verdict: 'pass',
      inputs: { days: 64, before: '0.00', after: figure.toFixed(2) },
    });
    const tighter = { maxShareOfEquity: shareText(of - 1e-8) };
    expect(verdictOf(rule, context, tighter)).toMatchObject({
      verdict: 'deny',
      code: 'RISK_PORTFOLIO_VOLATILITY',
      sentence: expect.stringMatching(/^Not sent: .* would be (over )?[\d.]+ % of equity, the limit is [\d.]+ %\.$/),
    });
    expect(verdictOf(rule, context, tighter, { severity: 'reduce' }).sentence).toContain('from 50 to 49:');
  });

  it('falls when the order goes against what is held', () => {
    const account = accountView({ positions: [position('AAPL', '-100', '15000')] });
    const hedged = { ...context, account, sized: sizedEntry({ quantity: quantity('50') }) };
    expect(verdictOf(rule, hedged).inputs).toMatchObject({ before: (2 * figure).toFixed(2), after: figure.toFixed(2) });
  });

  it('is not known without bars, with too few, without equity or a price', () => {
    expect(verdictOf(rule, riskContext())).toMatchObject({
      verdict: 'deny',
      code: 'RISK_PORTFOLIO_VOLATILITY',
      sentence: expect.stringContaining('is not known: the daily bars of AAPL cannot be had'),
    });
    expect(verdictOf(rule, context, { atLeast: 64, maxShareOfEquity: '1' }).verdict).toBe('pass');
    expect(verdictOf(rule, context, { atLeast: 65, maxShareOfEquity: '1' }).sentence).toContain('64 of 65 days');
    expect(verdictOf(rule, { ...context, equity: money('0') }).sentence).toContain('there is no equity');
    expect(verdictOf(rule, { ...context, sized: sizedEntry({ referencePrice: null }) }).verdict).toBe('deny');
  });
});

import { describe, expect, it } from 'vitest';
import { dailyBars, marketOf } from '../../../testing/daily-bars.ts';
import { riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './historical-shortfall.ts';

// Of 100 days AAPL lost a half once, a quarter once, and stood still else.
const flat = (close: string, days: number) => new Array<string>(days).fill(close);
const market = marketOf({ AAPL: dailyBars([...flat('128', 40), ...flat('64', 30), ...flat('48', 31)]) });
const context = riskContext({ market });

describe('historical-shortfall', () => {
  it('passes at the limit, and denies just over it, with what would be allowed', () => {
    // The three worst of 100 days at 97.5 %: half, a quarter and nothing of 7,500.
    expect(verdictOf(rule, context, { maxShareOfEquity: '0.01875' })).toMatchObject({
      verdict: 'pass',
      inputs: { days: 100, after: '1875.00' },
    });
    const tighter = { maxShareOfEquity: '0.018' };
    expect(verdictOf(rule, context, tighter)).toMatchObject({
      verdict: 'deny',
      code: 'RISK_EXPECTED_SHORTFALL',
      sentence:
        'Not sent: the historical expected shortfall of a day at 97.5 % would be 1.9 % of equity, the limit is 1.8 %.',
    });
    expect(verdictOf(rule, context, tighter, { severity: 'reduce' }).sentence).toContain('from 50 to 48:');
  });

  it('is never less than the value at risk: what happened beyond counts', () => {
    expect(verdictOf(rule, context, { confidence: '0.98' }).inputs.after).toBe('2812.50');
  });

  it('is not known without bars, or with too few', () => {
    expect(verdictOf(rule, riskContext()).sentence).toContain('is not known: the daily bars of AAPL');
    expect(verdictOf(rule, context, { confidence: '0.999' }).sentence).toContain('too few to say');
  });
});

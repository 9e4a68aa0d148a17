import { describe, expect, it } from 'vitest';
import { closesOf, dailyBars, marketOf } from '../../../testing/daily-bars.ts';
import { accountView, position, riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './correlation.ts';

// TWIN moves as AAPL, MIRROR against it; FREE knows nothing of it: its moves are of the same size, half of them the other way.
const pattern = (signs: readonly number[]) =>
  dailyBars(closesOf(Array.from({ length: 64 }, (_, i) => 0.01 * signs[i % signs.length]!)));
const bars = {
  AAPL: pattern([1, -1, 1, -1]),
  TWIN: pattern([1, -1, 1, -1]),
  MIRROR: pattern([-1, 1, -1, 1]),
  FREE: pattern([1, 1, -1, -1]),
};
const market = marketOf(bars);
const holding = (...positions: readonly [string, string, string][]) =>
  riskContext({
    market,
    account: accountView({ positions: positions.map(([symbol, shares, cost]) => position(symbol, shares, cost)) }),
  });

describe('correlation', () => {
  it('passes up to the limit, and denies over it', () => {
    // Three quarters of the money move alike, one does not care: 0.75.
    const mixed = holding(['TWIN', '30', '6000'], ['FREE', '10', '2000']);
    expect(verdictOf(rule, mixed, { maxCorrelation: '0.750001' })).toMatchObject({
      verdict: 'pass',
      inputs: { correlation: '0.750000', symbols: 2, closest: 'TWIN', closestCorrelation: '1.000000' },
    });
    expect(verdictOf(rule, mixed, { maxCorrelation: '0.749999' })).toMatchObject({
      verdict: 'deny',
      code: 'RISK_CORRELATION',
      sentence: expect.stringMatching(/^Not sent: its correlation with what is held is 0\.75\d*, most like TWIN/),
    });
  });

  it('is exactly one at most: a limit of one lets everything through', () => {
    expect(verdictOf(rule, holding(['TWIN', '1', '10']), { maxCorrelation: '1' }).verdict).toBe('pass');
  });

  it('turns with the side of what is held, and of the order', () => {
    const twin = holding(['TWIN', '-30', '6000']);
    expect(verdictOf(rule, twin, { maxCorrelation: '0' })).toMatchObject({
      verdict: 'pass',
      inputs: { correlation: '-1.000000' },
    });
    const selling = { ...twin, sized: sizedEntry({ side: 'sell' }) };
    expect(verdictOf(rule, selling).verdict).toBe('deny');
    expect(verdictOf(rule, { ...holding(['MIRROR', '5', '600']), sized: selling.sized }).verdict).toBe('deny');
  });

  it('has nothing to look at when nothing else is held', () => {
    expect(verdictOf(rule, riskContext()).verdict).toBe('pass');
    expect(verdictOf(rule, holding(['AAPL', '100', '15000']), { maxCorrelation: '0' }).verdict).toBe('pass');
  });

  it('is not known without bars of either, with too few, and of what never moves', () => {
    const twin = holding(['TWIN', '30', '6000'], ['FREE', '10', '2000']);
    const known = (change: Partial<typeof bars> & Record<string, unknown>) =>
      verdictOf(rule, { ...twin, market: marketOf({ ...bars, ...change } as typeof bars) });
    expect(known({ AAPL: undefined }).sentence).toBe(
      'Not sent: how much it moves like what is held is not known: the daily bars of AAPL cannot be had.',
    );
    expect(known({ FREE: undefined }).sentence).toContain('the correlation of AAPL with FREE cannot be had');
    expect(known({ FREE: dailyBars(new Array(65).fill('5')) }).verdict).toBe('deny');
    expect(known({ FREE: bars.FREE.slice(-60) }).verdict).toBe('deny');
    expect(known({ FREE: bars.FREE.slice(-61) }).verdict).toBe('pass');
  });
});

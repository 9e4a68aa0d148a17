import { describe, expect, it } from 'vitest';
import { money } from '../../../core/decimal.ts';
import { noon, riskContext, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './bar-collision.ts';

/** An entry so many milliseconds before the bar of `noon`, 12:00 to 12:05, began. */
const entered = (
  msBefore: number,
  change: { strategy?: string; symbol?: string } = {},
  timeframe: string | null = '5m',
) => {
  const context = riskContext({ signal: tradeSignal({ timeframe }) });
  const entry = { at: new Date(noon.getTime() - msBefore), strategy: 'momentum', symbol: 'AAPL', value: money('1') };
  return verdictOf(rule, { ...context, activity: { ...context.activity, entries: [{ ...entry, ...change }] } });
};

describe('bar-collision', () => {
  it('counts an entry from the bar’s first moment on', () => {
    expect(entered(1)).toMatchObject({ verdict: 'pass', limit: '1 in 300 s' });
    expect(entered(0)).toMatchObject({
      verdict: 'deny',
      code: 'RISK_BAR_COLLISION',
      sentence:
        'Not sent: momentum entered AAPL at 2026-11-20T17:00:00.000Z, in the bar that began at 2026-11-20T17:00:00.000Z.',
    });
  });

  it('is about the strategy and the symbol', () => {
    expect(entered(0, { strategy: 'another' }).verdict).toBe('pass');
    expect(entered(0, { symbol: 'MSFT' }).verdict).toBe('pass');
    expect(verdictOf(rule, riskContext()).verdict).toBe('pass');
  });

  it('takes the limit’s length where the alert names no bar, and the day for longer ones', () => {
    expect(entered(0, {}, null).limit).toBe('1 in 60 s');
    const sinceMidnight = 12 * 3_600_000;
    expect(entered(sinceMidnight, {}, '1W').verdict).toBe('deny');
    expect(entered(sinceMidnight + 1, {}, '1W').verdict).toBe('pass');
  });
});

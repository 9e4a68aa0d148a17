import { describe, expect, it } from 'vitest';
import { money } from '../../../core/decimal.ts';
import type { LimitScope } from '../../../core/model/risk-limit.ts';
import { riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './orders-per-day.ts';

/** The day of `noon` began at 05:00 UTC. */
const ask = (times: string[], maxEntries: number, scope?: LimitScope) => {
  const context = riskContext();
  const entries = times.map((at) => ({ at: new Date(at), strategy: 'another', symbol: 'AAPL', value: money('1') }));
  return verdictOf(
    rule,
    { ...context, activity: { ...context.activity, entries } },
    { maxEntries },
    scope && { scope },
  );
};

describe('orders-per-day', () => {
  it('passes below the limit, and denies at it', () => {
    expect(ask(['2026-11-20T16:00:00Z'], 2)).toMatchObject({ verdict: 'pass', inputs: { entries: 1 } });
    expect(ask(['2026-11-20T16:00:00Z', '2026-11-20T15:00:00Z'], 2)).toMatchObject({
      verdict: 'deny',
      code: 'RISK_ORDERS_PER_DAY',
      sentence: 'Not sent: 2 entries were approved for this account today, the limit is 2.',
      limit: '2 a day',
    });
  });

  it('counts from the first moment of New York’s day', () => {
    expect(ask(['2026-11-20T05:00:00.000Z'], 1).verdict).toBe('deny');
    expect(ask(['2026-11-20T04:59:59.999Z'], 1).verdict).toBe('pass');
  });

  it('counts of what its limit is set for', () => {
    expect(ask(['2026-11-20T16:00:00Z'], 1, { kind: 'strategy', name: 'momentum' }).verdict).toBe('pass');
    expect(ask(['2026-11-20T16:00:00Z'], 1, { kind: 'symbol', name: 'AAPL' }).sentence).toContain(
      'for AAPL in this account',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { money } from '../../../core/decimal.ts';
import type { LimitScope } from '../../../core/model/risk-limit.ts';
import { noon, riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './orders-per-minute.ts';

const entry = (msAgo: number, strategy = 'momentum', symbol = 'AAPL') => ({
  at: new Date(noon.getTime() - msAgo),
  strategy,
  symbol,
  value: money('1'),
});
const ask = (entries: ReturnType<typeof entry>[], maxEntries = 2, scope?: LimitScope) => {
  const context = riskContext();
  const activity = { ...context.activity, entries };
  const sectorOf = (symbol: string) => (symbol === 'XOM' ? 'Energy' : 'Information Technology');
  return verdictOf(rule, { ...context, activity, sectorOf }, { maxEntries }, scope && { scope });
};

describe('orders-per-minute', () => {
  it('passes below the limit, and denies at it', () => {
    expect(ask([entry(0)])).toMatchObject({ verdict: 'pass', inputs: { entries: 1 }, limit: '2 a minute' });
    expect(ask([entry(0), entry(1)])).toMatchObject({
      verdict: 'deny',
      code: 'RISK_ORDERS_PER_MINUTE',
      sentence: 'Not sent: 2 entries were approved for this account in the last minute, the limit is 2.',
    });
    expect(ask([], 0).verdict).toBe('deny');
  });

  it('counts what is younger than a minute', () => {
    expect(ask([entry(0), entry(59_999)]).verdict).toBe('deny');
    expect(ask([entry(0), entry(60_000)]).verdict).toBe('pass');
  });

  it('counts of what its limit is set for', () => {
    const entries = [entry(0, 'another'), entry(1, 'momentum', 'XOM'), entry(2, 'momentum')];
    const of = (kind: LimitScope['kind'], name: string) => ask(entries, 3, { kind, name }).inputs.entries;
    expect(of('account', 'account')).toBe(3);
    expect(of('strategy', 'momentum')).toBe(2);
    expect(of('symbol', 'AAPL')).toBe(2);
    expect(of('sector', 'Information Technology')).toBe(2);
    const strategy = { kind: 'strategy' as const, name: 'momentum' };
    expect(ask(entries, 2, strategy).sentence).toContain('for the strategy momentum in this account');
  });
});

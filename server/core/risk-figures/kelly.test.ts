import { describe, expect, it } from 'vitest';
import { Big, money, text } from '../decimal.ts';
import { fromAmount } from './amounts.ts';
import { kellyOfReturns, kellyOfTrades } from './kelly.ts';
import { expectNear, golden } from './testing/golden.ts';

const options = { fraction: new Big('0.25'), cap: new Big('0.02'), atLeast: 2 };
const whole = { fraction: new Big('1'), cap: new Big('100'), atLeast: 2 };
const trades = (...profits: readonly string[]) =>
  profits.map((profit, i) => ({ closedAt: new Date(i * 1000), profit: money(profit) }));

describe('Kelly of trades', () => {
  it('is where scipy finds the fastest growth', () => {
    const found = kellyOfTrades(trades(...golden.kelly.trades), whole)!;
    expectNear(fromAmount(found.winRate), golden.kelly.winRate);
    expectNear(fromAmount(found.payoffRatio), golden.kelly.payoffRatio);
    expectNear(fromAmount(found.full!), golden.kelly.full);
    expectNear(fromAmount(found.applied), golden.kelly.full);
    expect(found.wins + found.losses).toBe(golden.kelly.trades.length - 2); // Two earned nothing.
  });
  it('of the coin that pays two to one is a quarter', () => {
    const found = kellyOfTrades(trades('200', '-100'), whole)!;
    expect([found.winRate, found.payoffRatio, found.full!, found.applied].map(text)).toEqual([
      '0.5',
      '2',
      '0.25',
      '0.25',
    ]);
  });
  it('is taken in part, and never over its cap', () => {
    expect(text(kellyOfTrades(trades('200', '-100'), { ...options, cap: new Big('1') })!.applied)).toBe('0.0625');
    expect(text(kellyOfTrades(trades('200', '-100'), options)!.applied)).toBe('0.02');
    expect(text(kellyOfTrades(trades('200', '-100'), { ...options, cap: new Big('0.0625') })!.applied)).toBe('0.0625');
  });
  it('rounds down', () => {
    expect(text(kellyOfTrades(trades('300', '-100', '-100', '100'), whole)!.applied)).toBe('0.25');
    expect(text(kellyOfTrades(trades('200', '200', '-100'), { ...whole, fraction: new Big('0.1') })!.applied)).toBe(
      '0.05',
    );
    expect(text(kellyOfTrades(trades('300', '-100', '-100'), { ...whole, fraction: new Big('0.3') })!.applied)).toBe(
      '0.033333333333',
    );
  });
  it('is zero without an edge', () => {
    const even = kellyOfTrades(trades('100', '-100'), options)!;
    expect([even.full!, even.applied].map(text)).toEqual(['0', '0']);
    const losing = kellyOfTrades(trades('100', '-300'), options)!;
    expect([losing.full!, losing.applied].map(text)).toEqual(['-1', '0']);
    const hopeless = kellyOfTrades(trades('-1', '-2'), options)!;
    expect(hopeless).toMatchObject({ wins: 0, losses: 2, full: null });
    expect(text(hopeless.applied)).toBe('0');
    // 0.1 + 0.2 - 0.3 is nothing.
    expect(text(kellyOfTrades(trades('0.1', '0.2', '-0.3'), options)!.applied)).toBe('0');
  });
  it('is not known of too few trades, nor without a loss', () => {
    expect(kellyOfTrades([], options)).toBeNull();
    expect(kellyOfTrades(trades('200', '0'), options)).toBeNull();
    expect(kellyOfTrades(trades('200', '-100'), { ...options, atLeast: 3 })).toBeNull();
    expect(kellyOfTrades(trades('200', '-100', '5'), { ...options, atLeast: 3 })).not.toBeNull();
    expect(kellyOfTrades(trades('200', '100'), options)).toBeNull();
  });
});

describe('Kelly of returns', () => {
  it('is mean over variance', () => {
    const found = kellyOfReturns(golden.returns.simple, whole)!;
    expectNear(found.full, golden.kelly.ofReturns);
    expect(found.observations).toBe(golden.returns.simple.length);
  });
  it('is taken in part, capped, and zero without an edge', () => {
    expect(text(kellyOfReturns([0.03, -0.01], options)!.applied)).toBe('0.02');
    expect(text(kellyOfReturns([0.01, -0.03], options)!.applied)).toBe('0');
    const part = kellyOfReturns([3, -1], { fraction: new Big('0.5'), cap: new Big('1'), atLeast: 2 })!;
    expect(text(part.applied)).toBe('0.0625'); // Mean 1, variance 8.
  });
  it('is not known of too few returns, or of what does not vary', () => {
    for (const few of [[], [0.01], [0.01, 0.01, 0.01]])
      expect(kellyOfReturns(few, { ...options, atLeast: 1 })).toBeNull();
    expect(kellyOfReturns([0.01, 0.02], { ...options, atLeast: 3 })).toBeNull();
    expect(kellyOfReturns([1e-170, 2e-170], options)).toBeNull();
    expect(() => kellyOfReturns([0.01, Number.NaN], options)).toThrow(RangeError);
  });
});

describe('options of Kelly', () => {
  it.each([
    { fraction: new Big('0') },
    { fraction: new Big('1.1') },
    { cap: new Big('0') },
    { atLeast: 0 },
    { atLeast: 1.5 },
  ])('%j are refused', (wrong) => {
    expect(() => kellyOfTrades(trades('200', '-100'), { ...options, ...wrong })).toThrow(RangeError);
    expect(() => kellyOfReturns([0.01, -0.01], { ...options, ...wrong })).toThrow(RangeError);
  });
});

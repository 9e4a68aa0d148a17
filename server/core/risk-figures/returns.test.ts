import { describe, expect, it } from 'vitest';
import { price } from '../decimal.ts';
import { logReturns, simpleReturns } from './returns.ts';
import { expectAllNear, golden, goldenCloses } from './testing/golden.ts';

describe('returns', () => {
  const closes = goldenCloses('AAPL').map(({ close }) => close);
  it('are those of numpy', () => {
    expectAllNear(simpleReturns(closes)!, golden.returns.simple, 1e-15);
    expectAllNear(logReturns(closes)!, golden.returns.log, 1e-15);
  });
  it('of one close, or none, are not known', () => {
    for (const few of [[], [price('1')]]) {
      expect(simpleReturns(few)).toBeNull();
      expect(logReturns(few)).toBeNull();
    }
  });
  it('of a price that did not move are zero', () => {
    expect([...simpleReturns([price('5'), price('5')])!]).toEqual([0]);
    expect([...logReturns([price('5'), price('5')])!]).toEqual([0]);
  });
  it.each(['0', '-1', '1e-40', '1e40'])('of a close of %s are refused', (close) => {
    expect(() => simpleReturns([price('1'), price(close)])).toThrow(/close\[1\]/);
  });
});

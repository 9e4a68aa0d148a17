import { describe, expect, it } from 'vitest';
import { decimal } from '../../core/decimal.ts';
import { evidenceOf } from './evidence.ts';

const asked = { minDays: 20, minTrades: 30, maxSlippageBps: '25' };
const met = (days: number, trades: number, bps: string | null) =>
  evidenceOf(asked, { days, trades, medianSlippageBps: bps === null ? null : decimal(bps) }).map((line) => line.met);

describe('what a strategy must have shown on paper', () => {
  it('is enough at the limits, and not below them', () => {
    expect(met(20, 30, '25')).toEqual([true, true, true]);
    expect(met(19, 29, '25.01')).toEqual([false, false, false]);
  });

  it('is not enough while nothing could be measured', () => {
    expect(met(100, 100, null)).toEqual([true, true, false]);
  });

  it('may have been better than the market, and names figure and limit', () => {
    const lines = evidenceOf(asked, { days: 3, trades: 4, medianSlippageBps: decimal('-2.5') });
    expect(lines.map(({ key, required, found }) => [key, required, found])).toEqual([
      ['days', '20', '3'],
      ['trades', '30', '4'],
      ['slippage', '25', '-2.5'],
    ]);
    expect(lines[0]!.sentence).toContain('3 of the 20 days');
  });
});

import { describe, expect, it } from 'vitest';
import { Big, money, text } from '../decimal.ts';
import { fromAmount } from './amounts.ts';
import { currentDrawdown, drawdownFrom, drawdowns, maximumDrawdown } from './drawdown.ts';
import { drawdownSteps, sizeAtDrawdown } from './drawdown-steps.ts';
import { expectAllNear, expectNear, golden } from './testing/golden.ts';

const equity = (...values: readonly string[]) => values.map((value) => money(value));

describe('a drawdown', () => {
  it('series, and its maximum, are those of numpy', () => {
    const series = golden.drawdown.equity.map((value) => money(value));
    expectAllNear(
      drawdowns(series).map((one) => fromAmount(one!.fraction)),
      golden.drawdown.fractions,
      1e-15,
    );
    const { fraction, ...where } = golden.drawdown.maximum;
    expect(maximumDrawdown(series)).toMatchObject(where);
    expectNear(fromAmount(maximumDrawdown(series)!.fraction), fraction);
    expectNear(fromAmount(currentDrawdown(series)!.fraction), golden.drawdown.fractions.at(-1)!);
    // The golden series recovers; cut before that, it has not yet.
    expect(maximumDrawdown(series.slice(0, where.recoveredIndex!))!.recoveredIndex).toBeNull();
  });
  it('is zero at a new peak, and over one below zero equity', () => {
    expect(text(drawdownFrom(money('100'), money('120'))!.fraction)).toBe('0');
    expect(text(drawdownFrom(money('100'), money('120'))!.peak)).toBe('120');
    expect(text(currentDrawdown(equity('100', '0'))!.fraction)).toBe('1');
    expect(text(currentDrawdown(equity('100', '-50'))!.fraction)).toBe('1.5');
  });
  it('is not known of nothing, nor before equity was above zero', () => {
    expect(currentDrawdown([])).toBeNull();
    expect(maximumDrawdown([])).toBeNull();
    expect(currentDrawdown(equity('0', '-5'))).toBeNull();
    expect(maximumDrawdown(equity('0'))).toBeNull();
    expect(drawdownFrom(money('0'), money('0'))).toBeNull();
    const late = drawdowns(equity('-5', '0', '100', '90'));
    expect(late.map((one) => one && text(one.fraction))).toEqual([null, null, '0', '0.1']);
  });
  it('at its maximum has a peak, a trough, and a day of recovery', () => {
    const found = maximumDrawdown(equity('90', '100', '80', '99', '100', '80', '130'))!;
    expect(found).toMatchObject({ peakIndex: 1, troughIndex: 2, recoveredIndex: 4 });
    expect(text(found.amount)).toBe('20');
  });
  it('of a series that only rose is zero, with nothing to recover from', () => {
    const found = maximumDrawdown(equity('1', '2', '3'))!;
    expect(text(found.fraction)).toBe('0');
    expect(found.recoveredIndex).toBeNull();
  });
});

describe('steps', () => {
  const step = (atOrOver: string, factor: string) => ({ atOrOver: new Big(atOrOver), factor: new Big(factor) });
  const table = drawdownSteps([step('0.2', '0'), step('0.05', '0.75'), step('0.1', '0.5')]);
  const at = (now: string, peak = '100000') => sizeAtDrawdown(drawdownFrom(money(peak), money(now))!, table);
  it.each([
    ['100000', '1', false],
    ['95000.01', '1', false],
    ['95000', '0.75', false],
    ['90000.01', '0.75', false],
    ['90000', '0.5', false],
    ['80000.01', '0.5', false],
    ['80000', '0', true],
    ['-1', '0', true],
    ['123456', '1', false],
  ])('at %s of 100000 make sizes %s', (now, factor, stop) => {
    const found = at(now);
    expect(text(found.factor)).toBe(factor);
    expect(found.stop).toBe(stop);
    expect(found.step === null).toBe(factor === '1');
  });
  it('are met exactly where binary numbers would miss them', () => {
    expect(text(at('90.09', '100.10').factor)).toBe('0.5');
    expect(text(at('90.0900000000000000000000001', '100.10').factor)).toBe('0.75');
  });
  it('may be none', () => {
    expect(sizeAtDrawdown(drawdownFrom(money('100'), money('1'))!, [])).toMatchObject({ step: null, stop: false });
  });
  it.each([
    ['a threshold of zero', [step('0', '0.5')]],
    ['a threshold over one', [step('1.01', '0.5')]],
    ['a factor over one', [step('0.1', '1.5')]],
    ['a factor below zero', [step('0.1', '-0.5')]],
    ['a threshold twice', [step('0.1', '0.5'), step('0.10', '0.4')]],
    ['sizes that grow again', [step('0.1', '0.5'), step('0.2', '0.6')]],
  ])('are refused with %s', (_, steps) => {
    expect(() => drawdownSteps(steps)).toThrow(RangeError);
  });
});

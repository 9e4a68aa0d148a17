import { describe, expect, it } from 'vitest';
import { money, text } from '../decimal.ts';
import { losingStreak } from './streak.ts';

const trades = (...profits: readonly string[]) =>
  profits.map((profit, i) => ({ closedAt: new Date(i * 1000), profit: money(profit) }));

describe('a losing streak', () => {
  it.each([
    [[], 0, '0'],
    [['-5'], 1, '5'],
    [['5'], 0, '0'],
    [['-5', '5'], 0, '0'],
    [['-1', '5', '-2', '-3'], 2, '5'],
    [['5', '-2', '0', '-3', '0'], 2, '5'],
    [['0'], 0, '0'],
  ])('of %j is %i long and lost %s', (profits, length, lost) => {
    const streak = losingStreak(trades(...profits));
    expect(streak.length).toBe(length);
    expect(text(streak.lost)).toBe(lost);
  });
  it('has a beginning and an end', () => {
    const [, , third, fourth] = trades('-1', '5', '-2', '-3');
    const streak = losingStreak(trades('-1', '5', '-2', '-3'));
    expect([streak.firstAt, streak.lastAt]).toEqual([third!.closedAt, fourth!.closedAt]);
    expect(losingStreak(trades('5'))).toMatchObject({ firstAt: null, lastAt: null });
  });
  it('goes by when trades closed, whatever order they come in', () => {
    const shuffled = trades('-1', '5', '-2', '-3').reverse();
    expect(losingStreak(shuffled).length).toBe(2);
    expect(shuffled.map(({ profit }) => text(profit))).toEqual(['-3', '-2', '5', '-1']);
  });
  it('is refused for a trade that closed at no moment', () => {
    expect(() => losingStreak([{ closedAt: new Date('x'), profit: money('1') }])).toThrow(RangeError);
  });
});

import { int, rangeStop, rangeStopRules, type Template } from '../template.ts';

export const template: Template = {
  key: 'donchian-breakout',
  name: 'Donchian breakout',
  says: [
    'It buys when a bar closes above the highest high of the entryLength bars before it, and sells short when one closes below their lowest low.',
    'It leaves when a bar closes beyond the opposite extreme of the exitLength bars before it.',
    'The stop is stopMultiple average true ranges away from the close it entered at.',
  ],
  parameters: [
    int('entryLength', 20, 2, 1000, 'Bars of the channel whose break enters.'),
    int('exitLength', 10, 1, 1000, 'Bars of the channel whose break leaves.'),
    ...rangeStop,
  ],
  rules: [
    'entryHigh = ta.highest(high, entryLength)',
    'entryLow = ta.lowest(low, entryLength)',
    'exitHigh = ta.highest(high, exitLength)',
    'exitLow = ta.lowest(low, exitLength)',
    'goLong = close > entryHigh[1]',
    'goShort = close < entryLow[1]',
    'leaveLong = close < exitLow[1]',
    'leaveShort = close > exitHigh[1]',
    ...rangeStopRules,
    '[goLong, goShort, leaveLong, leaveShort, longStop, shortStop]',
  ],
};

import { int, rangeStop, rangeStopRules, type Template } from '../template.ts';

export const template: Template = {
  key: 'macd-momentum',
  name: 'MACD momentum',
  says: [
    'It buys when the MACD line crosses above its signal line, and sells short when it crosses below; with zeroFilter only on the side of zero that fits.',
    'It leaves at the opposite cross, whichever side of zero that is on.',
    'The stop is stopMultiple average true ranges away from the close it entered at.',
  ],
  parameters: [
    int('fastLength', 12, 1, 500, 'Bars of the fast exponential average.'),
    int('slowLength', 26, 2, 500, 'Bars of the slow exponential average.'),
    int('signalLength', 9, 1, 500, 'Bars of the signal line, an exponential average of the MACD line.'),
    {
      name: 'zeroFilter',
      kind: 'bool',
      default: true,
      says: 'Buys only with the MACD line above zero, and sells short only below.',
    },
    ...rangeStop,
  ],
  rules: [
    '[macdLine, signalLine, histogram] = ta.macd(close, fastLength, slowLength, signalLength)',
    'crossedUp = ta.crossover(macdLine, signalLine)',
    'crossedDown = ta.crossunder(macdLine, signalLine)',
    'goLong = crossedUp and (not zeroFilter or macdLine > 0)',
    'goShort = crossedDown and (not zeroFilter or macdLine < 0)',
    ...rangeStopRules,
    '[goLong, goShort, crossedDown, crossedUp, longStop, shortStop]',
  ],
};

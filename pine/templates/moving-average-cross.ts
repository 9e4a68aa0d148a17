import { choice, int, rangeStop, rangeStopRules, type Template } from '../template.ts';

export const template: Template = {
  key: 'moving-average-cross',
  name: 'Moving-average cross',
  says: [
    'It buys when the fast average of closes crosses above the slow one, and sells short when it crosses below.',
    'It leaves at the opposite cross.',
    'The stop is stopMultiple average true ranges away from the close it entered at.',
  ],
  parameters: [
    int('fastLength', 9, 1, 1000, 'Bars of the fast average.'),
    int('slowLength', 21, 2, 1000, 'Bars of the slow average.'),
    choice('averageKind', ['EMA', 'SMA'], 'Exponential or simple averages.'),
    ...rangeStop,
  ],
  rules: [
    'fastExponential = ta.ema(close, fastLength)',
    'slowExponential = ta.ema(close, slowLength)',
    'fastSimple = ta.sma(close, fastLength)',
    'slowSimple = ta.sma(close, slowLength)',
    'fast = averageKind == "EMA" ? fastExponential : fastSimple',
    'slow = averageKind == "EMA" ? slowExponential : slowSimple',
    'goLong = ta.crossover(fast, slow)',
    'goShort = ta.crossunder(fast, slow)',
    ...rangeStopRules,
    '[goLong, goShort, goShort, goLong, longStop, shortStop]',
  ],
};

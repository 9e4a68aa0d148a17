import { float, int, rangeStop, rangeStopRules, type Template } from '../template.ts';

export const template: Template = {
  key: 'bollinger-breakout',
  name: 'Bollinger breakout',
  says: [
    'It buys when the close crosses above the upper Bollinger band, and sells short when it crosses below the lower one.',
    'It leaves when the close crosses back over the middle, which is the simple average.',
    'The stop is stopMultiple average true ranges away from the close it entered at.',
  ],
  parameters: [
    int('bandLength', 20, 2, 500, 'Bars of the average and of the deviation.'),
    float('bandDeviations', 2, 0.1, 10, 'The bands are so many standard deviations away from the average.'),
    ...rangeStop,
  ],
  rules: [
    '[middle, upper, lower] = ta.bb(close, bandLength, bandDeviations)',
    'goLong = ta.crossover(close, upper)',
    'goShort = ta.crossunder(close, lower)',
    'leaveLong = ta.crossunder(close, middle)',
    'leaveShort = ta.crossover(close, middle)',
    ...rangeStopRules,
    '[goLong, goShort, leaveLong, leaveShort, longStop, shortStop]',
  ],
};

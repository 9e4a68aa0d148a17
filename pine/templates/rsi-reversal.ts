import { float, int, rangeStop, rangeStopRules, type Template } from '../template.ts';

export const template: Template = {
  key: 'rsi-reversal',
  name: 'RSI reversal',
  says: [
    'It buys when the relative strength index comes back above oversold, and sells short when it comes back below overbought.',
    'It leaves when the index crosses exitLevel, the middle that it was to return to.',
    'The stop is stopMultiple average true ranges away from the close it entered at.',
  ],
  parameters: [
    int('rsiLength', 14, 2, 500, 'Bars of the relative strength index.'),
    float('oversold', 30, 1, 99, 'Coming back above this buys.'),
    float('overbought', 70, 1, 99, 'Coming back below this sells short.'),
    float('exitLevel', 50, 1, 99, 'Crossing this closes the position.'),
    ...rangeStop,
  ],
  rules: [
    'rsi = ta.rsi(close, rsiLength)',
    'goLong = ta.crossover(rsi, oversold)',
    'goShort = ta.crossunder(rsi, overbought)',
    'leaveLong = ta.crossover(rsi, exitLevel)',
    'leaveShort = ta.crossunder(rsi, exitLevel)',
    ...rangeStopRules,
    '[goLong, goShort, leaveLong, leaveShort, longStop, shortStop]',
  ],
};

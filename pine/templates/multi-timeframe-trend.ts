import { int, rangeStop, rangeStopRules, type Template } from '../template.ts';

/**
 * The higher timeframe is put together from the context's own bars: the close of a higher bar is that of the last bar before the next one begins.
 * So it is always a closed one (nothing repaints, and nothing looks ahead), past and live bars are treated alike, and a scanner's calls for data
 * are all left to its tickers, which a second call for each would halve.
 */
export const template: Template = {
  key: 'multi-timeframe-trend',
  name: 'Multi-timeframe trend',
  says: [
    'It buys when the fast average crosses above the slow one while the close is above the trend, an exponential average of the closes of trendTimeframe, and sells short the other way round.',
    'It leaves at the opposite cross, whatever the trend is.',
    'The stop is stopMultiple average true ranges away from the close it entered at.',
  ],
  parameters: [
    {
      name: 'trendTimeframe',
      kind: 'timeframe',
      default: 'D',
      says: 'The higher timeframe whose trend counts; it must be higher than the chart’s.',
    },
    int(
      'trendLength',
      20,
      2,
      500,
      'Closed bars of the higher timeframe in the trend; until there are so many, nothing is entered.',
    ),
    int('fastLength', 9, 1, 1000, 'Bars of the fast exponential average.'),
    int('slowLength', 21, 2, 1000, 'Bars of the slow exponential average.'),
    ...rangeStop,
  ],
  rules: [
    'var float trend = na',
    'var int closed = 0',
    'fast = ta.ema(close, fastLength)',
    'slow = ta.ema(close, slowLength)',
    'crossedUp = ta.crossover(fast, slow)',
    'crossedDown = ta.crossunder(fast, slow)',
    'higherClose = close[1]',
    'if timeframe.change(trendTimeframe) and not na(higherClose)',
    '    trend := na(trend) ? higherClose : trend + (higherClose - trend) * 2.0 / (trendLength + 1)',
    '    closed := closed + 1',
    'known = closed >= trendLength',
    'goLong = crossedUp and known and close > trend',
    'goShort = crossedDown and known and close < trend',
    ...rangeStopRules,
    '[goLong, goShort, crossedDown, crossedUp, longStop, shortStop]',
  ],
};

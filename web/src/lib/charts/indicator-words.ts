/** What indicators are called. */
export const indicatorName = (key: string): string =>
  ({
    adx: 'Average directional index',
    atr: 'Average true range',
    bollinger: 'Bollinger bands',
    cci: 'Commodity channel index',
    donchian: 'Donchian channel',
    ema: 'Exponential average',
    keltner: 'Keltner channel',
    macd: 'MACD',
    mfi: 'Money flow index',
    rsi: 'Relative strength index',
    sma: 'Simple average',
    stochastic: 'Stochastic',
    supertrend: 'Supertrend',
    vwap: 'Volume-weighted average of the day',
    wma: 'Weighted average',
  })[key] ?? key.toUpperCase();

/** What they are called where there is little room. */
export const indicatorSign = (key: string): string =>
  ({ bollinger: 'BB', donchian: 'DC', keltner: 'KC', stochastic: 'Stoch', supertrend: 'ST' })[key] ?? key.toUpperCase();

export const parameterName = (name: string): string =>
  ({
    period: 'Bars',
    multiple: 'Multiple',
    fast: 'Fast, bars',
    slow: 'Slow, bars',
    signal: 'Signal, bars',
    smoothing: 'Smoothing, bars',
    range: 'True range, bars',
  })[name] ?? name;

/** "EMA 20", "BB 20 2": an indicator with its parameters. */
export function shortName(name: string): string {
  const [key = '', ...values] = name.split(':');
  return [indicatorSign(key), ...values].join(' ');
}

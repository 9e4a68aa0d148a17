/** The indicators that templates call, from all values so far: slow, and plain to compare with TradingView's own definitions. */
export type Maybe = number | null;

const has = (values: readonly Maybe[]): values is readonly number[] => values.every((one) => one !== null);

const last = (values: readonly Maybe[], length: number, back = 0): readonly number[] | null => {
  const part = values.slice(Math.max(0, values.length - length - back), values.length - back);
  return part.length === length && has(part) ? part : null;
};

export const sma = (values: readonly Maybe[], length: number): Maybe => {
  const part = last(values, length);
  return part && part.reduce((sum, one) => sum + one, 0) / length;
};

/** Smoothed by `alpha`, begun with the simple average of the first `length` values. */
function smoothed(values: readonly Maybe[], length: number, alpha: number): Maybe[] {
  const from = values.findIndex((one) => one !== null);
  let now: Maybe = null;
  return values.map((value, at) => {
    if (from < 0 || at < from + length - 1 || value === null) return null;
    now = now === null ? sma(values.slice(0, at + 1), length) : alpha * value + (1 - alpha) * now;
    return now;
  });
}

export const emas = (values: readonly Maybe[], length: number): Maybe[] => smoothed(values, length, 2 / (length + 1));
export const rma = (values: readonly Maybe[], length: number): Maybe =>
  smoothed(values, length, 1 / length).at(-1) ?? null;

export function rsi(values: readonly Maybe[], length: number): Maybe {
  const change = (sign: number): Maybe[] =>
    values.map((value, at) => {
      const before = at > 0 ? values[at - 1]! : null;
      return value === null || before === null ? null : Math.max(0, sign * (value - before));
    });
  const [up, down] = [rma(change(1), length), rma(change(-1), length)];
  if (up === null || down === null) return null;
  return down === 0 ? 100 : 100 - 100 / (1 + up / down);
}

export function deviation(values: readonly Maybe[], length: number): Maybe {
  const part = last(values, length);
  const mean = sma(values, length);
  return part && mean !== null ? Math.sqrt(part.reduce((sum, one) => sum + (one - mean) ** 2, 0) / length) : null;
}

export interface Bar {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

const ranges = (bars: readonly Bar[]): number[] =>
  bars.map((bar, at) => {
    const before = bars[at - 1]?.close;
    return before === undefined
      ? bar.high - bar.low
      : Math.max(bar.high - bar.low, Math.abs(bar.high - before), Math.abs(bar.low - before));
  });

export const atr = (bars: readonly Bar[], length: number): Maybe => rma(ranges(bars), length);

/** TradingView's Supertrend: the line, and -1 for up and 1 for down. */
export function supertrend(bars: readonly Bar[], factor: number, length: number): [Maybe, Maybe] {
  const range = smoothed(ranges(bars), length, 1 / length);
  let [upper, lower, line, way]: [Maybe, Maybe, Maybe, number] = [null, null, null, 1];
  bars.forEach((bar, at) => {
    const width = range[at]!;
    if (width === null) return;
    const middle = (bar.high + bar.low) / 2;
    const closeBefore = bars[at - 1]?.close ?? bar.close;
    const [upperBefore, lowerBefore, lineBefore] = [upper, lower, line];
    upper = middle + factor * width;
    lower = middle - factor * width;
    if (lowerBefore !== null && !(lower > lowerBefore || closeBefore < lowerBefore)) lower = lowerBefore;
    if (upperBefore !== null && !(upper < upperBefore || closeBefore > upperBefore)) upper = upperBefore;
    if (lineBefore === null) way = 1;
    else if (lineBefore === upperBefore) way = bar.close > upper ? -1 : 1;
    else way = bar.close < lower ? 1 : -1;
    line = way === -1 ? lower : upper;
  });
  return [line, line === null ? null : way];
}

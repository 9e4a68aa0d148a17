const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * The length of a bar in seconds from a timeframe as scripts write it: "5m", "1h", "4H", "1D", "30s", TradingView's own
 * `{{interval}}` ("5", "60", "D", "1W", "15S"), where a bare number is minutes; null: not a timeframe. "M" alone after a
 * number of months ("1M") is a month in TradingView's intervals, and counts 30 days here.
 */
export function barSecondsOf(timeframe: string | null): number | null {
  const match = /^(\d{0,4})\s*(s|sec|m|min|h|d|w|M|S|H|D|W)?$/.exec(timeframe?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === undefined)) return null;
  const count = match[1] === '' ? 1 : Number(match[1]);
  if (count === 0) return null;
  const unit = match[2];
  if (unit === undefined) return count * 60;
  if (unit === 'M') return count * 30 * 86_400;
  return count * unitSeconds[unit[0]!.toLowerCase()]!;
}

/** When the bar began that a moment falls in; bars are counted from the epoch. */
export const barStart = (at: Date, barSeconds: number): Date =>
  new Date(Math.floor(at.getTime() / (barSeconds * 1000)) * barSeconds * 1000);

import { type CivilDay, momentOf, newYork, readDay } from '../calendar/civil-day.ts';
import type { Sessions } from '../calendar/sessions.ts';
import type { Bar } from './bars.ts';
import { ticksPerDollar } from './market.ts';

/** A bar of a file, and the time in which it was traded. */
export interface FileBar {
  readonly symbol: string;
  readonly bar: Bar;
  /** Milliseconds since 1970: of a day the regular session, else the bar's own width. */
  readonly from: number;
  readonly to: number;
}

export interface BarFile {
  /** Oldest first. */
  readonly bars: readonly FileBar[];
  /** Minutes of a bar; 1440: a day. */
  readonly widthMinutes: number;
}

const columns = {
  symbol: ['symbol', 'ticker', 's'],
  time: ['timestamp', 'datetime', 'date', 'time', 't'],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'v'],
} as const;
type Column = keyof typeof columns;
const minuteMs = 60_000;
const dayMinutes = 1440;

/**
 * Reads bars from CSV with a line of names: time (or date), open, high, low, close, and volume and symbol where there are any; other columns
 * are passed over. A date, or a time that no offset follows, is New York's. `symbol` names the bars of a file that does not.
 * Throws an `Error` that names the line. A high below the open or close is raised to it, a low above lowered: rounded data has them.
 */
export function readBars(csv: string, sessions: Sessions, symbol?: string): BarFile {
  const lines = csv.trim().split(/\r?\n/);
  const names = (lines[0] ?? '').split(',').map((name) => name.trim().toLowerCase().replaceAll('"', ''));
  const at = Object.fromEntries(
    Object.entries(columns).map(([column, known]) => [
      column,
      known.map((one) => names.indexOf(one)).find((i) => i >= 0) ?? -1,
    ]),
  ) as Record<Column, number>;
  for (const column of ['time', 'open', 'high', 'low', 'close'] as const) {
    if (at[column] < 0) throw new Error(`The file of bars has no column "${column}" in its first line.`);
  }
  if (at.symbol < 0 && !symbol) throw new Error('The file of bars has no column "symbol" in its first line.');
  const rows = lines.slice(1).map((line, i) => {
    const fields = line.split(',').map((field) => field.trim().replaceAll('"', ''));
    const number = (column: Column): number => {
      const value = Number(fields[at[column]]);
      if (!fields[at[column]] || !Number.isFinite(value) || value < 0) {
        throw new Error(`Line ${i + 2} of the file of bars: "${fields[at[column]] ?? ''}" is no ${column}.`);
      }
      return value;
    };
    const price = (column: Column): number => Math.max(1, Math.round(number(column) * ticksPerDollar));
    const [open, high, low, close] = [price('open'), price('high'), price('low'), price('close')];
    const name = (at.symbol < 0 ? symbol! : fields[at.symbol]!).toUpperCase();
    const perUnit = name.includes('/') ? 10_000 : 1;
    const volume = at.volume < 0 ? 0 : Math.round(number('volume') * perUnit);
    const time = timeOf(fields[at.time] ?? '');
    if (time === null) throw new Error(`Line ${i + 2} of the file of bars: "${fields[at.time]}" is no time.`);
    const top = Math.max(open, high, close);
    const bottom = Math.min(open, low, close);
    return {
      symbol: name,
      ...time,
      open,
      high: top,
      low: bottom,
      close,
      volume,
      turnover: ((open + top + bottom + close) / 4) * volume,
    };
  });
  rows.sort((a, b) => a.ms - b.ms || (a.symbol < b.symbol ? -1 : 1));
  const widthMinutes = rows.every((row) => row.day !== null) ? dayMinutes : narrowest(rows.map((row) => row.ms));
  return {
    widthMinutes,
    bars: rows.map(({ symbol: name, ms, day, ...row }) => {
      const session = widthMinutes === dayMinutes && day !== null ? sessions.tradingDay(day) : null;
      return {
        symbol: name,
        from: session?.open ?? ms,
        to: session?.close ?? ms + widthMinutes * minuteMs,
        // What a file does not say of trades is taken to be one for every hundred shares, as on average in the US.
        bar: { at: new Date(ms), ...row, trades: Math.ceil(row.volume / 100) },
      };
    }),
  };
}

/** A date has a day and begins at New York's midnight. */
function timeOf(text: string): { readonly ms: number; readonly day: CivilDay | null } | null {
  const date = readDay(text);
  if (date !== null && text.length === 10) return { ms: momentOf(date, 0, newYork), day: date };
  if (/^\d{10}(\d{3})?$/.test(text)) return { ms: Number(text) * (text.length === 10 ? 1000 : 1), day: null };
  if (date === null) return null;
  if (/(Z|[+-]\d{2}:?\d{2})$/.test(text)) {
    const ms = Date.parse(text.replace(' ', 'T'));
    return Number.isNaN(ms) ? null : { ms, day: null };
  }
  const clock = /^.{10}[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?$/.exec(text);
  if (!clock) return null;
  return { ms: momentOf(date, Number(clock[1]) * 60 + Number(clock[2]), newYork), day: null };
}

/** The smallest distance between two times, in whole minutes. */
function narrowest(times: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < times.length; i++) {
    const gap = times[i]! - times[i - 1]!;
    if (gap > 0 && gap < least) least = gap;
  }
  return Math.max(1, Math.min(dayMinutes, Math.round(least / minuteMs) || 1));
}

import { type CivilDay, chicago, momentOf, newYork, readDay, type UsZone } from '../calendar/civil-day.ts';
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
  average: ['vwap', 'vw'],
  trades: ['trade_count', 'trades', 'n'],
} as const;
type Column = keyof typeof columns;
const minuteMs = 60_000;
const dayMinutes = 1440;

/** What a file of bars is called, and whose bars they are when it does not say. */
export interface BarSource {
  /** As errors name it. */
  readonly file: string;
  readonly symbol?: string | undefined;
}

/** The highest price there is, which keeps price times volume exact. */
const mostDollars = 1_000_000;
const mostVolume = 1e11;

/** As errors say it. */
const expected: Readonly<Partial<Record<Column | 'price', string>>> = {
  price: `dollars above 0, up to ${mostDollars}, as 101.25`,
  volume: 'shares or coins, as 1200',
  trades: 'a number of trades, as 35',
  time: '2026-11-20, 2026-11-20 09:30, 2026-11-20T14:30:00Z or seconds since 1970',
};

/**
 * Reads bars from CSV with a line of names: time (or date), open, high, low, close, and volume and symbol where there are any; other columns
 * are passed over. A date, or a time that no offset follows, is New York's; a coin's date is Chicago's. Where bars have a volume-weighted average it is kept.
 * Throws an `Error` that names the file, the line and the field.
 */
export function readBars(csv: string, sessions: Sessions, source: BarSource): BarFile {
  const { file } = source;
  const lines = csv
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  const names = fieldsOf(lines[0] ?? '').map((name) => name.toLowerCase());
  const at = Object.fromEntries(
    Object.entries(columns).map(([column, known]) => [
      column,
      known.map((one) => names.indexOf(one)).find((i) => i >= 0) ?? -1,
    ]),
  ) as Record<Column, number>;
  for (const column of ['time', 'open', 'high', 'low', 'close'] as const) {
    if (at[column] < 0)
      throw new Error(
        `${file}, line 1: there is no column "${column}"; expected one of ${columns[column].join(', ')}.`,
      );
  }
  if (at.symbol < 0 && !source.symbol)
    throw new Error(`${file}, line 1: there is no column "symbol", and no symbol was named.`);
  const seen = new Set<string>();
  const rows = lines.flatMap((line, i) => {
    if (i === 0 || line.trim() === '') return [];
    const fields = fieldsOf(line);
    const wrong = (column: Column, what: string): Error =>
      new Error(`${file}, line ${i + 1}, ${names[at[column]] ?? column}: "${fields[at[column]] ?? ''}" ${what}.`);
    const number = (column: Column, most: number): number => {
      const text = fields[at[column]] ?? '';
      const value = Number(text);
      if (!/^[\d.]+(e[+-]?\d+)?$/i.test(text) || !(value <= most))
        throw wrong(column, `is no ${column}; expected ${expected[column] ?? expected.price}`);
      return value;
    };
    const price = (column: Column): number => {
      const ticks = Math.round(number(column, mostDollars) * ticksPerDollar);
      if (ticks < 1) throw wrong(column, `is no price; expected ${expected.price}`);
      return ticks;
    };
    const [open, high, low, close] = [price('open'), price('high'), price('low'), price('close')];
    if (high < Math.max(open, low, close)) throw wrong('high', 'is not the highest price of its bar');
    if (low > Math.min(open, close)) throw wrong('low', 'is not the lowest price of its bar');
    const name = (at.symbol < 0 ? source.symbol! : (fields[at.symbol] ?? '')).toUpperCase();
    if (!/^[A-Z0-9][A-Z0-9./-]{0,20}$/.test(name))
      throw wrong('symbol', 'is no symbol; expected one as AAPL or BTC/USD');
    const perUnit = name.includes('/') ? 10_000 : 1;
    const volume = at.volume < 0 ? 0 : Math.round(number('volume', mostVolume) * perUnit);
    const time = timeOf(fields[at.time] ?? '', name.includes('/') ? chicago : newYork);
    if (time === null) throw wrong('time', `is no time; expected ${expected.time}`);
    const key = `${name} ${time.ms}`;
    if (seen.has(key)) throw wrong('time', `is the time of another bar of ${name}`);
    seen.add(key);
    const average = at.average < 0 ? 0 : number('average', mostDollars) * ticksPerDollar;
    const within = average >= low && average <= high;
    const turnover = (within ? average : (open + high + low + close) / 4) * volume;
    const trades = at.trades < 0 ? null : Math.round(number('trades', mostVolume));
    return [{ symbol: name, ...time, open, high, low, close, volume, turnover, trades }];
  });
  if (rows.length === 0) throw new Error(`${file} has no bars.`);
  rows.sort((a, b) => a.ms - b.ms || (a.symbol < b.symbol ? -1 : 1));
  const widthMinutes = rows.every((row) => row.day !== null) ? dayMinutes : narrowest(rows.map((row) => row.ms));
  return {
    widthMinutes,
    bars: rows.map(({ symbol, ms, day, trades, ...row }) => {
      const session =
        widthMinutes === dayMinutes && day !== null && !symbol.includes('/') ? sessions.tradingDay(day) : null;
      return {
        symbol,
        from: session?.open ?? ms,
        to: session?.close ?? ms + widthMinutes * minuteMs,
        // What a file does not say of trades is taken to be one for every hundred shares, as on average in the US.
        bar: { at: new Date(ms), ...row, trades: trades ?? Math.ceil(row.volume / 100) },
      };
    }),
  };
}

/** A line's fields; one in quotes may have commas in it. */
const fieldsOf = (line: string): string[] =>
  (line.match(/("[^"]*"|[^,])+|(?<=^|,)(?=,|$)/g) ?? []).map((field) => field.replaceAll('"', '').trim());

/** A date has a day, which begins at midnight where it is counted: a coin's in Chicago, as Alpaca has it. */
function timeOf(text: string, zone: UsZone): { readonly ms: number; readonly day: CivilDay | null } | null {
  const date = readDay(text);
  if (date !== null && text.length === 10) return { ms: momentOf(date, 0, zone), day: date };
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

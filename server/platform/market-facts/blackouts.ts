import { readCsv } from '../../core/csv.ts';
import type { Blackout } from '../../core/model/market-facts.ts';
import { marketZone, startOfDay } from '../../core/zoned-day.ts';

/** What is to come, by symbol; those of every symbol under `*`. */
export type EventCalendar = ReadonlyMap<string, readonly Blackout[]>;

const columns = ['symbol', 'from', 'until', 'what'];
const symbolShape = /^[A-Z][A-Z0-9]*(?:[./-][A-Z0-9]+)?$/;
const date = /^\d{4}-\d{2}-\d{2}$/;
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * Reads a calendar of events: a line for each, with the columns symbol (`*` for all), from, until (not included) and what it is. A date
 * alone is its first moment in New York; a time needs its offset from UTC. Throws a `RangeError` that names the line for whatever is not
 * so, and for a calendar without events: half a calendar looks like a quiet week.
 */
export function readEventCalendar(text: string): EventCalendar {
  const [head, ...rows] = readCsv(text);
  const names = head?.fields.map((one) => one.trim().toLowerCase()) ?? [];
  if (head === undefined || names.join() !== columns.join()) {
    throw new RangeError(`its first line must be ${columns.join(',')}`);
  }
  if (rows.length === 0) throw new RangeError('it has no events');
  const calendar = new Map<string, Blackout[]>();
  for (const { line, fields, fault } of rows) {
    const wrong = (why: string) => new RangeError(`line ${line}: ${why}`);
    if (fault) throw wrong(fault);
    if (fields.length !== columns.length) throw wrong(`it has ${fields.length} fields; four are needed`);
    const [symbol, from, until, what] = fields.map((one) => one.trim()) as [string, string, string, string];
    if (symbol !== '*' && !symbolShape.test(symbol)) throw wrong(`“${symbol}” is no symbol`);
    const [start, end] = [readMoment(from), readMoment(until)];
    if (start === null) throw wrong(`“${from}” is no date, and no time with its offset from UTC`);
    if (end === null) throw wrong(`“${until}” is no date, and no time with its offset from UTC`);
    if (start >= end) throw wrong(`it ends at ${until}, and begins no earlier`);
    if (what === '') throw wrong('it does not say what it is');
    const events = calendar.get(symbol) ?? [];
    events.push({ from: start, until: end, what, symbol: symbol === '*' ? null : symbol });
    calendar.set(symbol, events);
  }
  return calendar;
}

function readMoment(text: string): Date | null {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number) as [number, number, number];
  const noon = new Date(Date.UTC(year, month - 1, day, 12));
  // 31 February is no day, though a `Date` makes one of it.
  if (Number.isNaN(noon.getTime()) || noon.toISOString().slice(0, 10) !== text.slice(0, 10)) return null;
  if (date.test(text)) return startOfDay(new Date(noon.getTime() + 6 * 3_600_000), marketZone);
  if (!moment.test(text)) return null;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** What is going on or to come for a symbol, the next first. */
export const eventsOf = (calendar: EventCalendar, symbol: string, at: Date): readonly Blackout[] =>
  [...(calendar.get(symbol) ?? []), ...(calendar.get('*') ?? [])]
    .filter((event) => event.until > at)
    .sort((a, b) => a.from.getTime() - b.from.getTime());

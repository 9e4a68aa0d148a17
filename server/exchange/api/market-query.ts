import { newYork, readDay, type UsZone } from '../calendar/civil-day.ts';
import type { Span } from '../market/bar-pages.ts';
import { dayStart, readTimeframe, type Timeframe } from '../market/timeframe.ts';
import { VenueRefusal } from '../venue/refusal.ts';

export type QueryValues = Readonly<Record<string, string>>;

/** The data API answers what it does not understand with 400. */
export const invalid = (message: string): VenueRefusal => new VenueRefusal(400, 40_010_001, message);

const mostPoints = 10_000;
const usualPoints = 1000;
const feeds = ['sip', 'iex', 'otc', 'boats', 'delayed_sip', 'overnight'];
const adjustments = ['raw', 'split', 'dividend', 'spin-off', 'all'];

/** A list of symbols, upper case, in the order asked for. */
export function symbolsIn(text: string | undefined): string[] {
  const symbols = (text ?? '')
    .split(',')
    .map((symbol) => symbol.trim().toUpperCase())
    .filter(Boolean);
  if (symbols.length === 0) throw invalid('symbols is required');
  const wrong = symbols.filter((symbol) => !/^[A-Z0-9][A-Z0-9./-]{0,20}$/.test(symbol));
  if (wrong.length > 0) throw invalid(`invalid symbol(s): ${wrong.join(', ')}`);
  return symbols;
}

/** The feed asked for; checks what else may be said of the kind of data. There is one feed here, and nothing was ever split. */
export function feedIn(query: QueryValues, usual = 'iex'): string {
  const feed = query.feed || usual;
  if (!feeds.includes(feed)) throw invalid(`invalid feed: ${feed}`);
  const wrong = (query.adjustment || 'raw').split(',').find((one) => !adjustments.includes(one));
  if (wrong !== undefined) throw invalid(`invalid adjustment: ${wrong}`);
  if (query.asof && query.asof !== '-' && readDay(query.asof) === null) throw invalid(`invalid asof: ${query.asof}`);
  if (query.currency && query.currency.toUpperCase() !== 'USD') throw invalid('prices are in USD only');
  return feed;
}

export function timeframeIn(query: QueryValues): Timeframe {
  const timeframe = readTimeframe(query.timeframe || '');
  if (!timeframe) throw invalid(query.timeframe ? `invalid timeframe: ${query.timeframe}` : 'timeframe is required');
  return timeframe;
}

export function limitIn(query: QueryValues): number {
  if (!query.limit) return usualPoints;
  const limit = Number(query.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > mostPoints) throw invalid(`invalid limit: ${query.limit}`);
  return limit;
}

/** From the beginning of the day until now, unless told. A date is all of that day, in the zone of the data. */
export function spanIn(query: QueryValues, now: Date, zone: UsZone = newYork): Span {
  const sort = query.sort || 'asc';
  if (sort !== 'asc' && sort !== 'desc') throw invalid(`invalid sort: ${sort}`);
  const today = readDay(new Date(now.getTime()).toISOString())!;
  const begun = [today - 1, today].map((day) => dayStart(day, zone).getTime()).findLast((ms) => ms <= now.getTime())!;
  const start = momentIn(query, 'start', zone) ?? begun;
  const end = momentIn(query, 'end', zone) ?? now.getTime();
  if (start > end) throw invalid('end should not be before start');
  return { start, end, descending: sort === 'desc' };
}

function momentIn(query: QueryValues, name: 'start' | 'end', zone: UsZone): number | null {
  const text = query[name];
  if (!text) return null;
  const day = readDay(text);
  if (day === null) throw invalid(`invalid ${name}: ${text}`);
  if (text.length === 10) return dayStart(name === 'end' ? day + 1 : day, zone).getTime() - (name === 'end' ? 1 : 0);
  // A plus that was not encoded arrives as a space; a time without an offset is Greenwich's.
  const written = text.replace(/ (\d{2}:\d{2})$/, '+$1');
  const ms = Date.parse(/(Z|[+-]\d{2}:\d{2})$/i.test(written) ? written : `${written}Z`);
  if (Number.isNaN(ms)) throw invalid(`invalid ${name}: ${text}`);
  return ms;
}

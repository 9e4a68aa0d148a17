import { newYork, readDay, type UsZone } from '../calendar/civil-day.ts';
import type { AssetClass } from '../calendar/sessions.ts';
import type { Span } from '../market/bar-pages.ts';
import { dayStart, readTimeframe, type Timeframe } from '../market/timeframe.ts';
import type { DataPlan } from './data-plan.ts';

export type QueryValues = Readonly<Record<string, string>>;

/** A refusal of the data API: a status and a sentence, without the codes that the Trading API has. */
export class DataRefusal extends Error {
  readonly status: 400 | 403 | 404;

  constructor(status: 400 | 403 | 404, message: string) {
    super(message);
    this.status = status;
  }
}

/** The data API answers what it does not understand with 400. */
export const invalid = (message: string): DataRefusal => new DataRefusal(400, message);

const mostPoints = 10_000;
const usualPoints = 1000;
const feeds = {
  history: ['sip', 'iex', 'otc', 'boats'],
  latest: ['sip', 'iex', 'otc', 'boats', 'delayed_sip', 'overnight'],
  auctions: ['sip'],
} as const;
const adjustments = ['raw', 'split', 'dividend', 'spin-off', 'all'];
const names: Readonly<Record<AssetClass, RegExp>> = {
  us_equity: /^[A-Z0-9][A-Z0-9.-]{0,20}$/,
  crypto: /^[A-Z0-9]{1,15}\/[A-Z0-9]{1,10}$/,
};

/** A list of symbols, upper case, each once, in the order asked for. A pair has its slash, as BTC/USD. */
export function symbolsIn(text: string | undefined, assetClass: AssetClass): string[] {
  const symbols = (text ?? '').split(',').filter((symbol) => symbol.trim() !== '');
  if (symbols.length === 0) throw invalid('symbols is required');
  return [...new Set(symbols.map((symbol) => symbolIn(symbol, assetClass)))];
}

/** One symbol, upper case. */
export function symbolIn(text: string, assetClass: AssetClass): string {
  const symbol = text.trim().toUpperCase();
  if (!names[assetClass].test(symbol)) throw invalid(`invalid symbol: ${text}`);
  return symbol;
}

/** What may be said of the kind of data. There is one feed here under every name, no company was ever renamed, and nothing was split. */
export interface Source {
  readonly feed: string;
  /** As it was asked for; null: nobody asked. */
  readonly currency: string | null;
}

/** Of stocks; pairs have none of these parameters, and what a client says of them anyway is not looked at. */
export function sourceIn(query: QueryValues, kind: keyof typeof feeds, plan: DataPlan): Source {
  const feed = query.feed || (kind === 'latest' && plan.sipDelayMs > 0 ? 'iex' : 'sip');
  if (!feeds[kind].some((one) => one === feed)) throw invalid(`invalid feed: ${feed}`);
  const wrong = (query.adjustment || 'raw').split(',').find((one) => !adjustments.includes(one));
  if (wrong !== undefined) throw invalid(`invalid adjustment: ${wrong}`);
  if (query.asof && query.asof !== '-' && (query.asof.length !== 10 || readDay(query.asof) === null)) {
    throw invalid(`invalid asof: ${query.asof}`);
  }
  const currency = query.currency ? query.currency.toUpperCase() : null;
  if (currency !== null && currency !== 'USD') throw invalid(`invalid currency: ${query.currency}: prices are in USD`);
  if (kind === 'latest' && feed === 'sip' && plan.sipDelayMs > 0) throw recentSip();
  return { feed, currency };
}

const recentSip = () => new DataRefusal(403, 'subscription does not permit querying recent SIP data');

export function timeframeIn(query: QueryValues): Timeframe {
  if (!query.timeframe) throw invalid('timeframe is required');
  const timeframe = readTimeframe(query.timeframe);
  if (!timeframe) throw invalid(`invalid timeframe: ${query.timeframe}`);
  return timeframe;
}

export function limitIn(query: QueryValues): number {
  if (!query.limit) return usualPoints;
  const limit = /^\d{1,5}$/.test(query.limit) ? Number(query.limit) : 0;
  if (limit < 1 || limit > mostPoints) throw invalid(`invalid limit: ${query.limit}: 1 to ${mostPoints}`);
  return limit;
}

/**
 * From the beginning of the day until now, unless told; where the youngest is not for the plan, until then. A date is all of that day, in the
 * zone of the data.
 */
export function spanIn(query: QueryValues, now: Date, zone: UsZone = newYork, delayMs = 0): Span {
  const sort = query.sort || 'asc';
  if (sort !== 'asc' && sort !== 'desc') throw invalid(`invalid sort: ${sort}`);
  const today = readDay(new Date(now.getTime()).toISOString())!;
  const begun = [today - 1, today].map((day) => dayStart(day, zone).getTime()).findLast((ms) => ms <= now.getTime())!;
  const latest = now.getTime() - delayMs;
  const start = momentIn(query, 'start', zone) ?? Math.min(begun, latest);
  const end = momentIn(query, 'end', zone) ?? latest;
  if (delayMs > 0 && Math.max(start, end) > latest) throw recentSip();
  if (start > end) throw invalid('end should not be before start');
  return { start, end, descending: sort === 'desc' };
}

/** Both ends are included: of a moment between two milliseconds, what is within. A time without an offset is Greenwich's. */
function momentIn(query: QueryValues, name: 'start' | 'end', zone: UsZone): number | null {
  const text = query[name];
  if (!text) return null;
  // A plus that was not encoded arrives as a space.
  const written = text.replace(/ (\d{2}:\d{2})$/, '+$1');
  const parts = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/i.exec(written);
  const day = parts && readDay(parts[1]!);
  if (!parts || day === null) throw invalid(`invalid ${name}: ${text}`);
  const [, date, time, offset = 'Z'] = parts;
  if (time === undefined) return dayStart(name === 'end' ? day + 1 : day, zone).getTime() - (name === 'end' ? 1 : 0);
  const ms = Date.parse(`${date}T${time}${offset.toUpperCase()}`);
  if (Number.isNaN(ms)) throw invalid(`invalid ${name}: ${text}`);
  const beyond = Number((time.split('.')[1] ?? '').slice(3)) > 0;
  return name === 'start' && beyond ? ms + 1 : ms;
}

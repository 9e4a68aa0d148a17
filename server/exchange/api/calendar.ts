import { type Context, Hono } from 'hono';
import { type CivilDay, dayText, newYork, readDay, wallTime, zonedText } from '../calendar/civil-day.ts';
import type { Phase, Sessions, TradingDay } from '../calendar/sessions.ts';
import { settlementDay } from '../calendar/us-equities.ts';
import { VenueRefusal } from '../venue/refusal.ts';
import { readMoment } from './query.ts';

/** The markets whose calendar this venue keeps: those that trade US equities. */
const exchanges = [
  { acronym: 'NYSE', mic: 'XNYS', name: 'New York Stock Exchange' },
  { acronym: 'NASDAQ', mic: 'XNAS', name: 'National Association of Securities Dealers Automated Quotations' },
  { acronym: 'IEX', mic: 'IEXG', name: 'Investors Exchange' },
  { acronym: 'OTC', mic: 'OTCM', name: 'OTC Markets' },
] as const;

const phaseNames: Readonly<Record<Phase, string>> = {
  pre: 'pre',
  regular: 'core',
  after: 'post',
  overnight: 'closed',
  closed: 'closed',
};

/** The first and last days that are served, as long as the rules are known. */
const [firstDay, lastDay] = [readDay('2000-01-01')!, readDay('2035-12-31')!];
const weekDays = 7;

/** Alpaca's clock and calendar, v2 and v3. */
export function calendarApi(sessions: Sessions, now: () => Date): Hono {
  const api = new Hono();
  const days = (from: CivilDay, to: CivilDay): TradingDay[] => {
    const found: TradingDay[] = [];
    for (let day = Math.max(from, firstDay); day <= Math.min(to, lastDay); day++) {
      const trading = sessions.tradingDay(day);
      if (trading) found.push(trading);
    }
    return found;
  };

  api.get('/v2/clock', (c) => {
    const at = now();
    return c.json({
      timestamp: zonedText(at.getTime(), newYork),
      is_open: sessions.isOpen(at, 'us_equity'),
      next_open: zonedText(sessions.nextOpen(at, 'us_equity')!.getTime(), newYork),
      next_close: zonedText(sessions.nextClose(at, 'us_equity')!.getTime(), newYork),
    });
  });

  api.get('/v2/calendar', (c) => {
    const from = dayIn(c, 'start') ?? firstDay;
    const to = dayIn(c, 'end') ?? lastDay;
    const type = (c.req.query('date_type') || 'TRADING').toUpperCase();
    if (type !== 'TRADING' && type !== 'SETTLEMENT') throw invalid('date_type must be TRADING or SETTLEMENT');
    // What settles in a span was traded within the two weeks before it.
    const found = type === 'TRADING' ? days(from, to) : days(from - 2 * weekDays, to);
    const clock = (ms: number): string => zonedText(ms, newYork).slice(11, 16);
    return c.json(
      found
        .map(({ day, ...at }) => ({
          date: dayText(day),
          open: clock(at.open),
          close: clock(at.close),
          session_open: clock(at.preOpen).replace(':', ''),
          session_close: clock(at.afterClose).replace(':', ''),
          settlement_date: dayText(settlementDay(day)),
        }))
        .filter(
          ({ settlement_date: settled }) => type === 'TRADING' || (settled >= dayText(from) && settled <= dayText(to)),
        ),
    );
  });

  api.get('/v3/clock', (c) => {
    const time = c.req.query('time');
    const at = time ? readMoment(time) : now();
    if (at === null) throw invalid('invalid time');
    const wanted = (c.req.query('markets') || 'NYSE').split(',').map(marketOf);
    const phase = sessions.phase(at);
    const { day } = wallTime(at.getTime(), newYork);
    const today = sessions.tradingDay(day);
    const text = (date: Date): string => zonedText(date.getTime(), newYork);
    const [nextOpen, nextClose] = [sessions.nextOpen(at, 'us_equity')!, sessions.nextClose(at, 'us_equity')!];
    const until =
      phase === 'pre'
        ? new Date(today!.open)
        : phase === 'regular'
          ? new Date(today!.close)
          : phase === 'after'
            ? new Date(today!.afterClose)
            : sessions.nextOpen(at, 'us_equity', true)!;
    return c.json({
      clocks: wanted.map((market) => ({
        market,
        timestamp: text(at),
        is_market_day: today !== null,
        next_market_open: text(nextOpen),
        next_market_close: text(nextClose),
        phase: phaseNames[phase],
        phase_until: text(until),
      })),
    });
  });

  api.get('/v3/calendar/:market', (c) => {
    const market = marketOf(c.req.param('market'));
    const from = dayIn(c, 'start') ?? wallTime(now().getTime(), newYork).day;
    const to = dayIn(c, 'end') ?? from + weekDays;
    const timezone = c.req.query('timezone');
    if (timezone && timezone !== 'UTC') throw invalid('timezone must be UTC');
    const text = (ms: number): string =>
      timezone ? new Date(ms).toISOString().replace('.000Z', 'Z') : zonedText(ms, newYork);
    return c.json({
      market,
      calendar: days(from, to).map(({ day, ...at }) => ({
        date: dayText(day),
        pre_start: text(at.preOpen),
        pre_end: text(at.open),
        core_start: text(at.open),
        core_end: text(at.close),
        post_start: text(at.close),
        post_end: text(at.afterClose),
        settlement_date: dayText(settlementDay(day)),
      })),
    });
  });
  return api;
}

const invalid = (message: string): VenueRefusal => new VenueRefusal(400, 40_010_001, message);

function dayIn(c: Context, name: 'start' | 'end'): CivilDay | null {
  const text = c.req.query(name);
  if (!text) return null;
  // A time of the day, and its zone, are passed over: the day is the one that is written.
  if (readMoment(text) === null) throw invalid(`invalid ${name} date`);
  return readDay(text);
}

function marketOf(name: string): Record<string, string> {
  const wanted = name.trim().toUpperCase();
  const market = exchanges.find(({ acronym, mic }) => acronym === wanted || mic === wanted);
  if (!market) throw invalid(`market "${name}" is not served here: ${exchanges.map((m) => m.acronym).join(', ')}`);
  return { ...market, timezone: newYork.name };
}

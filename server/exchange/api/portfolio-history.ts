import { Hono } from 'hono';
import { dayText, newYork, wallTime } from '../calendar/civil-day.ts';
import type { Sessions, TradingDay } from '../calendar/sessions.ts';
import { type PortfolioRequest, portfolioSeries, type Timeframe } from '../history/portfolio.ts';
import { exactText } from '../venue/money.ts';
import { refuse } from '../venue/refusal.ts';
import type { Env, TradingApiParts } from './context.ts';
import { Query } from './query.ts';

const dayMs = 86_400_000;
const cashflowTypes =
  /^(ALL|NONE|TRANS|MISC|ACAT[CS]|CFEE|CG[DL]|CS[DW]|DIV(CG[LS]|FEE|FT|NRA|ROC|TW|TXEX)?|FEE|INT(NRA|TW)?|JNL[CS]?|SWP|WH)$/;
const timeframes = ['1min', '5min', '15min', '1h', '1d'] as const;
const written: Readonly<Record<(typeof timeframes)[number], Timeframe>> = {
  '1min': '1Min',
  '5min': '5Min',
  '15min': '15Min',
  '1h': '1H',
  '1d': '1D',
};

/** What the account was worth over time. This venue knows no deposits: cash flows are empty. */
export function portfolioHistoryApi({ history, sessions, now }: TradingApiParts): Hono<Env> {
  const api = new Hono<Env>();
  api.get('/v2/account/portfolio/history', async (c) => {
    const at = now();
    const request = readRequest(new Query(c.req.query()), at, sessions);
    // Far enough back for the close before the first point: over the longest row of holidays.
    const from = new Date(request.from.getTime() - 8 * dayMs);
    const samples = await history.samples(c.get('accountId'), from, at);
    const known = samples.map((sample) => ({ at: sample.at.getTime(), equity: Number(exactText(sample.equity)) }));
    const { baseDay, ...series } = portfolioSeries(request, known, sessions, at);
    return c.json({
      ...series,
      ...(baseDay === null ? {} : { base_value_asof: dayText(baseDay) }),
      timeframe: request.timeframe,
      cashflow: {},
    });
  });
  return api;
}

function readRequest(query: Query, now: Date, sessions: Sessions): PortfolioRequest {
  const period = readPeriod(query.text('period'));
  // The older name of each, which clients still send.
  const start = query.moment('start', { unix: true }) ?? query.moment('date_start');
  const end = query.moment('end', { unix: true }) ?? query.moment('date_end');
  if (start && end && period) throw refuse.malformed('only two of start, end and period are accepted');
  if (start && end && start > end) throw refuse.malformed('start must be before end');
  // There are no cash flows here to choose from; what is no kind of one is still a mistake.
  const strange = query.list('cashflow_types')?.find((type) => !cashflowTypes.test(type));
  if (strange !== undefined) throw refuse.malformed('invalid cashflow_types');
  const extended = query.flag('extended_hours');
  const reporting =
    query.oneOf('intraday_reporting', ['market_hours', 'extended_hours', 'continuous']) ??
    (extended ? 'extended_hours' : 'market_hours');
  const resetDaily = (query.oneOf('pnl_reset', ['per_day', 'no_reset']) ?? 'per_day') === 'per_day';
  const length = period ?? { count: 1, unit: 'M' as const };
  const to = end ?? (start ? shift(start, length, 1) : now);
  const from = start ?? back(to, length, sessions);
  const spanDays = (Math.min(to.getTime(), now.getTime()) - from.getTime()) / dayMs;
  const frame = query.oneOf('timeframe', timeframes);
  const timeframe = frame ? written[frame] : spanDays < 7 ? '1Min' : spanDays < 30 ? '15Min' : '1D';
  if (timeframe !== '1D' && spanDays > 31)
    throw refuse.malformed('timeframe must be 1D for periods longer than 30 days');
  if (timeframe === '1Min' && spanDays > 8) throw refuse.malformed('timeframe 1Min is for periods of at most 7 days');
  return { from, to, timeframe, reporting, resetDaily };
}

type Period = { readonly count: number; readonly unit: 'D' | 'W' | 'M' | 'A' };

function readPeriod(text: string | null): Period | null {
  if (text === null) return null;
  const match = /^([1-9]\d{0,3})([DWMA])$/i.exec(text);
  if (!match) throw refuse.malformed('invalid period');
  const period = { count: Number(match[1]), unit: match[2]!.toUpperCase() as Period['unit'] };
  if (period.count > { D: 3660, W: 530, M: 120, A: 10 }[period.unit]) throw refuse.malformed('invalid period');
  return period;
}

/** Days back are trading days, today among them when it has begun; months and years are the calendar's. */
function back(to: Date, period: Period, sessions: Sessions): Date {
  if (period.unit !== 'D') return shift(to, period, -1);
  let left = period.count;
  for (let day = wallTime(to.getTime(), newYork).day; ; day--) {
    const found: TradingDay | null = sessions.tradingDay(day);
    if (!found || found.open > to.getTime()) continue;
    left--;
    if (left === 0) return new Date(found.preOpen);
  }
}

function shift(at: Date, { count, unit }: Period, sign: 1 | -1): Date {
  const moved = new Date(at);
  if (unit === 'D') moved.setUTCDate(moved.getUTCDate() + sign * count);
  if (unit === 'W') moved.setUTCDate(moved.getUTCDate() + sign * count * 7);
  if (unit === 'M') moved.setUTCMonth(moved.getUTCMonth() + sign * count);
  if (unit === 'A') moved.setUTCFullYear(moved.getUTCFullYear() + sign * count);
  return moved;
}

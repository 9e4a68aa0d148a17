import { decimal, money } from '../../../core/decimal.ts';
import type { AccountActivity, StrategyTrade } from '../../../core/model/account-activity.ts';
import type { MarketFacts } from '../../../core/model/market-facts.ts';
import type { Side } from '../../../core/model/signal.ts';
import { isPair } from '../../../core/pairs.ts';
import { dateIn, marketZone, startOfDay, startOfWeek } from '../../../core/zoned-day.ts';
import type { Statements } from '../event-reader/append-events.ts';

/** What an account did before there is any of it. */
export const noActivity: AccountActivity = {
  entries: [],
  trades: [],
  equityAtWeekStart: null,
  peakEquity: null,
  paidIn: null,
  dayTrades: 0,
};

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Of closed trades, the newest so many are looked at, of so long. */
export const mostTrades = 500;
export const tradesForMs = 365 * dayMs;

/** From when on entries count for a decision: of the day, or of the last hour where that is longer. */
export const entriesSince = (now: Date, day: Date): Date => new Date(Math.min(day.getTime(), now.getTime() - hourMs));

/** What an account has done lately, for the view of a decision. */
export interface ActivityReader {
  /**
   * The statements, to be sent together with others after the account's row is locked; what they answer is given to `read`. Few rows at any
   * age of the account: what would be summed over its history is kept by whoever writes it.
   */
  ask(sql: Statements, accountId: string | null, now: Date): Asked;
  read(accountId: string, now: Date, answers: Answers): AccountActivity;
}

type Asked = readonly [PromiseLike<EntryRow[]>, PromiseLike<MarksRow[]>, PromiseLike<TradeRow[]>];
type Answers = readonly [EntryRow[], MarksRow[], TradeRow[]];

interface EntryRow {
  at: Date;
  strategy: string;
  symbol: string;
  value: string;
}

interface MarksRow {
  firstEquity: string | null;
  paidSince: string | null;
  peakEquity: string | null;
  weekEquity: string | null;
  version: string;
}

interface TradeRow {
  strategy: string;
  symbol: string;
  side: Side;
  profit: string;
  openedAt: Date;
  closedAt: Date;
}

interface Known {
  readonly version: string;
  /** The newest first. */
  readonly trades: readonly StrategyTrade[];
  /** Of its trades, counted once for the sessions since a day. */
  dayTrades: { readonly sinceMs: number; readonly count: number } | null;
}

/**
 * Closed trades are read when they have changed since they were read last: their rows have a version of the account, which is read with the
 * account locked, as they are written.
 */
export function createActivityReader(market: Pick<MarketFacts, 'session'>): ActivityReader {
  const known = new Map<string, Known>();
  let days: Days | null = null;

  const daysOf = (now: Date): Days => {
    // They change at midnight, and a year's calendar may come at any moment: they are worked out each minute.
    const minute = Math.floor(now.getTime() / 60_000);
    if (days?.minute !== minute) {
      const day = startOfDay(now, marketZone);
      days = { minute, day, week: startOfWeek(now, marketZone), sessions: startOfSessions(market, now, 5) };
    }
    return days;
  };

  return {
    ask(sql, accountId, now) {
      const { day, week } = daysOf(now);
      return [
        sql<EntryRow[]>`
          select min(created_at) as at, strategy, symbol, sum(quantity * reference_price) as value from orders
          where account_id = ${accountId} and role = 'entry' and created_at >= ${entriesSince(now, day)}
            and decision_id is not null and parent_id is null and replaces_id is null
          group by decision_id, strategy, symbol order by 1 desc`,
        sql<MarksRow[]>`
          select m.first_equity as "firstEquity", m.peak_equity as "peakEquity", m.trades_version as version,
            m.capital_at_first - coalesce((select balance from account_balances
              where account_id = m.account_id and book = 'capital'), 0) as "paidSince",
            (select equity from equity_snapshots where account_id = m.account_id and at >= ${week} order by at limit 1)
              as "weekEquity"
          from account_marks m where m.account_id = ${accountId}`,
        sql<TradeRow[]>`
          select strategy, symbol, side, profit, opened_at as "openedAt", closed_at as "closedAt" from closed_trades
          where account_id = ${accountId} and closed_at >= ${new Date(now.getTime() - tradesForMs)}
            and (select trades_version from account_marks where account_id = ${accountId})
              is distinct from ${accountId === null ? null : (known.get(accountId)?.version ?? null)}::bigint
          order by closed_at desc, seq desc limit ${mostTrades}`,
      ];
    },

    read(accountId, now, [entries, [marks], rows]) {
      const version = marks?.version ?? '0';
      let trades = known.get(accountId);
      if (trades?.version !== version) {
        trades = { version, trades: rows.map(toTrade), dayTrades: null };
        known.set(accountId, trades);
      }
      const { sessions } = daysOf(now);
      if (trades.dayTrades?.sinceMs !== sessions.getTime()) {
        trades.dayTrades = { sinceMs: sessions.getTime(), count: dayTradesOf(trades.trades, sessions) };
      }
      return {
        entries: entries.map((row) => ({ ...row, value: money(row.value) })),
        trades: since(trades.trades, now.getTime() - tradesForMs),
        equityAtWeekStart: marks?.weekEquity ? money(marks.weekEquity) : null,
        peakEquity: marks?.peakEquity ? money(marks.peakEquity) : null,
        paidIn: marks?.firstEquity ? money(decimal(marks.firstEquity).plus(marks.paidSince ?? '0')) : null,
        dayTrades: trades.dayTrades.count,
      };
    },
  };
}

interface Days {
  readonly minute: number;
  readonly day: Date;
  readonly week: Date;
  readonly sessions: Date;
}

const toTrade = (row: TradeRow): StrategyTrade => ({ ...row, profit: money(row.profit) });

/** Of trades with the newest first, those that were closed since. */
function since(trades: readonly StrategyTrade[], ms: number): readonly StrategyTrade[] {
  const old = trades.findIndex((trade) => trade.closedAt.getTime() < ms);
  return old < 0 ? trades : trades.slice(0, old);
}

/** Round trips of one day; of shares alone, as a coin's day has no end. */
function dayTradesOf(trades: readonly StrategyTrade[], from: Date): number {
  return since(trades, from.getTime()).filter(
    ({ symbol, openedAt, closedAt }) =>
      !isPair(symbol) &&
      closedAt.getTime() - openedAt.getTime() <= dayMs + hourMs &&
      dateIn(openedAt, marketZone) === dateIn(closedAt, marketZone),
  ).length;
}

/** Where the calendar does not reach, weekdays are counted, and two more of them for holidays: rather too many trades than too few. */
const spareWeekdays = 2;

/** The start of the New York day on which the last so many sessions began, today's among them. */
export function startOfSessions(market: Pick<MarketFacts, 'session'>, now: Date, count: number): Date {
  let day = startOfDay(now, marketZone);
  let left = count;
  let unknown = false;
  for (;;) {
    const noon = new Date(day.getTime() + dayMs / 2);
    const session = market.session(noon);
    if (session === null && !unknown) {
      unknown = true;
      left += spareWeekdays;
    }
    const weekend = [0, 6].includes(new Date(`${dateIn(noon, marketZone)}T00:00:00Z`).getUTCDay());
    if (session === null ? !weekend : session !== 'closed') left--;
    if (left <= 0) return day;
    day = startOfDay(new Date(noon.getTime() - dayMs), marketZone);
  }
}

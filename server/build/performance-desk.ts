import type { ListedTradeJson, PerformanceJson, PerformanceQuery, TradeFiguresJson } from '../contract/index.ts';
import { text } from '../core/decimal.ts';
import type { Mode } from '../core/model/mode.ts';
import { resultBins } from '../core/performance/distribution.ts';
import { exposureTime } from '../core/performance/exposure-time.ts';
import { groupings, groupTrades } from '../core/performance/groups.ts';
import { centsText, dayCloses, equityReport, profitReport, ratioText } from '../core/performance/report.ts';
import { closesTogether } from '../core/performance/together.ts';
import { type TradeFigures, tradeFigures } from '../core/performance/trade-figures.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ListedTrade, PerformanceAccount, PerformanceBooks } from '../core/ports/performance-books.ts';
import type { SettingsStore } from '../core/ports/settings.ts';
import { dateOf, dayOf } from '../core/risk-figures/close-series.ts';
import { dateIn, marketZone, momentIn } from '../core/zoned-day.ts';
import type { PerformanceDesk } from '../http/performance-desk.ts';
import { HttpProblem, notFound } from '../http/problems.ts';
import { tradesCsv } from '../platform/performance/trades-csv.ts';

export interface PerformanceDeskParts {
  readonly books: PerformanceBooks;
  readonly settings: Pick<SettingsStore, 'current'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Ten years: what a page can draw, and a database reads at once. */
export const mostDays = 3660;
/** More closed trades than these are not read for one answer; the newest are counted. */
export const mostTrades = 20_000;
const newestTrades = 20;

/** What a question is about, once it is known to be one. */
interface Scope {
  readonly all: readonly PerformanceAccount[];
  readonly accounts: readonly PerformanceAccount[];
  readonly mode: Mode;
  readonly accountId: string | null;
  readonly strategy: string | null;
  readonly fromDay: string;
  readonly toDay: string;
}

/** Answers what trading has come to. Each answer is of paper or of production, never of both. */
export function createPerformanceDesk({ books, settings, clock }: PerformanceDeskParts): PerformanceDesk {
  async function scopeOf({ account, mode: asked, strategy, from, to }: PerformanceQuery): Promise<Scope> {
    const all = await books.accounts();
    const chosen = account === undefined ? null : all.find(({ id }) => id === account);
    if (chosen === undefined) throw notFound('such account');
    if (chosen && asked && chosen.mode !== asked)
      throw invalid(
        'account',
        `expected an account of ${asked}; ${chosen.name} trades ${chosen.mode}, and the two are never added up`,
      );
    const mode = chosen?.mode ?? asked ?? settings.current()['mode.master'];
    const toDay = to ?? dateIn(clock.now(), marketZone);
    const fromDay = from ?? dateOf(dayOf(toDay) - 365);
    if (fromDay > toDay) throw invalid('to', `expected a day from ${fromDay} on`);
    if (dayOf(toDay) - dayOf(fromDay) >= mostDays)
      throw invalid('from', `expected at most ${mostDays} days up to ${toDay}`);
    return {
      ...{ all, mode, fromDay, toDay, strategy: strategy ?? null, accountId: chosen?.id ?? null },
      accounts: chosen ? [chosen] : all.filter((one) => one.mode === mode),
    };
  }

  const spanOf = ({ accounts, strategy, fromDay, toDay }: Scope) => ({
    accountIds: accounts.map(({ id }) => id),
    ...{ strategy, fromDay, toDay },
  });

  /** From the first record or the first trade on: before it nothing could be held. */
  function exposureOf(scope: Scope, trades: readonly ListedTrade[], open: readonly Date[]): string | null {
    const now = clock.now();
    const end =
      scope.toDay >= dateIn(now, marketZone) ? now : momentIn(dateOf(dayOf(scope.toDay) + 1), '00:00', marketZone);
    const known = [
      ...trades.map(({ openedAt }) => openedAt),
      ...open,
      ...scope.accounts.flatMap(({ firstAt }) => firstAt ?? []),
    ];
    const first = known.reduce<Date | null>((least, at) => (least && least <= at ? least : at), null);
    const begin = momentIn(scope.fromDay, '00:00', marketZone);
    if (first === null) return null;
    const period = { from: first > begin ? first : begin, until: end };
    if (period.until <= period.from) return null;
    const closed = trades.map(({ openedAt, closedAt }) => ({ from: openedAt, until: closedAt }));
    return ratioText(exposureTime([...closed, ...open.map((from) => ({ from, until: end }))], period));
  }

  return {
    async figures(query): Promise<PerformanceJson> {
      const scope = await scopeOf(query);
      const span = spanOf(scope);
      const [recorded, found, open, strategies] = await Promise.all([
        scope.strategy === null ? books.closes(span.accountIds, scope.fromDay, scope.toDay) : [],
        books.trades(span, mostTrades + 1),
        books.openedAt(span),
        books.strategies(span.accountIds),
      ]);
      const trades = found.slice(0, mostTrades);
      const report =
        scope.strategy === null ? equityReport(closesTogether(recorded.map(dayCloses))) : profitReport(trades);
      const groups = Object.fromEntries(
        groupings.map((by) => [
          by,
          groupTrades(trades, by).map(({ key, figures }) => ({ key, figures: toFiguresJson(figures) })),
        ]),
      ) as unknown as PerformanceJson['groups'];
      return {
        at: clock.now().toISOString(),
        ...{
          from: scope.fromDay,
          to: scope.toDay,
          mode: scope.mode,
          accountId: scope.accountId,
          strategy: scope.strategy,
        },
        accounts: scope.all.map(({ id, name, mode }) => ({ id, name, mode })),
        strategies: [...strategies],
        curveOf: scope.strategy === null ? 'equity' : 'profit',
        ...report,
        curve: [...report.curve],
        months: [...report.months],
        years: [...report.years],
        trades: toFiguresJson(tradeFigures(trades)),
        exposure: exposureOf(scope, trades, open),
        bins: resultBins(trades.map(({ profit }) => profit)).map(({ from, to, count }) => ({
          ...{ from: text(from), to: text(to), count },
        })),
        groups,
        newest: trades.slice(0, newestTrades).map(toTradeJson),
        leftOut: found.length > mostTrades,
      };
    },

    async tradesCsv(query) {
      const scope = await scopeOf(query);
      const trades = await books.trades(spanOf(scope), mostTrades);
      const names = new Map(scope.all.map(({ id, name }) => [id, name]));
      return {
        name: `trades-${scope.mode}-${scope.fromDay}-to-${scope.toDay}.csv`,
        text: tradesCsv(trades.map(toTradeJson), names),
      };
    },
  };
}

const invalid = (field: string, message: string): HttpProblem =>
  new HttpProblem(
    400,
    'INVALID',
    'The request has values that cannot be used',
    `${field}: ${message}. Nothing was changed.`,
    [{ field, code: 'INVALID', message }],
  );

const toFiguresJson = (figures: TradeFigures): TradeFiguresJson => ({
  ...{ trades: figures.trades, wins: figures.wins, losses: figures.losses, withRisk: figures.withRisk },
  ...{ longestWins: figures.longestWins, longestLosses: figures.longestLosses, current: { ...figures.current } },
  heldMs: figures.heldMs === null ? null : Math.round(figures.heldMs),
  profit: centsText(figures.profit)!,
  won: centsText(figures.won)!,
  lost: centsText(figures.lost)!,
  averageWin: centsText(figures.averageWin),
  averageLoss: centsText(figures.averageLoss),
  expectancy: centsText(figures.expectancy),
  largestWin: centsText(figures.largestWin),
  largestLoss: centsText(figures.largestLoss),
  winRate: figures.winRate && ratioText(figures.winRate),
  payoffRatio: figures.payoffRatio && ratioText(figures.payoffRatio),
  profitFactor: figures.profitFactor && ratioText(figures.profitFactor),
  expectancyR: figures.expectancyR && ratioText(figures.expectancyR),
});

const toTradeJson = (trade: ListedTrade): ListedTradeJson => ({
  ...{ accountId: trade.accountId, signalId: trade.signalId, strategy: trade.strategy, symbol: trade.symbol },
  ...{
    side: trade.side,
    quantity: text(trade.quantity),
    profit: centsText(trade.profit)!,
    risk: centsText(trade.risk),
  },
  ...{ openedAt: trade.openedAt.toISOString(), closedAt: trade.closedAt.toISOString() },
});

import { money, type Price } from '../core/decimal.ts';
import { midpoint, type Quote } from '../core/model/market.ts';
import type { MarketFacts } from '../core/model/market-facts.ts';
import type { Mode } from '../core/model/mode.ts';
import type { StoredLimit } from '../core/model/risk-limit.ts';
import type { RiskFigures, RiskPortfolio } from '../core/model/risk-overview.ts';
import { equity } from '../core/model/valuation.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { AccountHoldingsNow, AccountMarks, AccountRefusals, RiskBooks } from '../core/ports/risk-books.ts';
import type { SettingsStore } from '../core/ports/settings.ts';
import { dateIn, marketZone, startOfDay } from '../core/zoned-day.ts';
import { createLimitBooks } from '../pipeline/risk/limit-book.ts';
import type { EquityMarks } from '../pipeline/risk/overview/drawdown.ts';
import { type PortfolioBooks, portfolioOverview, together } from '../pipeline/risk/overview/portfolio-overview.ts';
import { stakesOf } from '../pipeline/risk/overview/stakes.ts';
import type { Rule } from '../pipeline/risk/rule.ts';

export interface RiskOverviewParts {
  readonly books: RiskBooks;
  readonly rules: readonly Rule[];
  readonly settings: Pick<SettingsStore, 'current'>;
  readonly market: Pick<MarketFacts, 'dailyBars'>;
  /** The latest quote of what an account holds; null: there is none. */
  quote(accountId: string, symbol: string): Promise<Quote | null>;
  sectorOf(symbol: string): string;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly log: Pick<Log, 'warn'>;
}

/** What the risk page and the daily report are made of. */
export interface RiskOverview {
  /** As it is now, at most some seconds old: whoever asks at the same time is answered together. */
  figures(): Promise<RiskFigures>;
  /** As it is now, made anew. */
  now(): Promise<RiskFigures>;
  /**
   * As it was recorded at a moment, by the bars and the limits of then. Whose the shares were and what was on its way is not recorded. An account
   * of which nothing was recorded by then is left out.
   */
  asOf(at: Date): Promise<RiskFigures>;
}

/** How far back a curve of equity goes, and its stretches: finer than a screen shows. */
const curveMs = 90 * 86_400_000;
const stretches = 720;
/** Figures are as fresh as this; a page that many look at is made once. */
export const freshMs = 3000;

export function createRiskOverview(parts: RiskOverviewParts): RiskOverview {
  const { books, rules, settings, market, sectorOf, clock, log } = parts;
  const bookOf = createLimitBooks(rules);
  let kept: { readonly atMs: number; readonly figures: Promise<RiskFigures> } | null = null;

  async function pricesOf({ accountId, positions }: AccountHoldingsNow): Promise<Map<string, Price>> {
    const prices = new Map<string, Price>();
    await Promise.all(
      positions.map(async ({ symbol }) => {
        try {
          const quote = await parts.quote(accountId, symbol);
          if (quote) prices.set(symbol, midpoint(quote));
        } catch (error) {
          log.warn({ error, symbol }, 'what is held could not be priced; it counts at cost');
        }
      }),
    );
    return prices;
  }

  async function marksOf(account: AccountMarks, at: Date): Promise<EquityMarks> {
    const { peak, peakAt, firstAt } = account;
    if (firstAt === null || firstAt > at) return { peak: null, peakAt: null, curve: [] };
    const from = new Date(Math.max(firstAt.getTime() - 1, at.getTime() - curveMs));
    return { peak, peakAt, curve: await books.curve(account.accountId, from, at, stretches) };
  }

  /** Each account, and those of a mode together where there are several. */
  async function overviews(
    accounts: readonly PortfolioBooks[],
    refused: readonly AccountRefusals[],
    limits: readonly StoredLimit[],
    bars: Pick<MarketFacts, 'dailyBars'>,
  ): Promise<RiskPortfolio[]> {
    const of = (ids: ReadonlySet<string | null>) => addedUp(refused.filter(({ accountId }) => ids.has(accountId)));
    const overview = { rules, book: bookOf(limits), market: bars, sectorOf };
    const made: RiskPortfolio[] = [];
    for (const mode of ['production', 'paper'] as const satisfies readonly Mode[]) {
      const own = accounts.filter((one) => one.mode === mode);
      const name = mode === 'production' ? 'All live accounts' : 'All paper accounts';
      const several = own.length > 1 ? [together(mode, name, own)] : [];
      for (const one of [...several, ...own]) {
        const ids = new Set(one.kind === 'mode' ? own.map(({ id }) => id) : [one.id]);
        made.push(portfolioOverview(one, of(ids), overview));
        // A simulation takes some milliseconds: what waits is let through between two.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    return made;
  }

  async function now(): Promise<RiskFigures> {
    const at = clock.now();
    const [accounts, refused] = await Promise.all([books.now(at), books.refusals(startOfDay(at, marketZone), at)]);
    const held = await Promise.all(
      accounts.map(async (account): Promise<PortfolioBooks> => {
        const [prices, marks] = await Promise.all([pricesOf(account), marksOf(account, at)]);
        const holdings = account.positions.map(({ symbol, quantity, cost }) => ({
          ...{ symbol, quantity },
          cost: money(quantity.lt('0') ? cost.neg() : cost),
        }));
        return {
          ...about(account),
          cash: account.cash,
          equity: equity(account.cash, holdings, prices).equity,
          ...stakesOf(account.positions, account.entries, prices),
          marks,
        };
      }),
    );
    return figuresOf(at, await overviews(held, refused, settings.current().limits, market));
  }

  async function asOf(at: Date): Promise<RiskFigures> {
    const [accounts, refused, limits] = await Promise.all([
      books.asOf(at),
      books.refusals(startOfDay(at, marketZone), startOfDay(new Date(at.getTime() + 86_400_000), marketZone)),
      books.limitsAt(at),
    ]);
    const day = dateIn(at, marketZone);
    const held = await Promise.all(
      accounts.map(async (account): Promise<PortfolioBooks[]> => {
        const { recorded } = account;
        if (recorded === null) return [];
        const stakes = recorded.holdings.map((one) => ({ ...one, entering: false, atCost: false }));
        const { cash, equity: worth } = recorded;
        return [
          { ...about(account), cash, equity: worth, stakes, byStrategy: null, marks: await marksOf(account, at) },
        ];
      }),
    );
    const bars = {
      dailyBars: (symbol: string) =>
        market.dailyBars(symbol)?.filter((bar) => dateIn(bar.at, marketZone) <= day) ?? null,
    };
    return figuresOf(at, await overviews(held.flat(), refused, limits, bars));
  }

  return {
    now,
    asOf,
    figures() {
      const nowMs = clock.monotonicMs();
      if (kept === null || nowMs - kept.atMs >= freshMs) {
        const figures = now();
        kept = { atMs: nowMs, figures };
        // What failed is asked for anew by the next.
        figures.catch(() => {
          if (kept?.figures === figures) kept = null;
        });
      }
      return kept.figures;
    },
  };
}

const about = ({ accountId, name, mode, enabled, ...marks }: AccountMarks) => ({
  ...{ kind: 'account' as const, id: accountId, name, mode, enabled },
  equityAtDayStart: marks.equityAtDayStart,
  equityAtWeekStart: marks.equityAtWeekStart,
  paidIn: marks.paidIn,
});

const figuresOf = (at: Date, portfolios: RiskPortfolio[]): RiskFigures => ({
  at: at.toISOString(),
  day: dateIn(at, marketZone),
  portfolios,
});

/** By rule, over accounts. */
function addedUp(counts: readonly AccountRefusals[]): Omit<AccountRefusals, 'accountId'>[] {
  const byRule = new Map<string, Omit<AccountRefusals, 'accountId'>>();
  for (const { accountId: _account, ...one } of counts) {
    const sum = byRule.get(one.rule) ?? { rule: one.rule, deny: 0, reduce: 0, ask: 0, warn: 0 };
    byRule.set(one.rule, {
      rule: one.rule,
      deny: sum.deny + one.deny,
      reduce: sum.reduce + one.reduce,
      ask: sum.ask + one.ask,
      warn: sum.warn + one.warn,
    });
  }
  return [...byRule.values()];
}

import { type Money, money, text, toCents } from '../../../core/decimal.ts';
import type { MarketFacts } from '../../../core/model/market-facts.ts';
import type { Mode } from '../../../core/model/mode.ts';
import type { RefusalCount, RiskPortfolio } from '../../../core/model/risk-overview.ts';
import { toAmount } from '../../../core/risk-figures/amounts.ts';
import { contributions } from '../../../core/risk-figures/contributions.ts';
import { defaultOf, type LimitBook } from '../limit-book.ts';
import { ruleOf } from '../load-rules.ts';
import type { Rule } from '../rule.ts';
import { correlationsOf } from './correlations.ts';
import { drawdownOf, type EquityMarks } from './drawdown.ts';
import { exposureBars } from './exposure-bars.ts';
import { gaugesOf } from './gauges.ts';
import { commonHistory, exposuresOf, type HistoryLength } from './history.ts';
import { fractionText } from './limits-beside.ts';
import { lossesOf } from './losses.ts';
import type { Stake, StrategyStake } from './stakes.ts';

/** What is known of an account, or of several together, at a moment. */
export interface PortfolioBooks {
  readonly kind: 'account' | 'mode';
  readonly id: string;
  readonly name: string;
  readonly mode: Mode;
  readonly enabled: boolean;
  readonly cash: Money;
  readonly equity: Money;
  readonly stakes: readonly Stake[];
  /** Null: whose the shares are is not known. */
  readonly byStrategy: readonly StrategyStake[] | null;
  readonly equityAtDayStart: Money | null;
  readonly equityAtWeekStart: Money | null;
  readonly paidIn: Money | null;
  /** Null of several together. */
  readonly marks: EquityMarks | null;
}

export interface OverviewParts {
  readonly rules: readonly Rule[];
  readonly book: LimitBook;
  readonly market: Pick<MarketFacts, 'dailyBars'>;
  sectorOf(symbol: string): string;
}

/** Every figure of one portfolio. */
export function portfolioOverview(
  books: PortfolioBooks,
  refusals: readonly Omit<RefusalCount, 'name'>[],
  { rules, book, market, sectorOf }: OverviewParts,
): RiskPortfolio {
  const { stakes, byStrategy, equity, marks } = books;
  const limits = books.kind === 'account' ? { book, accountId: books.id } : null;
  const exposures = exposuresOf(stakes);
  const length = historyLength(rules, limits);
  const history = commonHistory(exposures, market, length);
  const bars = exposureBars({ stakes, byStrategy, equity, limits, sectorOf });
  const parts = history.held && contributions(history.held);
  const shares = new Map(parts?.map(({ symbol, share }) => [symbol, fractionText(toAmount(share))]));
  return {
    ...{ kind: books.kind, id: books.id, name: books.name, mode: books.mode, enabled: books.enabled },
    cash: text(toCents(books.cash)),
    equity: text(toCents(equity)),
    dayProfit: books.equityAtDayStart && text(toCents(money(equity.minus(books.equityAtDayStart)))),
    unpriced: [...new Set(stakes.filter(({ atCost }) => atCost).map(({ symbol }) => symbol))].sort(),
    gauges: gaugesOf({ ...books, exposures, market, limits }),
    ...bars,
    symbols: bars.symbols.map((bar) => ({ ...bar, riskShare: shares.get(bar.name) ?? null })),
    losses: lossesOf(history, equity, length),
    drawdown: marks && limits && drawdownOf(marks, equity, { ...limits, rule: ruleOf(rules, 'drawdown') }),
    correlations: correlationsOf(exposures, market, length),
    refusals: named(refusals, rules),
  };
}

/** As long as the rule on the historical value at risk looks back, as it is held or as it ships. */
function historyLength(
  rules: readonly Rule[],
  limits: { readonly book: LimitBook; readonly accountId: string } | null,
): HistoryLength {
  const rule = ruleOf(rules, 'historical-var');
  const subject = { accountId: limits?.accountId ?? null, strategy: '', sector: '', symbol: '' };
  const held = limits?.book.heldFor(subject).find((one) => one.rule.key === rule.key) ?? defaultOf(rule);
  const { days, atLeast } = held.values as { days: number; atLeast: number };
  return { days, atLeast };
}

/** In the order of most refused; a rule that is no more keeps its key as its name. */
function named(counts: readonly Omit<RefusalCount, 'name'>[], rules: readonly Rule[]): RefusalCount[] {
  const names = new Map(rules.map(({ key, name }) => [key, name]));
  return counts
    .map((one) => ({ ...one, name: names.get(one.rule) ?? one.rule }))
    .sort((a, b) => b.deny - a.deny || b.reduce - a.reduce || b.ask - a.ask || (a.rule < b.rule ? -1 : 1));
}

/** Accounts of a mode as one portfolio: what they hold, side by side. */
export function together(mode: Mode, name: string, accounts: readonly PortfolioBooks[]): PortfolioBooks {
  const sum = (figure: (one: PortfolioBooks) => Money): Money =>
    accounts.reduce((total, one) => money(total.plus(figure(one))), money('0'));
  const sumOrNull = (figure: (one: PortfolioBooks) => Money | null): Money | null =>
    accounts.some((one) => figure(one) === null) ? null : sum((one) => figure(one)!);
  return {
    ...{ kind: 'mode', id: mode, name, mode, enabled: true, marks: null },
    cash: sum(({ cash }) => cash),
    equity: sum(({ equity }) => equity),
    stakes: accounts.flatMap(({ stakes }) => stakes),
    byStrategy: accounts.some(({ byStrategy }) => byStrategy === null)
      ? null
      : accounts.flatMap(({ byStrategy }) => byStrategy!),
    equityAtDayStart: sumOrNull(({ equityAtDayStart }) => equityAtDayStart),
    equityAtWeekStart: sumOrNull(({ equityAtWeekStart }) => equityAtWeekStart),
    paidIn: sumOrNull(({ paidIn }) => paidIn),
  };
}

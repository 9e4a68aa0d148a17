import { type Big, type Money, money, text, toCents, zeroMoney } from '../../../core/decimal.ts';
import type { MarketFacts } from '../../../core/model/market-facts.ts';
import type { MissingSymbol } from '../../../core/model/risk-overview.ts';
import { isPair } from '../../../core/pairs.ts';
import { commonReturns, type DailyReturns } from '../../../core/risk-figures/alignment.ts';
import type { CloseSeries } from '../../../core/risk-figures/close-series.ts';
import { type HeldPortfolio, holdPortfolio } from '../../../core/risk-figures/portfolio.ts';
import { periodsPerYear } from '../../../core/risk-figures/volatility.ts';
import { historyOf } from '../price-history.ts';
import type { Stake } from './stakes.ts';

/** How much of the past is looked at, as the rules do. */
export interface HistoryLength {
  readonly days: number;
  /** Fewer returns are too few. */
  readonly atLeast: number;
}

/** Money by symbol, signed; long and short that cancel out have no risk. */
export function exposuresOf(stakes: readonly Stake[]): ReadonlyMap<string, Money> {
  const sums = new Map<string, Big>();
  for (const { symbol, value } of stakes) sums.set(symbol, (sums.get(symbol) ?? zeroMoney).plus(value));
  return new Map([...sums].filter(([, value]) => !value.eq('0')).map(([symbol, value]) => [symbol, money(value)]));
}

/** Daily closes of what there are bars of, and what there are none of. */
export function seriesOf(
  exposures: ReadonlyMap<string, Money>,
  market: Pick<MarketFacts, 'dailyBars'>,
): { readonly series: readonly CloseSeries[]; readonly missing: readonly MissingSymbol[] } {
  const series: CloseSeries[] = [];
  const missing: MissingSymbol[] = [];
  for (const [symbol, value] of exposures) {
    const bars = market.dailyBars(symbol);
    const history = bars && historyOf(symbol, bars);
    if (history) series.push(history.series);
    else missing.push(missingSymbol(symbol, value, bars ? tooFewCloses(bars.length) : noBars));
  }
  return { series, missing };
}

const noBars = 'no daily bars are known, or they are too old';
const tooFewCloses = (count: number): string =>
  `${count === 1 ? 'one daily close is' : `${count} daily closes are`} not enough`;

const missingSymbol = (symbol: string, value: Money, why: string): MissingSymbol => ({
  symbol,
  worth: text(toCents(value.abs())),
  why,
});

/** What of a portfolio has a history in common, and what has not. */
export interface CommonHistory {
  /** Null: nothing that is held has enough. */
  readonly held: (HeldPortfolio & { readonly table: DailyReturns }) | null;
  readonly missing: readonly MissingSymbol[];
  /** Money in what has a history, and in all, both without sign. */
  readonly covered: Money;
  readonly whole: Money;
  /** Days in a year on which it trades. */
  readonly periods: number;
}

/** A symbol whose short history would leave everybody's too short is left out, and named. */
export function commonHistory(
  exposures: ReadonlyMap<string, Money>,
  market: Pick<MarketFacts, 'dailyBars'>,
  { days, atLeast }: HistoryLength,
): CommonHistory {
  const { series, missing } = seriesOf(exposures, market);
  const { table, excluded } = commonReturns(series, { days: Math.max(days, atLeast), atLeast });
  const without = new Map(excluded.map((one) => [one.symbol, one]));
  const inTable = series.filter(({ symbol }) => !without.has(symbol)).map(({ symbol }) => symbol);
  const sum = (symbols: Iterable<string>): Money =>
    money([...symbols].reduce<Big>((total, symbol) => total.plus(exposures.get(symbol)!.abs()), zeroMoney));
  const held =
    table &&
    holdPortfolio(
      table,
      inTable.map((symbol) => ({ symbol, value: exposures.get(symbol)! })),
    );
  return {
    held: held?.ok ? { ...held.value, table: table! } : null,
    missing: [
      ...missing,
      ...excluded.map(({ symbol, closes }) =>
        missingSymbol(
          symbol,
          exposures.get(symbol)!,
          `its ${closes} daily closes have fewer than ${atLeast} days in common with the others’`,
        ),
      ),
    ].sort((a, b) => (a.symbol < b.symbol ? -1 : 1)),
    covered: sum(inTable),
    whole: sum(exposures.keys()),
    periods: inTable.length > 0 && inTable.every(isPair) ? periodsPerYear.coins : periodsPerYear.stocks,
  };
}

/** "TSLA, QQQ and 3 more". */
export function namesOf(missing: readonly Pick<MissingSymbol, 'symbol'>[], most = 5): string {
  const names = missing.slice(0, most).map(({ symbol }) => symbol);
  const more = missing.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

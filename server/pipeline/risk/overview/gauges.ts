import { type Big, type Money, money, rounding, text, toCents } from '../../../core/decimal.ts';
import type { MarketFacts } from '../../../core/model/market-facts.ts';
import type { LimitSubject } from '../../../core/model/risk-limit.ts';
import type { LimitBeside, RiskGauge } from '../../../core/model/risk-overview.ts';
import { fromAmount, toAmount } from '../../../core/risk-figures/amounts.ts';
import {
  historicalExpectedShortfall,
  parametricExpectedShortfall,
} from '../../../core/risk-figures/expected-shortfall.ts';
import { portfolioVolatility } from '../../../core/risk-figures/portfolio.ts';
import { historicalValueAtRisk, parametricValueAtRisk } from '../../../core/risk-figures/value-at-risk.ts';
import { sampleDeviation } from '../../../core/risk-figures/volatility.ts';
import { percent } from '../figures.ts';
import type { HeldLimit, LimitBook } from '../limit-book.ts';
import { commonHistory, namesOf } from './history.ts';
import { besideShare, besideValue, type FoundLimit, fractionText, strictest } from './limits-beside.ts';
import { type Stake, sidesOf } from './stakes.ts';

export interface GaugeParts {
  readonly stakes: readonly Stake[];
  readonly exposures: ReadonlyMap<string, Money>;
  readonly equity: Money;
  readonly equityAtDayStart: Money | null;
  readonly equityAtWeekStart: Money | null;
  readonly paidIn: Money | null;
  readonly market: Pick<MarketFacts, 'dailyBars'>;
  readonly limits: { readonly book: LimitBook; readonly accountId: string } | null;
}

/** Figures of the whole portfolio beside their limits: exposure always, losses where they are known or held to, others where they are held to. */
export function gaugesOf(parts: GaugeParts): RiskGauge[] {
  const { stakes, equity, limits } = parts;
  const { gross, net } = sidesOf(stakes);
  const subject: LimitSubject = { accountId: limits?.accountId ?? null, strategy: '', sector: '', symbol: '' };
  const find = (rule: string, parameter: string): FoundLimit | null =>
    limits && strictest(limits.book, [subject], [{ rule, parameter }]);
  const leverage = equity.gt('0') ? gross.div(equity) : null;
  const maxLeverage = find('max-leverage', 'maxTimesEquity');
  const maxGross = find('max-exposure', 'maxShareOfEquity');
  const maxNet = find('net-exposure', net.lt('0') ? 'maxNetShort' : 'maxNetLong');
  const maxPositions = find('max-positions', 'maxPositions');
  const positions = new Set(stakes.map(({ symbol }) => symbol)).size;
  const noEquity = equity.gt('0') ? null : 'equity is not above zero';
  return [
    inMoney('gross', 'Gross exposure', gross, equity, maxGross && besideShare(maxGross, gross, equity)),
    inMoney('net', 'Net exposure', net, equity, maxNet && besideShare(maxNet, money(net.abs()), equity)),
    {
      ...{ key: 'leverage', name: 'Leverage', unit: 'times', ofEquity: null },
      value: leverage && text(leverage.round(4, rounding.awayFromZero)),
      limit: maxLeverage && besideValue(maxLeverage, leverage),
      missing: noEquity,
    },
    {
      ...{ key: 'positions', name: 'Symbols held or being entered', unit: 'count', ofEquity: null },
      value: String(positions),
      limit: maxPositions && besideValue(maxPositions, money(String(positions))),
      missing: null,
    },
    ...losses(parts, find),
    ...(limits ? fromHistory(parts, limits.book, subject) : []),
  ];
}

const inMoney = (
  key: string,
  name: string,
  value: Money | null,
  equity: Money,
  limit: LimitBeside | null,
  missing: string | null = null,
): RiskGauge => ({
  ...{ key, name, unit: 'USD' as const, limit, missing },
  value: value && text(toCents(value)),
  ofEquity: value && equity.gt('0') ? fractionText(value.div(equity)) : null,
});

/** A loss is positive; a profit is shown as a loss below zero. */
function losses(parts: GaugeParts, find: (rule: string, parameter: string) => FoundLimit | null): RiskGauge[] {
  const { equity } = parts;
  const rows = [
    ['daily-loss', 'maxShareOfEquity', 'Loss of the day', parts.equityAtDayStart, 'no equity of the day’s start'],
    ['weekly-loss', 'maxShareOfEquity', 'Loss of the week', parts.equityAtWeekStart, 'no equity of the week’s start'],
    ['total-loss', 'maxShareOfPaidIn', 'Loss of what was paid in', parts.paidIn, 'nothing on what was paid in'],
  ] as const;
  return rows.flatMap(([rule, parameter, name, start, why]) => {
    const limit = find(rule, parameter);
    if (limit === null && start === null) return [];
    const loss = start && money(start.minus(equity));
    // Without a start of the day its rule has nothing to hold on to, and lets pass; the others refuse.
    const applies = start !== null || rule !== 'daily-loss';
    const beside = limit && applies ? besideShare(limit, loss, start ?? money('0')) : null;
    return [inMoney(rule, name, loss, equity, reached(beside), loss ? null : `there is ${why} on record`)];
  });
}

/** These rules refuse from the limit itself on, not only above it. */
const reached = (limit: LimitBeside | null): LimitBeside | null =>
  limit?.use && money(limit.use).eq('1') ? { ...limit, state: 'over' } : limit;

/** What rules hold that look at the portfolio's history, each over its own days. */
function fromHistory({ exposures, market, equity }: GaugeParts, book: LimitBook, subject: LimitSubject): RiskGauge[] {
  return Object.entries(historyFigures).flatMap(([rule, { name, figure }]) => {
    const limit = strictest(book, [subject], [{ rule, parameter: 'maxShareOfEquity' }]);
    if (limit === null) return [];
    const { days, atLeast } = limit.held.values as { days: number; atLeast: number };
    const { held, missing, periods, whole } = commonHistory(exposures, market, { days, atLeast });
    // As the rule has it: where the bars of one symbol are missing, the whole is not known.
    const value = whole.eq('0')
      ? money('0')
      : missing.length > 0 || held === null
        ? null
        : amountOrNull(figure(held.profits, limit.held, periods, equity));
    const why = value
      ? null
      : missing.length > 0
        ? `there is not enough history of ${namesOf(missing)}`
        : 'the history is too short to say';
    return [inMoney(rule, name(limit.held), value, equity, besideShare(limit, value, equity), why)];
  });
}

const amountOrNull = (value: number | null): Money | null => (value === null ? null : toAmount(value));

interface HistoryFigure {
  name(held: HeldLimit): string;
  figure(profits: Float64Array, held: HeldLimit, periods: number, equity: Money): number | null;
}
const confidenceOf = ({ values }: HeldLimit): Big => values.confidence as Big;
const at = (name: string) => (held: HeldLimit) => `${name} at ${percent(confidenceOf(held))}`;
const options = (held: HeldLimit) => ({ confidence: fromAmount(confidenceOf(held)) });

const historyFigures: Readonly<Record<string, HistoryFigure>> = {
  'historical-var': {
    name: at('Value at risk, historical,'),
    figure: (profits, held) => historicalValueAtRisk(profits, options(held)),
  },
  'parametric-var': {
    name: at('Value at risk, parametric,'),
    figure: (profits, held) => parametricOf(profits, (deviation) => parametricValueAtRisk(deviation, options(held))),
  },
  'historical-shortfall': {
    name: at('Expected shortfall, historical,'),
    figure: (profits, held) => historicalExpectedShortfall(profits, options(held)),
  },
  'parametric-shortfall': {
    name: at('Expected shortfall, parametric,'),
    figure: (profits, held) =>
      parametricOf(profits, (deviation) => parametricExpectedShortfall(deviation, options(held))),
  },
  'portfolio-volatility': {
    name: () => 'Volatility of a year',
    figure(profits, _held, periods, equity) {
      const volatility = portfolioVolatility(profits, equity, periods);
      return volatility === null ? null : volatility * fromAmount(equity);
    },
  },
};

function parametricOf(profits: Float64Array, figure: (deviation: number) => number): number | null {
  const deviation = sampleDeviation(profits);
  return deviation === null ? null : figure(deviation);
}

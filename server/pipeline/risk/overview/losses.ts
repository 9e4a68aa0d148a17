import { type Big, type Money, text, toCents } from '../../../core/decimal.ts';
import type { LossFigures, LossMethod, LossRow } from '../../../core/model/risk-overview.ts';
import { toAmount } from '../../../core/risk-figures/amounts.ts';
import { covarianceMatrix } from '../../../core/risk-figures/covariance.ts';
import {
  simulatedExpectedShortfall,
  simulatedReturns,
  simulatedValueAtRisk,
} from '../../../core/risk-figures/monte-carlo.ts';
import { holdPortfolio, portfolioVolatility } from '../../../core/risk-figures/portfolio.ts';
import { type PortfolioRisk, portfolioRisk } from '../../../core/risk-figures/portfolio-risk.ts';
import { type CommonHistory, type HistoryLength, namesOf } from './history.ts';
import { fractionText } from './limits-beside.ts';

/** The confidences that are told. */
export const confidences = [0.95, 0.99] as const;

/** Draws of the simulation, and its seed: the same portfolio on the same bars has the same figures, whoever asks. */
export const simulation = { draws: 10_000, seed: 20_261_120 } as const;

/**
 * What a day may cost, of what has a history; what has none is named and is in none of the figures. The three methods: days that happened,
 * at today's weights; as if returns were normal; and drawn at random from a normal distribution with the covariances of the history.
 */
export function lossesOf(history: CommonHistory, equity: Money, { days }: HistoryLength): LossFigures {
  const { held, missing, covered, whole } = history;
  const table = held?.table ?? null;
  const nothing = whole.eq('0');
  const risk = held && portfolioRisk(held.profits, { confidences });
  const volatility = held && portfolioVolatility(held.profits, equity, history.periods);
  return {
    days: table?.rows ?? 0,
    from: table?.dates[0] ?? null,
    until: table?.dates.at(-1) ?? null,
    covered: nothing ? null : fractionText(covered.div(whole)),
    missing: [...missing],
    volatility: volatility === null ? null : fractionText(toAmount(volatility)),
    rows: nothing ? [] : rowsOf(history, risk, equity),
    ...simulation,
    sentence: sentenceOf(history, days),
  };
}

function sentenceOf({ held, missing, covered, whole }: CommonHistory, days: number): string | null {
  if (whole.eq('0')) return 'Nothing is held and nothing is being entered: there is nothing to lose.';
  if (held === null)
    return `None of it is known: there is not enough history of ${namesOf(missing)}. That is not a risk of zero.`;
  if (missing.length > 0) {
    const part = text(covered.div(whole).times('100').round(1, 0));
    return `These are figures of ${part} % of what is held. ${namesOf(missing)} ${missing.length === 1 ? 'is' : 'are'} not in them, and may lose more.`;
  }
  return held.table.rows < days ? `All that is held has only ${held.table.rows} days of history in common.` : null;
}

function rowsOf({ held, missing }: CommonHistory, risk: PortfolioRisk | null, equity: Money): LossRow[] {
  const why = `there is not enough history of ${namesOf(missing)}`;
  const row = (
    method: LossMethod,
    confidence: number,
    figures: { readonly valueAtRisk: Big; readonly expectedShortfall: Big } | null,
    change: Partial<LossRow> = {},
  ): LossRow => ({
    method,
    confidence: String(confidence),
    valueAtRisk: figures && text(toCents(figures.valueAtRisk)),
    valueAtRiskOfEquity: figures && shareOf(figures.valueAtRisk, equity),
    expectedShortfall: figures && text(toCents(figures.expectedShortfall)),
    expectedShortfallOfEquity: figures && shareOf(figures.expectedShortfall, equity),
    standardError: null,
    missing: figures ? null : why,
    ...change,
  });
  const drawn = held && simulatedProfits(held);
  return [
    ...confidences.map((confidence, i) => {
      const found = risk?.losses[i]?.historical ?? null;
      const few = risk && !found ? { missing: `${held!.table.rows} days do not reach so far` } : {};
      return row('historical', confidence, found, few);
    }),
    ...confidences.map((confidence, i) => row('parametric', confidence, risk?.losses[i]?.parametric ?? null)),
    ...confidences.map((confidence) => {
      const valueAtRisk = drawn && simulatedValueAtRisk(drawn, { confidence });
      const shortfall = drawn && simulatedExpectedShortfall(drawn, { confidence });
      if (!valueAtRisk || !shortfall) return row('simulated', confidence, null);
      const figures = { valueAtRisk: toAmount(valueAtRisk.value), expectedShortfall: toAmount(shortfall.value) };
      const standardError = {
        valueAtRisk: text(toCents(toAmount(valueAtRisk.standardError))),
        expectedShortfall: text(toCents(toAmount(shortfall.standardError))),
      };
      return row('simulated', confidence, figures, { standardError });
    }),
  ];
}

/** What is held would have earned on each of the drawn days; null: the history is too short for covariances. */
function simulatedProfits(held: NonNullable<CommonHistory['held']>): Float64Array | null {
  const covariances = covarianceMatrix(held.table);
  if (covariances === null) return null;
  const table = simulatedReturns(covariances, simulation);
  const exposures = table.symbols.map((symbol, i) => ({ symbol, value: toAmount(held.exposures[i]!) }));
  const drawn = holdPortfolio(table, exposures);
  return drawn.ok ? drawn.value.profits : null;
}

const shareOf = (value: Big, equity: Money): string | null => (equity.gt('0') ? fractionText(value.div(equity)) : null);

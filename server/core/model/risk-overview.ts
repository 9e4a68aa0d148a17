// The figures of the risk page and of the daily report, as they are told and kept: amounts are decimal text in the account's currency,
// fractions are decimal text of which 1 is the whole, moments are ISO texts in UTC. Null is never zero: it is not known, or there is none.
import type { Mode } from './mode.ts';
import type { Severity } from './risk-limit.ts';

/** How a figure stands to its limit: `near` from four fifths of it on; `unknown`: it cannot be compared, and entries are refused by it. */
export const limitStates = ['within', 'near', 'over', 'unknown'] as const;
export type LimitState = (typeof limitStates)[number];

/** The strictest limit that applies beside a figure. */
export interface LimitBeside {
  /** The key of its rule. */
  rule: string;
  /** For people: "One position". */
  name: string;
  /** For whom it was set: "everything", "this account", "the sector Energy". */
  scope: string;
  severity: Severity;
  /** As a share of equity, where it is one. */
  ofEquity: string | null;
  /** In the unit of the figure; null: a share of equity that is not above zero. */
  value: string | null;
  /** How much of it is used; 1 is all. */
  use: string | null;
  state: LimitState;
}

/** What of the portfolio is in one symbol, sector or strategy: positions and what open entries may add. */
export interface ExposureBar {
  name: string;
  /** Of a symbol. */
  sector: string | null;
  long: string;
  /** Without sign. */
  short: string;
  /** The part of both that is open entries. */
  entering: string;
  /** Long and short together. */
  gross: string;
  /** Long less short. */
  net: string;
  /** Gross as a share of equity; null: equity is not above zero. */
  ofEquity: string | null;
  /** Whether something in it has no price and counts at cost. */
  atCost: boolean;
  /** Of a symbol, which part of the deviation of a day comes from it; below zero where it lowers it. */
  riskShare: string | null;
  limit: LimitBeside | null;
}

/** One figure of the whole portfolio beside its limit. */
export interface RiskGauge {
  key: string;
  name: string;
  unit: 'USD' | 'times' | 'count' | 'share';
  value: string | null;
  ofEquity: string | null;
  limit: LimitBeside | null;
  /** Why the value is not known. */
  missing: string | null;
}

export const lossMethods = ['historical', 'parametric', 'simulated'] as const;
export type LossMethod = (typeof lossMethods)[number];

/** Losses of one day, positive for money lost. */
export interface LossRow {
  method: LossMethod;
  confidence: string;
  valueAtRisk: string | null;
  valueAtRiskOfEquity: string | null;
  expectedShortfall: string | null;
  expectedShortfallOfEquity: string | null;
  /** Of what was drawn: within 1.96 of it in 95 of 100 seeds. */
  standardError: { valueAtRisk: string; expectedShortfall: string } | null;
  /** Why it is not known. */
  missing: string | null;
}

/** A symbol that a figure is made without. */
export interface MissingSymbol {
  symbol: string;
  /** Gross. */
  worth: string;
  why: string;
}

/** What a day may cost, by three methods. */
export interface LossFigures {
  /** Daily returns that it is made from, and the first and the last of their days. */
  days: number;
  from: string | null;
  until: string | null;
  /** What is in it, as a share of all that is held; 1 where nothing is missing; null: nothing is held. */
  covered: string | null;
  missing: MissingSymbol[];
  /** Of a year, as a share of equity. */
  volatility: string | null;
  rows: LossRow[];
  draws: number;
  seed: number;
  /** What a reader must know before the rows; null: nothing. */
  sentence: string | null;
}

/** A stretch of an equity curve. */
export interface DrawdownPoint {
  at: string;
  equity: string;
  /** How far below the peak it went in the stretch. */
  fraction: string;
}

/** How far below its highest equity an account stands, and what that does to sizes. */
export interface DrawdownFigures {
  equity: string;
  peak: string | null;
  peakAt: string | null;
  amount: string | null;
  fraction: string | null;
  /** The deepest of the curve. */
  deepest: { fraction: string; at: string } | null;
  /** Whether the rule is on for the account; its steps are told all the same. */
  on: boolean;
  severity: Severity;
  steps: { from: string; factor: string; equity: string | null }[];
  /** What sizes are multiplied by where we stand; 1 where the rule is off. */
  factor: string;
  curve: DrawdownPoint[];
  missing: string | null;
}

/** How what is held moves together. */
export interface CorrelationFigures {
  symbols: string[];
  /** `cells[i][j]` is of `symbols[i]` and `symbols[j]`, four decimals; null: not known. */
  cells: (string | null)[][];
  days: number;
  missing: MissingSymbol[];
  /** Held symbols that are beyond the largest ones, and not in it. */
  leftOut: number;
}

/** What a rule did in a day: decisions in which it said so. */
export interface RefusalCount {
  rule: string;
  name: string;
  deny: number;
  reduce: number;
  ask: number;
  warn: number;
}

/** An account, or all accounts of a mode together. */
export interface RiskPortfolio {
  kind: 'account' | 'mode';
  /** The account's id, or the mode. */
  id: string;
  name: string;
  mode: Mode;
  enabled: boolean;
  cash: string;
  equity: string;
  /** Since the day's start. */
  dayProfit: string | null;
  /** Symbols without a price; they count at cost. */
  unpriced: string[];
  gauges: RiskGauge[];
  symbols: ExposureBar[];
  sectors: ExposureBar[];
  /** Null: whose the shares were was not recorded. */
  strategies: ExposureBar[] | null;
  losses: LossFigures;
  /** Null of several accounts together: steps are held for each. */
  drawdown: DrawdownFigures | null;
  correlations: CorrelationFigures;
  refusals: RefusalCount[];
}

/** Every portfolio: each account, and the accounts of a mode together where there are several. */
export interface RiskFigures {
  at: string;
  /** The day in New York that refusals are counted of. */
  day: string;
  portfolios: RiskPortfolio[];
}

/** A limit that is exceeded, for the report. */
export interface ReportedBreach {
  portfolio: string;
  /** What is over: "AAPL", "the sector Energy", "Gross exposure". */
  what: string;
  rule: string;
  name: string;
  value: string | null;
  limit: string | null;
  unit: RiskGauge['unit'];
  state: LimitState;
}

/** Two symbols that move much alike, or against each other. */
export interface ReportedCorrelation {
  portfolio: string;
  a: string;
  b: string;
  value: string;
}

/** A limit that was changed in the day. */
export interface ReportedLimitChange {
  at: string;
  rule: string;
  name: string;
  scope: string;
  version: number;
  /** "set", "switched off", "taken away". */
  what: string;
  /** Each parameter with its value. */
  parameters: string[];
  author: string;
  reason: string;
}

/** The report of a day. */
export interface RiskReport {
  /** In New York. */
  day: string;
  /** Made after the session's close; else of a day that was not over, and made anew. */
  final: boolean;
  madeAt: string;
  /** The moment that positions and equity are of. */
  through: string;
  /** By whom; null: by the server. */
  madeBy: string | null;
  /** What a reader must know: that it was made late, what is not in it. */
  notes: string[];
  portfolios: RiskPortfolio[];
  breaches: ReportedBreach[];
  /** Pairs at or above the threshold, either way. */
  correlations: ReportedCorrelation[];
  correlationThreshold: string;
  limitChanges: ReportedLimitChange[];
}

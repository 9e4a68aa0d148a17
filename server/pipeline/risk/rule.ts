import type { Money, Price, Quantity } from '../../core/decimal.ts';
import type { AccountView } from '../../core/model/account-view.ts';
import type { DecisionIntent, ModeReason, RuleInput, RuleVerdict } from '../../core/model/decision.ts';
import type { KillSwitch } from '../../core/model/kill-switch.ts';
import type { Asset, Quote } from '../../core/model/market.ts';
import type { Mode } from '../../core/model/mode.ts';
import type { RefusalCode } from '../../core/model/refusals.ts';
import type { RiskLimits } from '../../core/model/settings.ts';
import type { Side, TradeSignal } from '../../core/model/signal.ts';

/** What was worked out before the gate; the shape of `Sizing` in pipeline/sizing. */
export interface SizedSignal {
  readonly intent: DecisionIntent;
  /** Null: it sends no order. */
  readonly side: Side | null;
  readonly quantity: Quantity;
  readonly referencePrice: Price | null;
  readonly stopLoss: Price | null;
  readonly takeProfit: Price | null;
  readonly problem: { readonly code: RefusalCode; readonly sentence: string } | null;
}

/** Everything a rule may look at. Read while the account's row is locked; rules are pure functions of it. */
export interface RiskContext {
  readonly signal: TradeSignal;
  readonly receivedAt: Date;
  readonly now: Date;
  readonly mode: Mode;
  readonly modeReasons: readonly ModeReason[];
  readonly strategyEnabled: boolean;
  /** Null: no account trades in this mode. */
  readonly account: AccountView | null;
  readonly asset: Asset | null;
  /** Null: none, or none that is fresh enough. */
  readonly quote: Quote | null;
  /** The latest prices of what the account holds; a symbol that is not in it counts at cost. */
  readonly prices: ReadonlyMap<string, Price>;
  /** Cash plus positions at those prices. */
  readonly equity: Money;
  readonly sized: SizedSignal;
  readonly limits: RiskLimits;
  /** Which of them are the account's own, in place of the settings'. */
  readonly ownLimits: readonly (keyof RiskLimits)[];
  /** Those that are engaged. */
  readonly killSwitches: readonly KillSwitch[];
  /** When the same ticker, side, strategy and timeframe was last approved in this bar; null: it was not. */
  readonly approvedInBar: { readonly signalId: string; readonly barStart: Date; readonly barSeconds: number } | null;
}

/** What a rule answers; the gate adds the rule's name. */
export type Answer = Omit<RuleVerdict, 'rule'>;

/** One rule, one file in rules/; the file's name is its key. */
export interface Rule {
  readonly key: string;
  /** Rules are asked in this order, and the first that denies names the refusal. */
  readonly order: number;
  /** `entries`: exits are never blocked by it. */
  readonly appliesTo: 'entries' | 'all';
  /** The limit it holds to, where an account may have one of its own. */
  readonly limit?: keyof RiskLimits;
  /** One line for the documentation. */
  readonly says: string;
  evaluate(context: RiskContext): Answer;
}

type Inputs = Readonly<Record<string, RuleInput>>;

export const pass = (sentence: string, inputs: Inputs, limit: string | null = null): Answer => ({
  verdict: 'pass',
  code: null,
  sentence,
  inputs,
  limit,
});

export const deny = (code: RefusalCode, sentence: string, inputs: Inputs, limit: string | null = null): Answer => ({
  verdict: 'deny',
  code,
  sentence: `Not sent: ${sentence}`,
  inputs,
  limit,
});

/** The rule has nothing to look at; another one says what is missing. */
export const notApplicable = (sentence: string, inputs: Inputs = {}): Answer => ({
  verdict: 'not_applicable',
  code: null,
  sentence,
  inputs,
  limit: null,
});

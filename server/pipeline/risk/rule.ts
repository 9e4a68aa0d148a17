import type { Money, Price, Quantity } from '../../core/decimal.ts';
import type { AccountActivity } from '../../core/model/account-activity.ts';
import type { AccountView } from '../../core/model/account-view.ts';
import type { DecisionIntent, ModeReason, RuleInput } from '../../core/model/decision.ts';
import type { KillSwitch } from '../../core/model/kill-switch.ts';
import type { Asset, Quote } from '../../core/model/market.ts';
import type { MarketFacts } from '../../core/model/market-facts.ts';
import type { Mode } from '../../core/model/mode.ts';
import type { OrderTerms } from '../../core/model/order-terms.ts';
import type { RefusalCode } from '../../core/model/refusals.ts';
import type { LimitScope, ScopeKind, Severity } from '../../core/model/risk-limit.ts';
import type { Side, TradeSignal } from '../../core/model/signal.ts';
import type { Parameter } from './parameters.ts';

/** What was worked out before the gate; the shape of `Sizing` in pipeline/sizing. */
export interface SizedSignal {
  readonly intent: DecisionIntent;
  /** Null: it sends no order. */
  readonly side: Side | null;
  readonly quantity: Quantity;
  readonly referencePrice: Price | null;
  readonly stopLoss: Price | null;
  readonly takeProfit: Price | null;
  /** Several targets, each an order of its own; absent or empty: `takeProfit` counts. */
  readonly targets?: readonly { readonly price: Price | null; readonly quantity: Quantity }[];
  /** How it is sent; absent: at the market. */
  readonly terms?: OrderTerms;
  /** Where an entry rests until the market comes to it; absent or null: it is for the market as it is. */
  readonly restsAt?: Price | null;
  readonly problem: { readonly code: RefusalCode; readonly sentence: string } | null;
}

/** Everything a rule may look at. Read while the account's row is locked; rules are pure functions of it. */
export interface RiskContext {
  readonly signal: TradeSignal;
  readonly receivedAt: Date;
  readonly now: Date;
  /** When a person was asked of it, who has said yes since; absent: nobody was. */
  readonly askedAt?: Date;
  readonly mode: Mode;
  readonly modeReasons: readonly ModeReason[];
  readonly strategyEnabled: boolean;
  /** Whether the alert asks not to be held to the hours of entries, and its strategy allows that; absent: no. */
  readonly ignoresTradingWindows?: boolean;
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
  /** The quantity before limits made it smaller; absent: none did. */
  readonly original?: Quantity;
  /** What a quantity is a multiple of: 1 for whole shares. */
  readonly lot: Quantity;
  /** The sector of any symbol; `Unknown` is one of its own. */
  sectorOf(symbol: string): string;
  /** The industry of any symbol; `Unknown` where the sector is. */
  industryOf(symbol: string): string;
  /** What the account has done lately. */
  readonly activity: AccountActivity;
  readonly market: MarketFacts;
  /** Those that are engaged. */
  readonly killSwitches: readonly KillSwitch[];
  /** When the same ticker, side, strategy and timeframe was last approved in this bar; null: it was not. */
  readonly approvedInBar: { readonly signalId: string; readonly barStart: Date; readonly barSeconds: number } | null;
  /** Why its strategy enters nothing in the ticker here until a person says so; absent or null: it may. */
  readonly quarantine?: { readonly since: Date; readonly sentence: string } | null;
  /** What is held is brought to what the script held before, as part of the same decision; absent: it is not. */
  readonly converges?: boolean;
}

/** The context of an order that opens or adds to a position. Nothing else can be given to a rule for entries. */
export interface EntryContext extends RiskContext {
  readonly sized: SizedSignal & { readonly intent: 'entry'; readonly side: Side };
}

/** Whether an order is held to the rules for entries: one that only reduces a position is not, and the compiler knows. */
export const isEntry = (context: RiskContext): context is EntryContext =>
  context.sized.intent === 'entry' && context.sized.side !== null;

interface Looked {
  readonly sentence: string;
  /** What it looked at. */
  readonly inputs: Readonly<Record<string, RuleInput>>;
  /** The limit that applied, with its unit; null: it has none. */
  readonly limit: string | null;
}

/** What a rule found. What becomes of a breach is said by the severity of the limit. */
export type Finding =
  | (Looked & { readonly found: 'pass' | 'not_applicable' })
  | (Looked & {
      readonly found: 'breach';
      readonly code: RefusalCode;
      /** The largest quantity that would not break it; null: a smaller one does not help, or it cannot be said. */
      readonly allowed: Quantity | null;
    });

/** The values of a rule's parameters. */
export type ValuesOf<P> = { readonly [K in keyof P]: P[K] extends Parameter<infer Value> ? Value : never };
type Parameters = Readonly<Record<string, Parameter>>;

interface RuleShape<P extends Parameters> {
  /** The name of its file in rules/. */
  readonly key: string;
  /** Rules are asked in this order, and the first that denies names the refusal. */
  readonly order: number;
  /** A few words for a page: "Share of equity in one position". */
  readonly name: string;
  /** One line for the documentation. */
  readonly says: string;
  readonly parameters: P;
  /** Where a person may set it. `everything` alone: it is the same for all. */
  readonly scopes: readonly ScopeKind[];
  /** What a breach comes to, unless a person says otherwise; the first is the default. */
  readonly severities: readonly [Severity, ...Severity[]];
  /** Whether it holds until a person switches it off, or on. `always`: it cannot be switched off. */
  readonly on: boolean | 'always';
}

export interface EntryRule<P extends Parameters = Parameters> extends RuleShape<P> {
  readonly appliesTo: 'entries';
  evaluate(context: EntryContext, parameters: ValuesOf<P>, scope: LimitScope): Finding;
}

export interface OrderRule<P extends Parameters = Parameters> extends RuleShape<P> {
  readonly appliesTo: 'all';
  evaluate(context: RiskContext, parameters: ValuesOf<P>, scope: LimitScope): Finding;
}

/** One rule, one file in rules/, which exports it as `rule`. Make it by `entryRule` or `orderRule`. */
export type Rule = EntryRule | OrderRule;

/** A rule for entries; exits are never blocked by it. */
export const entryRule = <P extends Parameters>(rule: Omit<EntryRule<P>, 'appliesTo'>): EntryRule<P> => ({
  ...rule,
  appliesTo: 'entries',
});

/** A rule for whatever is sent. */
export const orderRule = <P extends Parameters>(
  rule: Omit<OrderRule<P>, 'appliesTo' | 'evaluate'> & {
    // Not as a method: of those the compiler takes one that wants an entry for one that is asked about anything.
    readonly evaluate: (context: RiskContext, parameters: ValuesOf<P>, scope: LimitScope) => Finding;
  },
): OrderRule<P> => ({
  ...rule,
  appliesTo: 'all',
});

type Inputs = Looked['inputs'];

export const pass = (sentence: string, inputs: Inputs, limit: string | null = null): Finding => ({
  found: 'pass',
  sentence,
  inputs,
  limit,
});

/** The sentence goes on after "Not sent: " or "Warning: ". What is missing is a breach as well: it never means allowed. */
export const breach = (
  code: RefusalCode,
  sentence: string,
  inputs: Inputs,
  limit: string | null = null,
  allowed: Quantity | null = null,
): Finding => ({ found: 'breach', code, sentence, inputs, limit, allowed });

/** The rule has nothing to look at; another one says what is missing. */
export const notApplicable = (sentence: string, inputs: Inputs = {}): Finding => ({
  found: 'not_applicable',
  sentence,
  inputs,
  limit: null,
});

import type { DecisionIntent } from './decision.ts';
import type { KillSwitch } from './kill-switch.ts';
import type { Mode } from './mode.ts';
import type { ScopeKind } from './risk-limit.ts';
import type { SequenceView } from './sequence.ts';
import type { ApprovalSettings, StrategySettings } from './settings.ts';
import type { Side } from './signal.ts';

/** A decimal as text; 0: there is none. */
export type DecimalOrNone = string | 0;
/** Milliseconds since 1970. */
type Ms = number;

/**
 * What a decision was made on, kept beside it so that it can be made again: by other code, or by another configuration. Symbols, strategies
 * and the like stand in tables, and rows refer to them by their place, as it is written with each decision. Daily bars and closed trades are
 * kept by the market's and the account's own tables: here is only which of them were seen.
 */
export interface KeptFacts {
  /** Of this shape. A later one reads the earlier ones. */
  readonly v: 1;
  readonly now: Ms;
  readonly startedAt: Ms;
  readonly bar: { readonly start: Ms; readonly seconds: number };
  readonly weight: string;
  /** Beside the alert, on paper; absent: it is the alert's own. */
  readonly shadow?: true;
  /** The strategy only closes what it has there; absent: it may enter. */
  readonly exitOnly?: true;
  /** The alert closes what is held in the account that it names. */
  readonly closes?: true;
  /** Whose word counted for the account in the vote on the mode; null: nobody's. */
  readonly voter: { readonly name: string; readonly mode: Mode } | null;
  readonly master: Mode;
  readonly strategy: {
    readonly key: string;
    readonly mode: Mode;
    readonly enabled: boolean;
    readonly settings: StrategySettings;
  };
  readonly approvals: ApprovalSettings;
  /** Rule, scope, its name, and the version that was in force. */
  readonly limits: readonly (readonly [string, ScopeKind, string, number])[];
  readonly killSwitches: readonly KillSwitch[];
  readonly approvedInBar: string | null;
  /** What was known of its strategy's alerts before it; absent: nothing. */
  readonly sequence?: SequenceView;
  /** Bid, ask, when, and the sizes shown. */
  readonly quote: readonly [string, string, Ms, DecimalOrNone, DecimalOrNone] | null;
  readonly asset: KeptAsset | null;
  /** The symbols that rows refer to; the first one is the alert's. */
  readonly symbols: readonly string[];
  /** Sector and industry by symbol, as places in `groups`. */
  readonly sectors: readonly number[];
  readonly groups: readonly (readonly [string, string])[];
  readonly strategies: readonly string[];
  readonly account: KeptAccount | null;
  readonly activity: KeptActivity;
  readonly market: KeptMarket;
  readonly result: DecisionSummary;
}

/** An asset without its name. Absent: the venue does not say. */
export interface KeptAsset {
  readonly exchange: string;
  readonly tradable: boolean;
  readonly shortable: boolean;
  readonly fractionable: boolean;
  readonly easyToBorrow?: boolean;
  readonly marginable?: boolean;
  readonly minOrderSize?: string;
  readonly minTradeIncrement?: string;
}

export interface KeptAccount {
  readonly name: string;
  readonly mode: Mode;
  readonly enabled: boolean;
  readonly cash: string;
  readonly buyingPower: DecimalOrNone;
  readonly dayStart: DecimalOrNone;
  readonly positions: readonly KeptPosition[];
  readonly orders: readonly KeptOrder[];
  /** Role, status and type of orders, as rows refer to them. */
  readonly kinds: readonly (readonly [string, string, string])[];
}

/**
 * Symbol, quantity, cost, realised profit, the price it was valued at, and its lots: strategy, quantity and cost, one after the other. A
 * strategy alone: all of it is that one's.
 */
export type KeptPosition = readonly [
  symbol: number,
  quantity: string,
  cost: string,
  realizedPnl: string,
  price: DecimalOrNone,
  ...lots: (number | string)[],
];

/**
 * An open order. `group` is the same for orders of one parent, -1 where there is none; a number below the count of orders is the parent's own
 * place. `flags`: 1 sells, 2 the broker had it when it last told its buying power.
 */
export type KeptOrder = readonly [
  symbol: number,
  kind: number,
  strategy: number,
  group: number,
  flags: number,
  remaining: string,
  reference: string,
  limit: DecimalOrNone,
  stop: DecimalOrNone,
  stopLoss: DecimalOrNone,
  trailPrice: DecimalOrNone,
  trailPercent: DecimalOrNone,
];

/** What the account had done lately. Entries and closed trades are read from their own tables again: here is how many there were. */
export interface KeptActivity {
  readonly entries: number;
  readonly trades: number;
  /** When the newest of the trades was closed; null: there were none. */
  readonly newestTrade: Ms | null;
  readonly weekStart: DecimalOrNone;
  readonly peak: DecimalOrNone;
  readonly paidIn: DecimalOrNone;
  readonly dayTrades: number;
}

export interface KeptMarket {
  /** The session of the day: opening and close; 0: closed; null: not known. */
  readonly session: readonly [Ms, Ms] | 0 | null;
  /** From, until, what, and whether it is of the symbol; null: the calendar could not be read. */
  readonly blackouts: readonly (readonly [Ms, Ms, string, 0 | 1])[] | null;
  /** The last daily bar and how many there were; by symbol as places in it, -1: none were known. */
  readonly bars: readonly (readonly [Ms, number])[];
  readonly barsOf: readonly number[];
  /** Of all those bars together: another one says that they have been adjusted since. */
  readonly barsMark: number;
}

/** A decision with its orders, as two of them are compared. Amounts are decimal text. */
export interface DecisionSummary {
  readonly outcome: 'approved' | 'held' | 'denied';
  readonly code: string | null;
  /** The rule that refused, asked for a person, or made it smaller last; null: none did. */
  readonly rule: string | null;
  readonly mode: Mode;
  readonly intent: DecisionIntent;
  readonly side: Side | null;
  readonly quantity: string;
  readonly orders: readonly OrderSummary[];
  /** Open orders that it cancels, by their place. */
  readonly cancels: readonly number[];
  /** Stops that it moves: the order's place, the stop, and its limit. */
  readonly moves: readonly (readonly [number, string, DecimalOrNone])[];
  /** Why the entry of a reversal is kept back; absent: it is not. */
  readonly withheld?: string;
}

/** An order as it was decided. What is absent is not part of it. */
export interface OrderSummary {
  readonly intent: 'entry' | 'exit';
  readonly side: Side;
  readonly type: string;
  readonly quantity: string;
  readonly reference: string;
  readonly timeInForce: string;
  readonly limit?: string;
  readonly stop?: string;
  readonly stopLoss?: string;
  readonly takeProfit?: string;
  readonly trail?: string;
  readonly role?: string;
  /** The step it waits for and what for: "0 filled". */
  readonly after?: string;
}

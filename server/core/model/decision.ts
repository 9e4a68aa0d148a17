import type { Price, Quantity } from '../decimal.ts';
import type { Mode } from './mode.ts';
import type { OrderRole, OrderType, TimeInForce, Trail } from './order.ts';
import type { RefusalCode } from './refusals.ts';
import type { Side } from './signal.ts';

/** An entry opens or adds to a position; an exit closes or reduces one, and is never blocked by entry limits. */
export type Intent = 'entry' | 'exit';

/** What a decision is about: `adjust` cancels orders or moves their prices, and sends none. */
export type DecisionIntent = Intent | 'adjust';

/** A number, text or flag a rule looked at, as it is kept: decimals as text. */
export type RuleInput = string | number | boolean | null;

/** What one rule said, with everything it looked at. */
export interface RuleVerdict {
  readonly rule: string;
  /** Of a reversal, which is judged twice: its exit, or its entry. Absent: there is but one part. */
  readonly part?: Intent;
  /** `reduce`: the order was made smaller; `ask`: a person must say yes; `warn`: it went all the same. */
  readonly verdict: 'pass' | 'deny' | 'reduce' | 'ask' | 'warn' | 'not_applicable';
  /** For whom the limit was set: "the sector Energy"; absent: it is the one for everything. */
  readonly scope?: string;
  readonly code: RefusalCode | null;
  /** A sentence a trader understands, with the numbers in it. */
  readonly sentence: string;
  readonly inputs: Readonly<Record<string, RuleInput>>;
  /** The limit that applied, as text with its unit ("20 % of equity"); null where the rule has none. */
  readonly limit: string | null;
}

/** Who said what about the mode; production needs all four. */
export interface ModeReason {
  readonly source: 'signal' | 'strategy' | 'account' | 'master';
  readonly says: Mode;
  readonly sentence: string;
}

export const sizingMethods = [
  'risk_per_share',
  'fixed_quantity',
  'fixed_notional',
  'percent_of_equity',
  'percent_risk',
  'percent_of_position',
  'target_position',
  'volatility_target',
  'volatility_parity',
  'confidence',
  'fractional_kelly',
  'close_position',
  'close_part',
  'reduce_by_risk',
  'break_even',
  'cancel_entries',
] as const;
export type SizingMethod = (typeof sizingMethods)[number];

/** A part of an entry that is an order of its own. Decimal text; no target: it has the stop only. */
export interface TargetRecord {
  readonly price: string | null;
  readonly quantity: string;
}

/** How the quantity came about; kept on the receipt. Prices and amounts are decimal text. */
export interface SizingRecord {
  readonly method: SizingMethod;
  readonly riskAmount: string | null;
  readonly entryPrice: string | null;
  readonly entryFrom: 'alert' | 'quote' | null;
  readonly stopLoss: string | null;
  readonly stopFrom: 'alert' | 'strategy' | null;
  readonly takeProfit: string | null;
  readonly takeProfitFrom: 'alert' | 'strategy' | null;
  readonly riskPerShare: string | null;
  readonly quantity: string;
  readonly sentence: string;
  /** How the stop came about, where the strategy's settings say it, for a person; absent: the alert gave it, or there is none. */
  readonly stopHow?: string;
  /** What the method looked at; absent: the prices above alone. */
  readonly inputs?: Readonly<Record<string, RuleInput>>;
  /** Several targets, as the entry is split between them; absent: one order. */
  readonly targets?: readonly TargetRecord[];
  /** How a stop trails, for a person: "1.5 %"; absent: it does not. */
  readonly trail?: string;
  /** What is closed before the entry of a reversal; absent: nothing. */
  readonly closesFirst?: string;
}

/**
 * How the order that another one waits for must have ended. `closed`: nothing is held any more that it was to close. `filled`: in
 * whole or in part. `sent`: it has been sent, or will not be.
 */
export type AfterCondition = 'closed' | 'filled' | 'sent' | 'cleared';

/** What is asked of the broker once it is approved. */
export interface OrderPlan {
  readonly intent: Intent;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Quantity;
  /** The price the order is expected near; risk and slippage are measured against it. */
  readonly referencePrice: Price;
  readonly type: OrderType;
  /** Of a limit and of a stop-limit order. */
  readonly limitPrice: Price | null;
  /** Of a stop and of a stop-limit order; absent: none. */
  readonly stopPrice?: Price | null;
  /** Of a trailing stop; absent: none. */
  readonly trail?: Trail | null;
  readonly timeInForce: TimeInForce;
  /** Whether it may be filled before the opening and after the close; absent: in regular hours alone. */
  readonly extendedHours?: boolean;
  /** Of an entry, where its protection will rest. Of an exit, both: one that takes the profit or stops, whichever comes first. */
  readonly stopLoss: Price | null;
  readonly takeProfit: Price | null;
  /** Of an entry, the limit of its stop; absent or null: it is a plain stop. */
  readonly stopLossLimit?: Price | null;
  /** What it is for, where that is not its intent: an exit may be a stop. */
  readonly role?: OrderRole;
  /** Which of its decision's orders it is, from 0; absent: the first. */
  readonly step?: number;
  /**
   * The step of the same decision that it waits for, or an order of an earlier one by its id (`step` then says which it was there); absent:
   * it is sent at once.
   */
  readonly after?: { readonly step: number; readonly when: AfterCondition; readonly orderId?: string } | null;
}

/** The risk gate's answer. The first denying rule in gate order gives the code. */
export type Decision =
  | {
      readonly outcome: 'approved';
      readonly verdicts: readonly RuleVerdict[];
      /** What the limits made of the quantity; null: they left it. */
      readonly quantity: Quantity | null;
    }
  | {
      /** Nothing denies, but a person must say yes. */
      readonly outcome: 'held';
      readonly verdicts: readonly RuleVerdict[];
      /** Those that want a person. Never empty. */
      readonly asks: readonly RuleVerdict[];
      readonly quantity: Quantity | null;
    }
  | {
      readonly outcome: 'denied';
      readonly verdicts: readonly RuleVerdict[];
      readonly code: RefusalCode;
      readonly sentence: string;
    };

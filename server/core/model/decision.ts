import type { Price, Quantity } from '../decimal.ts';
import type { Mode } from './mode.ts';
import type { OrderType, Trail } from './order.ts';
import type { RefusalCode } from './refusals.ts';
import type { Side } from './signal.ts';

/** An entry opens or adds to a position; an exit closes or reduces one, and is never blocked by entry limits. */
export type Intent = 'entry' | 'exit';

/** A number, text or flag a rule looked at, as it is kept: decimals as text. */
export type RuleInput = string | number | boolean | null;

/** What one rule said, with everything it looked at. */
export interface RuleVerdict {
  readonly rule: string;
  readonly verdict: 'pass' | 'deny' | 'not_applicable';
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

/** How the quantity came about; kept on the receipt. Prices and amounts are decimal text. */
export interface SizingRecord {
  readonly method: 'risk_per_share' | 'close_position' | 'reduce_by_risk';
  readonly riskAmount: string;
  readonly entryPrice: string | null;
  readonly entryFrom: 'alert' | 'quote' | null;
  readonly stopLoss: string | null;
  readonly stopFrom: 'alert' | 'strategy' | null;
  readonly takeProfit: string | null;
  readonly takeProfitFrom: 'alert' | 'strategy' | null;
  readonly riskPerShare: string | null;
  readonly quantity: string;
  readonly sentence: string;
}

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
  readonly timeInForce: 'day' | 'gtc';
  readonly stopLoss: Price | null;
  readonly takeProfit: Price | null;
}

/** The risk gate's answer. The first denying rule in gate order gives the code. */
export type Decision =
  | { readonly outcome: 'approved'; readonly verdicts: readonly RuleVerdict[] }
  | {
      readonly outcome: 'denied';
      readonly verdicts: readonly RuleVerdict[];
      readonly code: RefusalCode;
      readonly sentence: string;
    };

import type { Price } from '../decimal.ts';
import type { AccountActivity } from '../model/account-activity.ts';
import type { AccountView } from '../model/account-view.ts';
import type { Ask } from '../model/approval.ts';
import type { ApprovedOrder } from '../model/approved-order.ts';
import type { DecisionIntent, ModeReason, RuleVerdict, SizingRecord } from '../model/decision.ts';
import type { Destination } from '../model/destination.ts';
import type { KeptFacts } from '../model/kept-facts.ts';
import type { KillSwitch } from '../model/kill-switch.ts';
import type { Quote } from '../model/market.ts';
import type { Mode } from '../model/mode.ts';
import type { RefusalCode } from '../model/refusals.ts';
import type { StoredLimit } from '../model/risk-limit.ts';
import type { SequenceRecord, SequenceView } from '../model/sequence.ts';
import type { Side, SignalStatus, TradeSignal } from '../model/signal.ts';

/** More alerts than this before one are not counted: it has to wait for long all the same. */
export const mostAhead = 1000;

/** A signal that waits for its decisions. */
export interface SignalToDecide {
  readonly signalId: string;
  readonly signal: TradeSignal;
  readonly receivedAt: Date;
  readonly status: SignalStatus;
  /** Whether it is another alert taken in again, which goes to paper. */
  readonly replay?: boolean;
  /** Where it goes, as set down with its first decision; null: nothing is decided yet. */
  readonly destinations: readonly Destination[] | null;
  /** How many earlier alerts of the same strategy on the same symbol are still to be decided; counted up to `mostAhead`. */
  readonly ahead: number;
  /** The accounts it has been decided for. */
  readonly decidedFor: readonly (string | null)[];
  /** The accounts in which its strategy has something in its ticker, or is about to. Empty once it is set down where it goes. */
  readonly holdings: readonly StrategyHolding[];
}

/** What a strategy has in a ticker and an account that has not been put away. Quantities are decimal text, negative when short. */
export interface StrategyHolding {
  readonly accountId: string;
  readonly held: string;
  /** What open entries may still add. */
  readonly entering: string;
  /** Open entries. */
  readonly entries: number;
  /** Of the newest decision that let it enter there; "1" where there is none. */
  readonly weight: string;
  /** Whether that was a shadow's. */
  readonly shadow: boolean;
}

/** An account a decision can be made for. */
export interface TradingAccount {
  readonly accountId: string;
  readonly name: string;
  readonly mode: Mode;
  readonly enabled: boolean;
}

/** What is read while the account's row is locked: nobody else decides for the account until this decision is stored. */
export interface LockedView {
  readonly account: AccountView | null;
  /** Those that are engaged. */
  readonly killSwitches: readonly KillSwitch[];
  readonly activity: AccountActivity;
  /** Limits that people set, over the rules’ defaults. */
  readonly limits: readonly StoredLimit[];
  readonly master: Mode;
  /** The account's newest approved signal of the same ticker, side, strategy and timeframe whose time lies in the bar; null: none. */
  readonly approvedInBar: string | null;
  /** What is known of the strategy's alerts in the ticker before it; absent: nothing. */
  readonly sequence?: SequenceView;
}

/** A decision, ready to be stored. */
export interface DecisionToStore {
  readonly decisionId: string;
  readonly mode: Mode;
  readonly modeReasons: readonly ModeReason[];
  readonly intent: DecisionIntent;
  /** Of its first order; null: it sends none. */
  readonly side: Side | null;
  readonly sizing: SizingRecord;
  readonly verdicts: readonly RuleVerdict[];
  readonly quote: Quote | null;
  readonly startedAt: Date;
  readonly decidedAt: Date;
  /** What the alert said its script held, beside what was held; absent: it did not say. */
  readonly sequence?: SequenceRecord;
  /** What the strategy is quarantined for by it in the account and the ticker; absent: it is not. */
  readonly quarantine?: { readonly expected: string; readonly found: string; readonly sentence: string };
  /** What it was made on, kept so that it can be made again; absent: it cannot be. */
  readonly facts?: KeptFacts;
  readonly outcome:
    | {
        readonly kind: 'approved';
        /** By their steps, from 0 without a gap; empty: the decision only changes orders that are there. */
        readonly orders: readonly ApprovedOrder[];
        /** Orders to be cancelled. */
        readonly cancels: readonly string[];
        /** Stops to be moved. */
        readonly moves: readonly {
          readonly orderId: string;
          readonly stopPrice: Price;
          /** Of a stop-limit; null: it has none. */
          readonly limitPrice: Price | null;
        }[];
        /** Why the entry of a reversal is not sent, while its exit is; null: nothing is kept back. */
        readonly withheld: {
          readonly code: RefusalCode;
          readonly sentence: string;
          /** It may be sent yet: a person is asked. Absent: it is not sent. */
          readonly ask?: Ask;
        } | null;
      }
    | {
        /** An entry that a person must approve first. */
        readonly kind: 'held';
        readonly code: RefusalCode;
        readonly sentence: string;
        readonly ask: Ask;
      }
    | { readonly kind: 'denied'; readonly code: RefusalCode; readonly sentence: string };
}

/** The bar a signal belongs to: from `start`, up to but not including `end`. */
export interface Bar {
  readonly start: Date;
  readonly end: Date;
}

/** Decisions. Storing one is a single transaction: the decision, the signal's status, the orders, the jobs and the events. */
export interface DecisionStore {
  signal(signalId: string): Promise<SignalToDecide | null>;
  /** All, those that were added first before the others. */
  tradingAccounts(): Promise<readonly TradingAccount[]>;
  /**
   * Locks the signal and the account, reads the view, has `decide` decide, and stores what it says. The kill switch, the limits and the
   * master switch stand still meanwhile. False: the signal had been decided for the account before, or is not for it, and `decide` was
   * not asked; or `decide` said null, that it cannot decide on this view, and nothing was stored. `decide` must be pure and quick.
   *
   * The first decision sets down where the signal goes: `destinations`, or the account alone. The signal is approved with the first
   * approval, and denied with the last denial; it waits while every account has its answer, none has approved, and a person is asked.
   *
   * An alert that leaves, or that goes the other way, withdraws what its strategy has waiting for a person in the same ticker and account.
   */
  decide(
    signal: SignalToDecide,
    accountId: string | null,
    bar: Bar,
    decide: (view: LockedView) => DecisionToStore | null,
    destinations?: readonly Destination[],
  ): Promise<boolean>;
  /** Marks a signal that has no decision as failed, with its event: a person must look. False: it is decided, or failed already. */
  fail(signalId: string, sentence: string): Promise<boolean>;
}

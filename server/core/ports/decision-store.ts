import type { AccountView } from '../model/account-view.ts';
import type { ApprovedOrder } from '../model/approved-order.ts';
import type { Intent, ModeReason, RuleVerdict, SizingRecord } from '../model/decision.ts';
import type { Quote } from '../model/market.ts';
import type { Mode } from '../model/mode.ts';
import type { RefusalCode } from '../model/refusals.ts';
import type { KillSwitch, RiskLimits } from '../model/settings.ts';
import type { SignalStatus, TradeSignal } from '../model/signal.ts';

/** A signal that waits for its decision. */
export interface SignalToDecide {
  readonly signalId: string;
  readonly signal: TradeSignal;
  readonly receivedAt: Date;
  readonly status: SignalStatus;
}

/** An account a decision can be made for. */
export interface TradingAccount {
  readonly accountId: string;
  readonly name: string;
  readonly mode: Mode;
}

/** What is read while the account's row is locked: nobody else decides for the account until this decision is stored. */
export interface LockedView {
  readonly account: AccountView | null;
  readonly killSwitch: KillSwitch;
  readonly limits: RiskLimits;
  readonly master: Mode;
  /** The account's newest approved signal of the same ticker, side, strategy and timeframe whose time lies in the bar; null: none. */
  readonly approvedInBar: string | null;
}

/** A decision, ready to be stored. */
export interface DecisionToStore {
  readonly decisionId: string;
  readonly mode: Mode;
  readonly modeReasons: readonly ModeReason[];
  readonly intent: Intent;
  readonly sizing: SizingRecord;
  readonly verdicts: readonly RuleVerdict[];
  readonly quote: Quote | null;
  readonly startedAt: Date;
  readonly decidedAt: Date;
  readonly outcome:
    | { readonly kind: 'approved'; readonly order: ApprovedOrder }
    | { readonly kind: 'denied'; readonly code: RefusalCode; readonly sentence: string };
}

/** The bar a signal belongs to: from `start`, up to but not including `end`. */
export interface Bar {
  readonly start: Date;
  readonly end: Date;
}

/** Decisions. Storing one is a single transaction: the decision, the signal's status, the order, its job and the events. */
export interface DecisionStore {
  signal(signalId: string): Promise<SignalToDecide | null>;
  /** The account that trades in each mode: the first enabled one by name; null: none. */
  tradingAccounts(): Promise<Readonly<Record<Mode, TradingAccount | null>>>;
  /**
   * Locks the signal and the account, reads the view, has `decide` decide, and stores what it says. The kill switch, the limits and the
   * master switch stand still meanwhile. False: the signal had been decided before, and `decide` was not asked; or `decide` said
   * null, that it cannot decide on this view, and nothing was stored. `decide` must be pure and quick.
   */
  decide(
    signal: SignalToDecide,
    accountId: string | null,
    bar: Bar,
    decide: (view: LockedView) => DecisionToStore | null,
  ): Promise<boolean>;
  /** Marks a signal that has no decision as failed, with its event: a person must look. False: it is decided, or failed already. */
  fail(signalId: string, sentence: string): Promise<boolean>;
}

import type { Bar } from '../indicators/bar.ts';
import type { AccountActivity } from '../model/account-activity.ts';
import type { KeptFacts } from '../model/kept-facts.ts';
import type { RefusalCode } from '../model/refusals.ts';
import type { StoredLimit } from '../model/risk-limit.ts';
import type { SignalStatus, TradeSignalJson } from '../model/signal.ts';
import type { ReadAs } from '../model/source-reading.ts';

/** Which alerts are made again: those that came from a moment on, up to but not including another one. */
export interface ReplayRange {
  readonly from: Date;
  readonly until: Date;
}

/** A decision of an alert, with what it was made on. */
export interface StoredDecision {
  readonly decisionId: string;
  readonly accountId: string | null;
  readonly decidedAt: Date;
  /** Null: they were not kept, or are deleted; text: why they cannot be read. */
  readonly facts: KeptFacts | null | string;
  /** Approved entries and closed trades of the time. */
  readonly activity: Pick<AccountActivity, 'entries' | 'trades'>;
}

/** An alert as it was taken in. */
export interface StoredAlert {
  readonly signalId: string;
  readonly receivedAt: Date;
  readonly status: SignalStatus;
  readonly code: RefusalCode | null;
  readonly body: Uint8Array;
  /** What its source was set to when it came; null: nothing. */
  readonly readAs: ReadAs | null;
  /** As it was understood; null: it was refused. */
  readonly parsed: TradeSignalJson | null;
  readonly decisions: readonly StoredDecision[];
}

/** What a replay reads. Everything is seen as it stood at one moment, and nothing can be written. */
export interface ReplaySource {
  count(range: ReplayRange): Promise<{ readonly alerts: number; readonly decisions: number }>;
  /** In the order in which they came, a part at a time. */
  alerts(range: ReplayRange): AsyncIterable<readonly StoredAlert[]>;
  /** Every version of every limit that there ever was. */
  limits(): Promise<readonly StoredLimit[]>;
  /** Daily bars that are kept of the symbols, the oldest first. */
  bars(symbols: readonly string[]): Promise<ReadonlyMap<string, readonly Bar[]>>;
}

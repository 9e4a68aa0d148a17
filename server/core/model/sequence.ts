import type { Quantity } from '../decimal.ts';
import type { PreviousPosition } from './signal.ts';

/** What is done about a strategy that holds something else than its alert says its script held. */
export const gapActs = ['ignore', 'quarantine', 'converge'] as const;
export type GapAct = (typeof gapActs)[number];

/**
 * How the two differ. `missed_exit`: the script held nothing, we do. `missed_entry`: it held something, we do not. `missed_reversal`: we
 * are on the other side. `size`: the side is the same, and the sizes are further apart than the strategy allows.
 */
export type GapKind = 'missed_exit' | 'missed_entry' | 'missed_reversal' | 'size';

/** What a strategy does about gaps. Decimal text. */
export type GapSettings = {
  readonly act: GapAct;
  /** Whether sizes count, and not only the side: for strategies that trade their script's own quantities. */
  readonly compare: 'side' | 'size';
  /** How far sizes may be apart, as a fraction of the larger. */
  readonly sizeDifference: string;
};

/** How a strategy says that it is alive. */
export type HeartbeatSettings = {
  /** The longest its alerts and heartbeats are apart. */
  readonly everyMinutes: number;
  /** How much later than that it may come before somebody is told. */
  readonly graceMinutes: number;
  /** Whether only minutes of the venue's sessions count. */
  readonly when: 'market_hours' | 'always';
};

/** A strategy that enters nothing in a symbol until a person says so. */
export interface Quarantine {
  readonly id: string;
  readonly accountId: string;
  readonly strategy: string;
  readonly symbol: string;
  /** The alert that the gap was found by. */
  readonly signalId: string;
  /** What the script held by its alert, and what was found, in words. */
  readonly expected: string;
  readonly found: string;
  readonly sentence: string;
  readonly openedAt: Date;
  readonly cleared: { readonly at: Date; readonly by: string; readonly reason: string } | null;
}

/** What is known, with the account locked, of the alerts before one that says what its script held. */
export interface SequenceView {
  /** The strategy's open quarantine in the account and symbol; null: there is none. */
  readonly quarantine: Pick<Quarantine, 'signalId' | 'openedAt' | 'sentence'> | null;
  /** Whether an earlier alert of it is kept back, or waits for a person: the script counts with what is not here yet. */
  readonly waiting: boolean;
  /** Whether an alert that fired after it has been decided already: what it says is of a time before that. */
  readonly overtaken: boolean;
  /** Why the strategy is known to hold nothing where its script does, in words; null: no reason is known. */
  readonly apart: string | null;
}

/** What came of comparing an alert's previous position with what its strategy holds. Kept with the decision. */
export interface SequenceRecord {
  readonly found: 'match' | 'gap' | 'not_compared';
  /** Of a gap; null otherwise. */
  readonly kind: GapKind | null;
  /**
   * `noted`: the settings say to ignore it. `explained`: its reason is known, no alert is missing. `converged`: brought to what the script
   * held, before or with the order. `left`: that was to be done, and the decision did not let it.
   */
  readonly did: 'nothing' | 'noted' | 'explained' | 'quarantined' | 'converged' | 'left';
  readonly said: PreviousPosition | null;
  /** In our shares; decimal text; null: the alert does not say, or it is not compared. */
  readonly saidSize: string | null;
  /** Filled, negative when short; decimal text. */
  readonly held: string;
  readonly sentence: string;
}

/** What was found before anything was done about it. */
export interface Sequence {
  readonly found: SequenceRecord['found'];
  readonly kind: GapKind | null;
  /** What is to be done about it. */
  readonly act: 'nothing' | 'note' | 'explain' | 'quarantine' | 'converge';
  readonly said: PreviousPosition | null;
  readonly saidSize: Quantity | null;
  readonly held: Quantity;
  /** What the script held, and what the strategy holds, in words. */
  readonly expected: string;
  readonly ours: string;
  readonly sentence: string;
}

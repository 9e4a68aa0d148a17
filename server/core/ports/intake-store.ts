import type { RefusalCode } from '../model/refusals.ts';
import type { FieldProblem, TradeSignalJson } from '../model/signal.ts';
import type { ReadAs } from '../model/source-reading.ts';

/** An alert of a proven sender, ready to be stored: understood, or refused with what was wrong with it. */
export interface NewAlert {
  readonly id: string;
  readonly source: string;
  readonly tokenId: string;
  readonly receivedAt: Date;
  /** The body as it came. Bytes that are no text are shown as replacement characters, and kept whole in the proofs. */
  readonly rawBody: string;
  readonly contentType: string | null;
  readonly proofs: Readonly<Record<string, string | null>>;
  /** What its source was set to, for whoever reads it again; absent or null: nothing. */
  readonly readAs?: ReadAs | null;
  /** Set for one that came by mail: by which mail, and when that was sent, which is when it counts from. Absent: it came to its webhook. */
  readonly byMail?: { readonly mailId: string; readonly sentAt: Date };
  /** The alert whose bytes were taken in again; it goes to paper. Absent: it is no replay. */
  readonly replayOf?: string;
  /** Microseconds that reading it took. */
  readonly parseMicros: number;
  readonly outcome:
    | {
        readonly kind: 'accepted';
        readonly signal: TradeSignalJson;
        readonly dedupeKey: string;
        /** Until when the key counts; null: for ever. */
        readonly dedupeUntil: Date | null;
      }
    | {
        readonly kind: 'refused';
        readonly code: RefusalCode;
        readonly sentence: string;
        readonly problems: readonly FieldProblem[];
      };
}

/**
 * What became of an alert. `stored`: it, its event and (when accepted) its job are durable. `repeated`: an alert with the same
 * key was there already, under this id. `unavailable`: not known to be stored; the key makes a resend harmless.
 */
export type StoreAnswer =
  | { readonly kind: 'stored' }
  | { readonly kind: 'repeated'; readonly id: string }
  | { readonly kind: 'unavailable' };

/** Stores alerts. Answers within a bounded time, whatever the database does, and never throws. */
export interface IntakeStore {
  store(alert: NewAlert): Promise<StoreAnswer>;
  /** Waits for what is being stored, then lets go of the database. */
  close(): Promise<void>;
}

import type { SignalStatus } from '../model/signal.ts';
import type { ReadAs } from '../model/source-reading.ts';

/** An alert as it came, with what its source was set to then. */
export interface RawAlert {
  readonly signalId: string;
  readonly status: SignalStatus;
  readonly body: Uint8Array;
  readonly contentType: string | null;
  readonly readAs: ReadAs | null;
}

/** Reads what alerts were made of. */
export interface RawAlerts {
  /** Null: there is none of that id. */
  find(signalId: string): Promise<RawAlert | null>;
}

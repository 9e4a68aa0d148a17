import type { Acknowledgement } from '../contract/index.ts';
import type { Caller } from '../platform/access/roles.ts';

/** Takes stored alerts in again, on paper. */
export interface AlertReplays {
  /** Throws an `HttpProblem` for an alert that is not there, and for one that cannot be read. */
  replay(signalId: string, caller: Caller): Promise<Acknowledgement>;
}

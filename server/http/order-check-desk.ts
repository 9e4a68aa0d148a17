import type { RiskCheckJson } from '../contract/index.ts';
import type { TradeSignal } from '../core/model/signal.ts';
import type { Caller } from '../platform/access/roles.ts';

/** What is answered of orders that nobody has sent. */
export interface OrderCheckDesk {
  /** What would become of the alert in this body. Throws `HttpProblem` for one that cannot be read, and for a caller who asks too often. */
  check(body: Uint8Array, caller: Caller): Promise<RiskCheckJson>;
  /** The same of an alert that was read already. Throws `HttpProblem` for an account that is not there; how often is the asker's to limit. */
  checkSignal(signal: TradeSignal): Promise<RiskCheckJson>;
}

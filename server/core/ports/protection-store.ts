import type { Price, Quantity } from '../decimal.ts';
import type { Exposure, ExposureFacts, ProtectionStage } from '../model/protection.ts';
import type { OrderChangeText } from './job-queue.ts';
import type { OwnOrder } from './own-orders.ts';

/** How long a fill's shares were without a working stop. */
export interface ProtectionTime {
  readonly executionId: string;
  readonly orderId: string;
  readonly milliseconds: number;
  readonly stopOrderId: string;
}

/** What is to be kept and done about an exposure. */
export interface Measures {
  readonly stage: ProtectionStage;
  readonly held: Quantity;
  /** Covered by working stops. */
  readonly covered: Quantity;
  readonly uncoveredSince: Date | null;
  readonly overSince: Date | null;
  /** The nearest of the working stops; null: there is none. */
  readonly stop: { readonly orderId: string; readonly price: Price | null } | null;
  readonly place: readonly OwnOrder[];
  readonly cancel: readonly { readonly orderId: string; readonly reason: string }[];
  readonly replace: readonly { readonly orderId: string; readonly change: OrderChangeText; readonly reason: string }[];
  readonly times: readonly ProtectionTime[];
  readonly alarm: { readonly severity: 'warn' | 'page'; readonly sentence: string } | null;
  /** When to look again though nothing happens; null: at the next sweep. */
  readonly lookAgainAt: Date | null;
}

/** What is held by whom, and what protects it. */
export interface ProtectionStore {
  /** Everything held by strategies of ours, and all that has a stop working; of one account, or one symbol in it. */
  read(accountId: string, symbol?: string): Promise<readonly ExposureFacts[]>;
  /**
   * Reads an exposure while its account's row is locked, has `decide` decide, and stores what it says in the same transaction: orders with
   * their jobs, cancels, replacements, times and events. `decide` must be pure and quick. Null: there is no such exposure any more.
   */
  act(exposure: Exposure, decide: (facts: ExposureFacts) => Measures): Promise<Measures | null>;
}

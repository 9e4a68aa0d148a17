import type { Money, Quantity } from '../decimal.ts';
import type { KillSwitch, KillTarget, KillWay } from '../model/kill-switch.ts';
import type { Mode } from '../model/mode.ts';
import type { OrderStatus } from '../model/order.ts';

/** What a switch is engaged with. */
export interface NewKillSwitch extends KillTarget {
  readonly reason: string;
  readonly by: string;
  readonly via: KillWay;
  readonly flatten: boolean;
  readonly requestedAt: Date;
}

/** An entry that is not final. */
export interface OpenEntry {
  readonly orderId: string;
  readonly status: OrderStatus;
  /** When our books last changed on it. */
  readonly updatedAt: Date;
}

/** Shares of one strategy that a switch is to close. */
export interface HeldLot {
  readonly accountId: string;
  readonly mode: Mode;
  readonly strategy: string;
  readonly symbol: string;
  /** Negative when short, never zero, and no more than the account has. */
  readonly quantity: Quantity;
  /** What `quantity` cost, signed like it. */
  readonly cost: Money;
}

/**
 * Kill switches. Once `engage` has committed, no decision for an entry can be made without it, and the database refuses to have an
 * entry become `submitting`, whichever process asks; the cancels of what rests are jobs of the same commit.
 */
export interface KillSwitchStore {
  /** Answers the switch, and whether anything changed: one that is engaged already stays as it is, but flattens if it now is to. */
  engage(wish: NewKillSwitch): Promise<{ readonly killSwitch: KillSwitch; readonly changed: boolean }>;
  /** Null: it is not engaged. */
  lift(id: string, by: string, reason: string): Promise<KillSwitch | null>;
  engaged(): Promise<readonly KillSwitch[]>;
  /** Engaged or not, the newest first. */
  history(limit: number): Promise<readonly KillSwitch[]>;
  /** The account of this id or name; null: there is none. */
  account(idOrName: string): Promise<{ readonly id: string; readonly name: string } | null>;
  /** Entries of the target that are not final. */
  openEntries(target: KillTarget): Promise<readonly OpenEntry[]>;
  /** Stores a job for each that cancels it, unless one waits already. */
  askCancels(orderIds: readonly string[], reason: string): Promise<void>;
  /** Stores a job for each open order of the target that cancels it; answers how many there were. */
  cancelAll(target: KillTarget, which: 'entries' | 'all', reason: string): Promise<number>;
  /** All entries have ended: how many were cancelled, and when the last was sent and the last ended. Once; null: it was known. */
  recordCancelled(id: string): Promise<KillSwitch | null>;
  /** Nothing is held any more. Once; null: it was known. */
  recordFlat(id: string): Promise<KillSwitch | null>;
  /** What our strategies hold of the target. Shares that nobody here has bought are nobody's to sell. */
  held(target: KillTarget): Promise<readonly HeldLot[]>;
}

import type { Money } from '../decimal.ts';
import type { BrokerAccount } from '../model/broker-order.ts';
import type { Mode } from '../model/mode.ts';

export type Venue = 'embedded' | 'alpaca-paper' | 'alpaca-live';

/** A place orders can go to. Without its keys: those are asked for one by one. */
export interface AccountRecord {
  readonly accountId: string;
  readonly name: string;
  readonly broker: string;
  readonly venue: Venue;
  readonly mode: Mode;
  readonly enabled: boolean;
  /** As the broker last said; null before it has answered. */
  readonly brokerCash: Money | null;
  readonly brokerEquity: Money | null;
  readonly brokerBuyingPower: Money | null;
  readonly brokerSeenAt: Date | null;
  /** When the broker's truth and ours were last compared; null: not yet, and no entry may be sent. */
  readonly reconciledAt: Date | null;
  readonly createdAt: Date;
}

export interface BrokerKeys {
  readonly keyId: string;
  readonly secretKey: string;
}

/** Accounts at brokers. Keys are encrypted at rest and never in an event, a log line or an error. */
export interface AccountStore {
  /** Makes the account of this name, or brings it up to date when venue, mode or keys differ. */
  ensureAccount(
    account: {
      readonly name: string;
      readonly broker: string;
      readonly venue: Venue;
      readonly mode: Mode;
    } & BrokerKeys,
  ): Promise<AccountRecord>;
  /** All, by name. */
  list(): Promise<readonly AccountRecord[]>;
  find(accountId: string): Promise<AccountRecord | null>;
  /** Throws when the instance's key is not the one they were encrypted with. */
  keys(accountId: string): Promise<BrokerKeys>;
  /** Whether orders may be sent to it. */
  setEnabled(accountId: string, enabled: boolean, by: string): Promise<void>;
  /** Keeps what the broker says of the account, for the risk gate and the dashboard. */
  recordBrokerAccount(accountId: string, account: BrokerAccount, at: Date): Promise<void>;
  markReconciled(accountId: string, at: Date): Promise<void>;
}

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
  /** The broker's own name of it; null: it was not asked yet. */
  readonly accountNumber: string | null;
  /** `environment`: set there at each start; `missing`: they were, and are not any more; `person`: entered by one. */
  readonly keysFrom: 'environment' | 'missing' | 'person';
  /** Since when it is put away; null: it is not. */
  readonly archivedAt: Date | null;
  /** Another text when the way to the broker is another one: its venue or its keys. Says nothing of the keys. */
  readonly wayVersion: string;
  /** As the broker last said; null before it has answered. */
  readonly brokerCash: Money | null;
  readonly brokerEquity: Money | null;
  readonly brokerBuyingPower: Money | null;
  readonly brokerSeenAt: Date | null;
  /** When the broker's truth and ours were last compared; null: not yet, and no entry may be sent. */
  readonly reconciledAt: Date | null;
  readonly createdAt: Date;
}

/** An account that a person adds. */
export interface NewAccount {
  readonly name: string;
  readonly broker: string;
  readonly venue: Venue;
  readonly mode: Mode;
  readonly accountNumber: string;
  readonly keys: BrokerKeys;
}

/** What an account still has to do with. */
export interface AccountHoldings {
  readonly positions: number;
  readonly openOrders: number;
  /** The strategies that are routed to it. */
  readonly strategies: readonly string[];
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
  /** Null: the name is taken, or the broker's account is another one's already. */
  create(account: NewAccount, by: string): Promise<AccountRecord | null>;
  /** Null: there is no such account, or the name is taken. */
  change(
    accountId: string,
    change: { readonly name?: string; readonly enabled?: boolean },
    by: string,
  ): Promise<AccountRecord | null>;
  /** Takes keys in place of those before. */
  replaceKeys(accountId: string, keys: BrokerKeys, accountNumber: string, by: string): Promise<void>;
  /** Switches it off and puts it away; its books stay. */
  archive(accountId: string, by: string): Promise<void>;
  holdings(accountId: string): Promise<AccountHoldings>;
  /** That the keys which the environment gave are not given any more (and the account is off), or are again. */
  setGiven(accountId: string, given: boolean): Promise<void>;
  /** Keeps what the broker says of the account, for the risk gate and the dashboard. */
  recordBrokerAccount(accountId: string, account: BrokerAccount, at: Date): Promise<void>;
  markReconciled(accountId: string, at: Date): Promise<void>;
}

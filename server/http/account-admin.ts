import type {
  Account,
  AccountChange,
  AccountWish,
  BrokerKeysJson,
  ConnectionAnswer,
  ConnectionTest,
} from '../contract/index.ts';
import type { Caller } from '../platform/access/roles.ts';

/** What a person can do with accounts. Each throws an `HttpProblem` that says why it was not done; null: there is no such account. */
export interface AccountAdmin {
  add(wish: AccountWish, caller: Caller): Promise<Account>;
  change(accountId: string, change: AccountChange, caller: Caller): Promise<Account | null>;
  replaceKeys(accountId: string, keys: BrokerKeysJson, caller: Caller): Promise<Account | null>;
  archive(accountId: string, force: boolean, caller: Caller): Promise<Account | null>;
  /** Asks the broker who the keys belong to, and keeps nothing. */
  test(asked: ConnectionTest): Promise<ConnectionAnswer>;
  /** The same with the keys that are kept. */
  testStored(accountId: string): Promise<ConnectionAnswer | null>;
}

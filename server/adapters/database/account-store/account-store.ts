import type postgres from 'postgres';
import { text } from '../../../core/decimal.ts';
import type { Mode } from '../../../core/model/mode.ts';
import { openStatuses } from '../../../core/model/order.ts';
import type { AccountRecord, AccountStore, BrokerKeys, Venue } from '../../../core/ports/account-store.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Random } from '../../../core/ports/random.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { type AccountRow, changed, columns, toRecord } from './account-row.ts';
import type { SecretBox } from './secret-box.ts';

export interface AccountStoreOptions {
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly random: Random;
  readonly secretBox: SecretBox;
  /** Called after each commit that stored events; meant for the event reader's `kick`. */
  readonly committed?: () => void;
}

/** A name that is taken, by the database's word. */
const isTaken = (error: unknown): boolean => (error as { code?: string }).code === '23505';

/** The accounts in PostgreSQL. */
export function createAccountStore(options: AccountStoreOptions): AccountStore {
  const { sql } = options;

  return {
    ensureAccount: async (wish) => {
      const outcome = await sql.begin((tx) => ensure(options, tx, wish));
      if (outcome.changed) options.committed?.();
      return outcome.account;
    },

    list: async () => (await sql<AccountRow[]>`select ${columns(sql)} from accounts order by name`).map(toRecord),

    find: async (accountId) => {
      const [row] = await sql<AccountRow[]>`select ${columns(sql)} from accounts where id = ${accountId}`;
      return row ? toRecord(row) : null;
    },

    keys: async (accountId) => {
      const [row] = await sql<{ keyId: string; sealed: string }[]>`
        select key_id as "keyId", secret_encrypted as sealed from accounts where id = ${accountId}`;
      if (row === undefined) throw new Error(`there is no account ${accountId}`);
      return { keyId: row.keyId, secretKey: options.secretBox.open(row.sealed, accountId) };
    },

    create: async (wish, by) => {
      const id = options.random.id();
      const made = await sql
        .begin(async (tx) => {
          // Two accounts here that are one at the broker would each book the other's trades as somebody else's.
          const [twin] = await tx`
            select from accounts
            where venue = ${wish.venue} and account_number = ${wish.accountNumber} and archived_at is null`;
          if (twin) return null;
          const [row] = await tx<AccountRow[]>`
            insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted, account_number, keys_from,
              created_at)
            values (${id}, ${wish.name}, ${wish.broker}, ${wish.venue}, ${wish.mode}, ${wish.keys.keyId},
              ${options.secretBox.seal(wish.keys.secretKey, id)}, ${wish.accountNumber}, 'person',
              ${options.clock.now()})
            returning ${columns(tx)}`;
          await appendEvents(tx, [changed(row!, { created: true, by })]);
          return toRecord(row!);
        })
        .catch((error: unknown) => {
          if (isTaken(error)) return null;
          throw error;
        });
      if (made) options.committed?.();
      return made;
    },

    change: async (accountId, change, by) => {
      const { name = null, enabled = null } = change;
      const after = await sql
        .begin(async (tx) => {
          const [row] = await tx<AccountRow[]>`
            update accounts set name = coalesce(${name}, name), enabled = coalesce(${enabled}::boolean, enabled)
            where id = ${accountId} and archived_at is null returning ${columns(tx)}`;
          if (!row) return null;
          await appendEvents(tx, [changed(row, { by })]);
          return toRecord(row);
        })
        .catch((error: unknown) => {
          if (isTaken(error)) return null;
          throw error;
        });
      if (after) options.committed?.();
      return after;
    },

    replaceKeys: async (accountId, keys, accountNumber, by) => {
      await sql.begin(async (tx) => {
        const [row] = await tx<AccountRow[]>`
          update accounts set key_id = ${keys.keyId}, account_number = ${accountNumber},
            secret_encrypted = ${options.secretBox.seal(keys.secretKey, accountId)}
          where id = ${accountId} and archived_at is null returning ${columns(tx)}`;
        if (row) await appendEvents(tx, [changed(row, { by, keysReplaced: true })]);
      });
      options.committed?.();
    },

    archive: async (accountId, by) => {
      await sql.begin(async (tx) => {
        const [row] = await tx<AccountRow[]>`
          update accounts set enabled = false, archived_at = ${options.clock.now()}
          where id = ${accountId} and archived_at is null returning ${columns(tx)}`;
        if (row) await appendEvents(tx, [changed(row, { by })]);
      });
      options.committed?.();
    },

    holdings: async (accountId) => {
      const [row] = await sql<{ positions: number; openOrders: number; strategies: string[] }[]>`
        select
          (select count(*)::int from positions where account_id = ${accountId} and quantity <> 0) as positions,
          (select count(*)::int from orders
           where account_id = ${accountId} and status in ${sql([...openStatuses])}) as "openOrders",
          array(select key from strategies
            where settings->'routes' @> ${sql.json([{ account: accountId }])} order by key) as strategies`;
      return row!;
    },

    setGiven: async (accountId, given) => {
      await sql.begin(async (tx) => {
        const [row] = await tx<AccountRow[]>`
          update accounts set enabled = ${given}, keys_from = ${given ? 'environment' : 'missing'}
          where id = ${accountId} and keys_from = ${given ? 'missing' : 'environment'} returning ${columns(tx)}`;
        if (row) await appendEvents(tx, [changed(row, { by: 'start' })]);
      });
      options.committed?.();
    },

    recordBrokerAccount: async (accountId, account, at) => {
      await sql`
        update accounts set broker_cash = ${text(account.cash)}, broker_equity = ${text(account.equity)},
          broker_buying_power = ${text(account.buyingPower)}, broker_seen_at = ${at},
          account_number = coalesce(account_number, ${account.accountNumber})
        where id = ${accountId} and (broker_seen_at is null or broker_seen_at <= ${at})`;
    },

    markReconciled: async (accountId, at) => {
      await sql`update accounts set reconciled_at = greatest(reconciled_at, ${at}) where id = ${accountId}`;
    },
  };
}

async function ensure(
  options: AccountStoreOptions,
  tx: Statements,
  wish: { name: string; broker: string; venue: Venue; mode: Mode } & BrokerKeys,
): Promise<{ account: AccountRecord; changed: boolean }> {
  const { secretBox } = options;
  const id = options.random.id();
  const [made] = await tx<AccountRow[]>`
    insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted, created_at)
    values (${id}, ${wish.name}, ${wish.broker}, ${wish.venue}, ${wish.mode}, ${wish.keyId},
      ${secretBox.seal(wish.secretKey, id)}, ${options.clock.now()})
    on conflict (name) do nothing returning ${columns(tx)}`;
  if (made) {
    await appendEvents(tx, [changed(made, { created: true })]);
    return { account: toRecord(made), changed: true };
  }
  const [row] = await tx<(AccountRow & { keyId: string; sealed: string })[]>`
    select ${columns(tx)}, key_id as "keyId", secret_encrypted as sealed from accounts where name = ${wish.name} for update`;
  const { keyId, sealed, ...known } = row!;
  const sameKeys = keyId === wish.keyId && opens(secretBox, sealed, known.id, wish.secretKey);
  if (sameKeys && known.broker === wish.broker && known.venue === wish.venue && known.mode === wish.mode) {
    return { account: toRecord(known), changed: false };
  }
  const [updated] = await tx<AccountRow[]>`
    update accounts set broker = ${wish.broker}, venue = ${wish.venue}, mode = ${wish.mode}, key_id = ${wish.keyId},
      secret_encrypted = ${secretBox.seal(wish.secretKey, known.id)}
    where id = ${known.id} returning ${columns(tx)}`;
  await appendEvents(tx, [changed(updated!, { keysReplaced: !sameKeys })]);
  return { account: toRecord(updated!), changed: true };
}

/** Keys given anew replace ones that cannot be read: that is how an instance whose own key was lost is mended. */
function opens(box: SecretBox, sealed: string, owner: string, secret: string): boolean {
  try {
    return box.open(sealed, owner) === secret;
  } catch {
    return false;
  }
}

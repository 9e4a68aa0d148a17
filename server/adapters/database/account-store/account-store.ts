import type postgres from 'postgres';
import { type Money, money, text } from '../../../core/decimal.ts';
import type { Mode } from '../../../core/model/mode.ts';
import type { AccountRecord, AccountStore, BrokerKeys, Venue } from '../../../core/ports/account-store.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Random } from '../../../core/ports/random.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import type { SecretBox } from './secret-box.ts';

export interface AccountStoreOptions {
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly random: Random;
  readonly secretBox: SecretBox;
  /** Called after each commit that stored events; meant for the event reader's `kick`. */
  readonly committed?: () => void;
}

interface AccountRow {
  id: string;
  name: string;
  broker: string;
  venue: Venue;
  mode: Mode;
  enabled: boolean;
  brokerCash: string | null;
  brokerEquity: string | null;
  brokerBuyingPower: string | null;
  brokerSeenAt: Date | null;
  reconciledAt: Date | null;
  createdAt: Date;
}

/** The columns an account is read from. The keys are not among them. */
const columns = (sql: Statements) => sql`
  id, name, broker, venue, mode, enabled, broker_cash as "brokerCash", broker_equity as "brokerEquity",
  broker_buying_power as "brokerBuyingPower", broker_seen_at as "brokerSeenAt", reconciled_at as "reconciledAt",
  created_at as "createdAt"`;

const amount = (value: string | null): Money | null => (value === null ? null : money(value));

const toRecord = ({ id, ...row }: AccountRow): AccountRecord => ({
  accountId: id,
  ...row,
  brokerCash: amount(row.brokerCash),
  brokerEquity: amount(row.brokerEquity),
  brokerBuyingPower: amount(row.brokerBuyingPower),
});

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

    setEnabled: async (accountId, enabled, by) => {
      await sql.begin(async (tx) => {
        const [row] = await tx<AccountRow[]>`
          update accounts set enabled = ${enabled} where id = ${accountId} and enabled <> ${enabled}
          returning ${columns(tx)}`;
        if (row) await appendEvents(tx, [changed(row, { by })]);
      });
      options.committed?.();
    },

    recordBrokerAccount: async (accountId, account, at) => {
      await sql`
        update accounts set broker_cash = ${text(account.cash)}, broker_equity = ${text(account.equity)},
          broker_buying_power = ${text(account.buyingPower)}, broker_seen_at = ${at}
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

const changed = (row: AccountRow, facts: Record<string, unknown>) => ({
  kind: 'account.changed' as const,
  accountId: row.id,
  data: { name: row.name, broker: row.broker, venue: row.venue, mode: row.mode, enabled: row.enabled, ...facts },
});

import type postgres from 'postgres';
import type { NewEvent } from '../../../core/model/event.ts';
import type { Actor, PeopleStore, Person } from '../../../core/ports/people.ts';
import type { SecretBox } from '../account-store/secret-box.ts';
import type { Statements } from '../event-reader/append-events.ts';
import { toldOf } from './rows.ts';

type Factors = Pick<
  PeopleStore,
  | 'beginCodes'
  | 'codeSecret'
  | 'useStep'
  | 'confirmCodes'
  | 'useRecoveryCode'
  | 'replaceRecoveryCodes'
  | 'removeFactors'
  | 'passkeys'
  | 'renamePasskey'
  | 'removePasskey'
  | 'notePasskey'
>;

interface Parts {
  readonly sql: postgres.Sql;
  readonly secretBox: SecretBox;
  one(by: Statements, condition: postgres.PendingQuery<postgres.Row[]>): Promise<Person | null>;
  told<T>(work: (tx: postgres.TransactionSql) => Promise<{ answer: T; events: NewEvent[] }>): Promise<T>;
}

/** Bound into the sealed secret: one person's cannot be put in the place of another's. */
const ownerOf = (personId: string): string => `second factor of ${personId}`;

/** Second factors: codes of apps, recovery codes, and what of passkeys better-auth does not do. */
export function createFactors({ sql, secretBox, one, told }: Parts): Factors {
  const insertRecoveryCodes = async (tx: Statements, id: string, hashes: readonly string[]): Promise<void> => {
    await tx`delete from auth_recovery_codes where user_id = ${id}`;
    await tx`
      insert into auth_recovery_codes (user_id, code_hash)
      select ${id}, hash from unnest(${[...hashes]}::text[]) as hash`;
  };
  const event = async (tx: Statements, kind: NewEvent['kind'], id: string, actor: Actor, more: object) => {
    const person = (await one(tx, sql`person.id = ${id}`))!;
    return [{ kind, data: { ...toldOf(person, actor), ...more } }];
  };

  return {
    async beginCodes(id, secret, now) {
      const begun = await sql`
        insert into auth_second_factors as known (user_id, sealed_secret, begun_at)
        values (${id}, ${secretBox.seal(secret, ownerOf(id))}, ${now})
        on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, begun_at = excluded.begun_at, last_step = 0
        where known.confirmed_at is null`;
      return begun.count > 0;
    },

    async codeSecret(id) {
      const [row] = await sql<{ sealed_secret: string; last_step: string; confirmed_at: Date | null }[]>`
        select sealed_secret, last_step, confirmed_at from auth_second_factors where user_id = ${id}`;
      if (!row) return null;
      const secret = secretBox.open(row.sealed_secret, ownerOf(id));
      return { secret, lastStep: Number(row.last_step), confirmed: row.confirmed_at !== null };
    },

    async useStep(id, step) {
      const used = await sql`
        update auth_second_factors set last_step = ${step} where user_id = ${id} and last_step < ${step}`;
      return used.count > 0;
    },

    confirmCodes: (id, step, recoveryHashes, now, actor) =>
      told<boolean>(async (tx) => {
        const confirmed = await tx`
          update auth_second_factors set confirmed_at = ${now}, last_step = ${step}
          where user_id = ${id} and confirmed_at is null and last_step < ${step}`;
        if (confirmed.count === 0) return { answer: false, events: [] };
        await insertRecoveryCodes(tx, id, recoveryHashes);
        return { answer: true, events: await event(tx, 'person.factor_added', id, actor, { factor: 'codes' }) };
      }),

    useRecoveryCode: (id, hash, now, actor) =>
      told<boolean>(async (tx) => {
        const used = await tx`
          update auth_recovery_codes set used_at = ${now}
          where user_id = ${id} and code_hash = ${hash} and used_at is null`;
        if (used.count === 0) return { answer: false, events: [] };
        const { recoveryCodesLeft } = (await one(tx, sql`person.id = ${id}`))!;
        return { answer: true, events: await event(tx, 'person.recovery_code_used', id, actor, { recoveryCodesLeft }) };
      }),

    replaceRecoveryCodes: (id, hashes, actor) =>
      told<void>(async (tx) => {
        await insertRecoveryCodes(tx, id, hashes);
        return {
          answer: undefined,
          events: await event(tx, 'person.recovery_codes_made', id, actor, { codes: hashes.length }),
        };
      }),

    removeFactors: (id, { passkeys }, actor) =>
      told<boolean>(async (tx) => {
        const codes = await tx`delete from auth_second_factors where user_id = ${id}`;
        await tx`delete from auth_recovery_codes where user_id = ${id}`;
        const keys = passkeys ? await tx`delete from auth_passkeys where user_id = ${id}` : { count: 0 };
        if (codes.count + keys.count === 0) return { answer: false, events: [] };
        const removed = { codes: codes.count > 0, passkeys: keys.count };
        return { answer: true, events: await event(tx, 'person.factor_removed', id, actor, { removed }) };
      }),

    async passkeys(id) {
      const rows = await sql<{ id: string; name: string | null; created_at: Date | null }[]>`
        select id, name, created_at from auth_passkeys where user_id = ${id} order by created_at, id`;
      return rows.map((row) => ({ id: row.id, name: row.name || 'Passkey', createdAt: row.created_at }));
    },

    async renamePasskey(id, passkeyId, name) {
      return (await sql`update auth_passkeys set name = ${name} where user_id = ${id} and id = ${passkeyId}`).count > 0;
    },

    removePasskey: (id, passkeyId, actor) =>
      told<boolean>(async (tx) => {
        const [gone] = await tx<{ name: string | null }[]>`
          delete from auth_passkeys where user_id = ${id} and id = ${passkeyId} returning name`;
        if (!gone) return { answer: false, events: [] };
        const removed = { passkeys: 1, name: gone.name };
        return { answer: true, events: await event(tx, 'person.factor_removed', id, actor, { removed }) };
      }),

    notePasskey: (id, name, actor) =>
      told<void>(async (tx) => ({
        answer: undefined,
        events: await event(tx, 'person.factor_added', id, actor, { factor: 'passkey', name }),
      })),
  };
}

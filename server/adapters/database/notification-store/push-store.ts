import { createHash } from 'node:crypto';
import type { PushStore } from '../../../core/ports/notification-store.ts';
import type { NotificationStoreOptions } from './destinations.ts';

export interface PushStoreOptions extends Omit<NotificationStoreOptions, 'committed'> {
  /** A new pair of keys of the curve P-256, as URL-safe base64. */
  readonly makeKeys: () => { readonly publicKey: string; readonly privateKey: string };
}

const keyOwner = 'push keys';
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Keys and tokens of web push, in PostgreSQL: tokens as hashes, the private key encrypted. */
export function createPushStore({ sql, clock, random, secretBox, makeKeys }: PushStoreOptions): PushStore {
  return {
    async vapid() {
      const read = () => sql<{ publicKey: string; sealed: string }[]>`
        select public_key as "publicKey", private_key_encrypted as sealed from push_keys`;
      let [row] = await read();
      if (!row) {
        const made = makeKeys();
        // Whoever comes second takes what the first has made.
        await sql`
          insert into push_keys (public_key, private_key_encrypted, made_at)
          values (${made.publicKey}, ${secretBox.seal(made.privateKey, keyOwner)}, ${clock.now()}) on conflict do nothing`;
        [row] = await read();
      }
      try {
        return { publicKey: row!.publicKey, privateKey: secretBox.open(row!.sealed, keyOwner) };
      } catch {
        throw new Error(
          'The key of web push was encrypted with another key. Start with the SIGNALBOX_KEY it was saved under; or delete the row of push_keys, and have every device switch notifications on anew.',
        );
      }
    },

    async issueAnswer({ approvalId, personId, destinationId, expiresAt }) {
      const token = random.token();
      await sql.begin(async (tx) => {
        await tx`delete from push_answers where expires_at < ${clock.now()}`;
        await tx`delete from push_answers where approval_id = ${approvalId} and destination_id = ${destinationId} and used_at is null`;
        await tx`
          insert into push_answers (token_hash, approval_id, person_id, destination_id, expires_at)
          values (${hashOf(token)}, ${approvalId}, ${personId}, ${destinationId}, ${expiresAt})`;
      });
      return token;
    },

    async useAnswer(token) {
      const [used] = await sql<{ approvalId: string; personId: string }[]>`
        update push_answers p set used_at = ${clock.now()}
        from notification_destinations t
        where p.token_hash = ${hashOf(token)} and p.used_at is null and p.expires_at > ${clock.now()}
          and t.id = p.destination_id and t.removed_at is null and t.person_id = p.person_id
        returning p.approval_id as "approvalId", p.person_id as "personId"`;
      return used ?? null;
    },
  };
}

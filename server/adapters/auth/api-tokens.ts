import { createHash } from 'node:crypto';
import type postgres from 'postgres';
import type { Role } from '../../contract/primitives.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';
import type { Caller } from '../../platform/access/roles.ts';

/** Tokens of scripts. Only their SHA-256 is stored; looking one up by its hash tells nothing by its timing. */
export interface ApiTokens {
  verify(token: string): Promise<Caller | null>;
  issue(name: string, role: Role): Promise<string>;
  /** Lets a token that somebody else made be the one of this name, and every other of that name be revoked. */
  adopt(name: string, role: Role, token: string): Promise<void>;
  /** Makes sure that a token we hold in clear is known; false: it is not, or was revoked. */
  isKnown(token: string): Promise<boolean>;
}

const believeForMs = 5000;
const noteUseEveryMs = 60_000;

export function createApiTokens(parts: { sql: postgres.Sql; clock: Clock; random: Random }): ApiTokens {
  const { sql, clock, random } = parts;
  const seen = new Map<string, { caller: Caller | null; untilMs: number }>();
  const noted = new Map<string, number>();
  const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

  async function find(hash: string): Promise<Caller | null> {
    const [row] = await sql<{ id: string; name: string; role: Role }[]>`
      select id, name, role from api_tokens where token_hash = ${hash} and revoked_at is null`;
    return row ? { ...row, email: null, by: 'token', mayStepUp: true } : null;
  }

  return {
    async verify(token) {
      const hash = hashOf(token);
      const now = clock.monotonicMs();
      let known = seen.get(hash);
      if (!known || known.untilMs < now) {
        // Strangers' guesses must not fill the memory.
        if (seen.size > 1000) seen.clear();
        known = { caller: await find(hash), untilMs: now + believeForMs };
        seen.set(hash, known);
      }
      const { caller } = known;
      if (caller && (noted.get(caller.id) ?? Number.NEGATIVE_INFINITY) + noteUseEveryMs < now) {
        noted.set(caller.id, now);
        await sql`update api_tokens set last_used_at = ${clock.now()} where id = ${caller.id}`;
      }
      return caller;
    },
    async issue(name, role) {
      const token = `sbx_${random.token()}`;
      await sql`insert into api_tokens (id, name, role, token_hash) values (${random.id()}, ${name}, ${role}, ${hashOf(token)})`;
      return token;
    },
    async adopt(name, role, token) {
      const hash = hashOf(token);
      await sql.begin(async (tx) => {
        await tx`
          update api_tokens set revoked_at = ${clock.now()}
          where name = ${name} and token_hash <> ${hash} and revoked_at is null`;
        await tx`
          insert into api_tokens (id, name, role, token_hash) values (${random.id()}, ${name}, ${role}, ${hash})
          on conflict (token_hash) do update set revoked_at = null where api_tokens.name = excluded.name`;
      });
      seen.clear();
    },
    isKnown: async (token) => (await find(hashOf(token))) !== null,
  };
}

import { createHash } from 'node:crypto';
import type postgres from 'postgres';
import type { Role } from '../../contract/primitives.ts';
import type { NewEvent } from '../../core/model/event.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';
import type { Caller } from '../../platform/access/roles.ts';
import type { TokenDesk } from '../../platform/access/token-desk.ts';
import { callerOf, shownToken, stateOf, type TokenRow, tokenRows } from './token-rows.ts';

/** Tokens of scripts. Only their SHA-256 is stored; looking one up by its hash tells nothing by its timing. */
export interface ApiTokens extends TokenDesk {
  verify(token: string): Promise<Caller | null>;
  /** A token of the installation itself: it has no maker and no end, and may do what its role may. */
  issue(name: string, role: Role): Promise<string>;
  /** Lets a token that somebody else made be the one of this name, and every other of that name be revoked. */
  adopt(name: string, role: Role, token: string): Promise<void>;
  /** Makes sure that a token we hold in clear is known; false: it is not, or was revoked. */
  isKnown(token: string): Promise<boolean>;
}

export interface ApiTokenParts {
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly random: Random;
  /** Called after each commit that stored events. */
  readonly committed?: () => void;
}

const believeForMs = 5000;
const noteUseEveryMs = 60_000;
const dayMs = 86_400_000;
/** Letters of a token that are shown: enough to tell it from others, too few to guess the rest by. */
const shownLetters = 8;

export function createApiTokens({ sql, clock, random, committed }: ApiTokenParts): ApiTokens {
  const seen = new Map<string, { row: TokenRow | null; untilMs: number }>();
  const noted = new Map<string, number>();
  const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

  async function find(hash: string): Promise<TokenRow | null> {
    const [row] = await tokenRows(sql, sql`token_hash = ${hash}`);
    return row ?? null;
  }
  const isGood = (row: TokenRow): boolean => stateOf(row, clock.now()) === 'good';

  return {
    async verify(token) {
      const hash = hashOf(token);
      const now = clock.monotonicMs();
      let known = seen.get(hash);
      if (!known || known.untilMs < now) {
        // Strangers' guesses must not fill the memory.
        if (seen.size > 1000) seen.clear();
        known = { row: await find(hash), untilMs: now + believeForMs };
        seen.set(hash, known);
      }
      const { row } = known;
      if (!row || !isGood(row)) return null;
      if ((noted.get(row.id) ?? Number.NEGATIVE_INFINITY) + noteUseEveryMs < now) {
        noted.set(row.id, now);
        await sql`update api_tokens set last_used_at = ${clock.now()} where id = ${row.id}`;
      }
      return callerOf(row);
    },
    async issue(name, role) {
      const token = `sbx_${random.token()}`;
      await sql`
        insert into api_tokens (id, name, role, token_hash, prefix)
        values (${random.id()}, ${name}, ${role}, ${hashOf(token)}, ${token.slice(0, shownLetters)})`;
      return token;
    },
    async adopt(name, role, token) {
      const hash = hashOf(token);
      await sql.begin(async (tx) => {
        await tx`
          update api_tokens set revoked_at = ${clock.now()}
          where name = ${name} and token_hash <> ${hash} and revoked_at is null and made_by is null`;
        await tx`
          insert into api_tokens (id, name, role, token_hash) values (${random.id()}, ${name}, ${role}, ${hash})
          on conflict (token_hash) do update set revoked_at = null where api_tokens.name = excluded.name`;
      });
      seen.clear();
    },
    async isKnown(token) {
      const row = await find(hashOf(token));
      return row !== null && isGood(row);
    },

    async list(caller, all) {
      const rows = await tokenRows(sql, all ? sql`true` : sql`made_by = ${caller.id}`);
      return rows.map((row) => shownToken(row, clock.now(), caller));
    },
    async make({ name, role, scopes, days, reason }, caller) {
      const [token, id, now] = [`sbx_${random.token()}`, random.id(), clock.now()];
      const expiresAt = days === null ? null : new Date(now.getTime() + days * dayMs);
      await sql.begin(async (tx) => {
        await tx`
          insert into api_tokens (id, name, role, token_hash, prefix, scopes, made_by, created_at, expires_at, reason)
          values (${id}, ${name}, ${role}, ${hashOf(token)}, ${token.slice(0, shownLetters)}, ${[...scopes]}::text[],
            ${caller.id}, ${now}, ${expiresAt}, ${reason})`;
        const told = {
          tokenId: id,
          tokenName: name,
          role,
          scopes,
          expiresAt: expiresAt?.toISOString() ?? null,
          reason,
        };
        await tell(tx, { kind: 'token.made', data: { ...told, by: caller.name } });
      });
      committed?.();
      const [row] = await tokenRows(sql, sql`api_tokens.id = ${id}`);
      return { token, made: shownToken(row!, now, caller) };
    },
    async revoke(id, caller, anybodys) {
      const now = clock.now();
      await sql.begin(async (tx) => {
        const [revoked] = await tx<{ name: string }[]>`
          update api_tokens set revoked_at = ${now}
          where id = ${id} and revoked_at is null ${anybodys ? tx`` : tx`and made_by = ${caller.id}`}
          returning name`;
        if (!revoked) return;
        const data = { tokenId: id, tokenName: revoked.name, by: caller.name };
        await tell(tx, { kind: 'token.revoked', data });
      });
      seen.clear();
      committed?.();
      const [row] = await tokenRows(
        sql,
        anybodys ? sql`api_tokens.id = ${id}` : sql`api_tokens.id = ${id} and made_by = ${caller.id}`,
      );
      return row ? shownToken(row, now, caller) : null;
    },
    async whyNot(token) {
      const row = await find(hashOf(token));
      if (!row) return null;
      switch (stateOf(row, clock.now())) {
        case 'revoked':
          return `The token ${row.name} was revoked. Make another one.`;
        case 'expired':
          return `The token ${row.name} has expired on ${row.expiresAt!.toISOString().slice(0, 10)}. Make another one.`;
        case 'maker_disabled':
          return `The token ${row.name} is ${row.makerName ?? 'somebody'}’s, who may not sign in any more.`;
        case 'good':
          return null;
      }
    },
  };
}

/** Adapters do not share code: the statement is the one of the event table's own writer. */
const tell = (tx: postgres.TransactionSql, { kind, data }: NewEvent) =>
  tx`insert into events (kind, data) values (${kind}, ${tx.json(data as postgres.JSONValue)})`;

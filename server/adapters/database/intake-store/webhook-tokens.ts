import { createHash, timingSafeEqual } from 'node:crypto';
import type { Sql } from 'postgres';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Random } from '../../../core/ports/random.ts';
import type { WebhookToken, WebhookTokens } from '../../../core/ports/webhook-tokens.ts';

/** An unknown token makes us look into the table, for another process may have issued it; guessing must not make us busy. */
const lookAgainMs = 1000;
/** How long a token revoked by another process may go on. */
const staleMs = 5000;

interface Known {
  readonly hash: Buffer;
  readonly token: WebhookToken;
}

interface Row extends Omit<WebhookToken, 'previousUntil'> {
  readonly token_hash: string;
  readonly previous_hash: string | null;
  readonly previous_until: Date | null;
}

/** The token in force, and the one before it as long as that is taken. */
function entriesOf({ token_hash, previous_hash, previous_until, ...token }: Row): [string, Known][] {
  const entry = (hash: string, about: WebhookToken): [string, Known] => [
    hash,
    { hash: Buffer.from(hash, 'hex'), token: about },
  ];
  return previous_hash === null || previous_until === null
    ? [entry(token_hash, token)]
    : [entry(token_hash, token), entry(previous_hash, { ...token, previousUntil: previous_until })];
}

/** Tokens by their SHA-256 in `webhook_tokens`, read into memory: an alert costs no question to the database. */
export function createWebhookTokens(parts: { sql: Sql; clock: Clock; random: Random }): WebhookTokens {
  const { sql, clock, random } = parts;
  let known: ReadonlyMap<string, Known> | null = null;
  /** Ids and sources. */
  let names: ReadonlySet<string> = new Set();
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;

  async function readAll(): Promise<void> {
    readAtMs = clock.monotonicMs();
    const rows = await sql<Row[]>`
      SELECT id, source, name, dialect, strategy, reading, token_hash, previous_hash, previous_until
      FROM webhook_tokens WHERE revoked_at IS NULL`;
    known = new Map(rows.flatMap(entriesOf));
    names = new Set(rows.flatMap(({ id, source }) => [id, source.toLowerCase()]));
  }

  function refresh(): Promise<void> {
    reading ??= readAll().finally(() => {
      reading = null;
    });
    return reading;
  }

  const ageMs = () => clock.monotonicMs() - readAtMs;

  function lookUp(hash: Buffer): WebhookToken | null {
    const found = known?.get(hash.toString('hex'));
    // Compared either way, so that a guess takes as long as a hit.
    const equal = timingSafeEqual(hash, found?.hash ?? unknownHash);
    if (found === undefined || !equal) return null;
    const { previousUntil } = found.token;
    return previousUntil === undefined || clock.now() < previousUntil ? found.token : null;
  }

  return {
    refresh: refreshAfterWrite,
    async find(token) {
      const hash = hashOf(token);
      const found = lookUp(hash);
      if (found !== null) {
        // The answer does not wait for it: with the database away, known senders must still be told to come again.
        if (ageMs() > staleMs) void refresh().catch(() => {});
        return found;
      }
      if (known === null || reading !== null || ageMs() >= lookAgainMs) await refresh();
      return lookUp(hash);
    },
    async exists(idOrSource) {
      const name = idOrSource.toLowerCase();
      if (!names.has(name) && (known === null || reading !== null || ageMs() >= lookAgainMs)) await refresh();
      return names.has(name);
    },
    async issue(name, source, { dialect = null, strategy = null } = {}) {
      const token = random.token();
      const id = random.id();
      await sql`
        INSERT INTO webhook_tokens (id, name, source, dialect, strategy, token_hash)
        VALUES (${id}, ${name}, ${source}, ${dialect}, ${strategy}, ${hashOf(token).toString('hex')})`;
      await refreshAfterWrite();
      return token;
    },
    async change(id, change) {
      const [changed] = await sql<WebhookToken[]>`
        UPDATE webhook_tokens SET
          name = coalesce(${change.name ?? null}, name),
          dialect = CASE WHEN ${change.dialect !== undefined} THEN ${change.dialect ?? null} ELSE dialect END,
          strategy = CASE WHEN ${change.strategy !== undefined} THEN ${change.strategy ?? null} ELSE strategy END,
          reading = CASE WHEN ${change.reading !== undefined} THEN ${JSON.stringify(change.reading ?? null)}::text::jsonb ELSE reading END
        WHERE id = ${id} AND revoked_at IS NULL
        RETURNING id, source, name, dialect, strategy, reading`;
      await refreshAfterWrite();
      return changed ?? null;
    },
    async revoke(id) {
      const ended = await sql`
        UPDATE webhook_tokens SET revoked_at = ${clock.now().toISOString()}::text::timestamptz
        WHERE id = ${id} AND revoked_at IS NULL`;
      await refreshAfterWrite();
      return ended.count > 0;
    },
    async list() {
      return sql<WebhookToken[]>`
        SELECT id, source, name, dialect, strategy, reading FROM webhook_tokens WHERE revoked_at IS NULL ORDER BY created_at, id`;
    },
  };

  /** A read under way may have begun before the write. */
  async function refreshAfterWrite(): Promise<void> {
    await reading?.catch(() => {});
    await refresh();
  }
}

const unknownHash = Buffer.alloc(32);

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

import { createHash, timingSafeEqual } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Sql } from 'postgres';
import type { EventKind, NewEvent } from '../../../core/model/event.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Random } from '../../../core/ports/random.ts';
import type { WebhookToken, WebhookTokens } from '../../../core/ports/webhook-tokens.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';

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

export interface WebhookTokensParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly random: Random;
  /** Called after each commit that stored events. */
  readonly committed?: () => void;
}

/** Who changed a source when nobody did: the program, at its first start. */
const ownDoing = 'start';

const jsonOf = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

const inForce = (sql: Statements) => sql`
  SELECT id, source, name, dialect, strategy, reading FROM webhook_tokens WHERE revoked_at IS NULL`;

/** What an event tells of a source. */
const aboutOf = ({ name, dialect, strategy, reading }: WebhookToken) => ({
  ...{ name, dialect, strategy },
  reading: reading ?? null,
});

/** Stores the event of a change in its transaction. The dashboard's own alerts come by an address that nobody is told of. */
async function tell(
  tx: Statements,
  kind: EventKind,
  token: WebhookToken,
  data: (about: ReturnType<typeof aboutOf>) => NewEvent['data'],
): Promise<void> {
  const { id, source, name } = token;
  if (source === 'dashboard') return;
  await appendEvents(tx, [{ kind, data: { webhookId: id, source, name, ...data(aboutOf(token)) } }]);
}

/** Tokens by their SHA-256 in `webhook_tokens`, read into memory: an alert costs no question to the database. */
export function createWebhookTokens(parts: WebhookTokensParts): WebhookTokens {
  const { sql, clock, random, committed } = parts;
  let known: ReadonlyMap<string, Known> | null = null;
  /** Ids and sources. */
  let names: ReadonlySet<string> = new Set();
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;

  async function readAll(): Promise<void> {
    readAtMs = clock.monotonicMs();
    const rows = await sql<Row[]>`
      SELECT id, source, name, dialect, strategy, reading, token_hash, previous_hash, previous_until,
        sandbox_since IS NOT NULL AS sandbox
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
    async issue(name, source, { dialect = null, strategy = null, reading = null } = {}, by = ownDoing) {
      const token = random.token();
      const id = random.id();
      await sql.begin(async (tx) => {
        await tx`
          INSERT INTO webhook_tokens (id, name, source, dialect, strategy, reading, token_hash)
          VALUES (${id}, ${name}, ${source}, ${dialect}, ${strategy}, ${jsonOf(reading)}::text::jsonb, ${hashOf(token).toString('hex')})`;
        await tell(tx, 'source.created', { id, source, name, dialect, strategy, reading }, (about) => ({
          to: about,
          by,
        }));
      });
      await refreshAfterWrite();
      return token;
    },
    async change(id, change, by = ownDoing) {
      const after = await sql.begin(async (tx) => {
        const [before] = await tx<WebhookToken[]>`${inForce(tx)} AND id = ${id} FOR UPDATE`;
        if (before === undefined) return null;
        const next: WebhookToken = { ...before, ...change };
        if (isDeepStrictEqual(next, before)) return before;
        await tx`
          UPDATE webhook_tokens SET name = ${next.name}, dialect = ${next.dialect}, strategy = ${next.strategy},
            reading = ${jsonOf(next.reading ?? null)}::text::jsonb
          WHERE id = ${id}`;
        await tell(tx, 'source.changed', next, (about) => ({ from: aboutOf(before), to: about, by }));
        return next;
      });
      await refreshAfterWrite();
      return after;
    },
    async revoke(id, by = ownDoing) {
      const ended = await sql.begin(async (tx) => {
        const [before] = await tx<WebhookToken[]>`${inForce(tx)} AND id = ${id} FOR UPDATE`;
        if (before === undefined) return false;
        await tx`UPDATE webhook_tokens SET revoked_at = ${clock.now().toISOString()}::text::timestamptz WHERE id = ${id}`;
        await tell(tx, 'source.removed', before, (about) => ({ from: about, by }));
        return true;
      });
      await refreshAfterWrite();
      return ended;
    },
    async list() {
      return sql<WebhookToken[]>`${inForce(sql)} ORDER BY created_at, id`;
    },
  };

  /** A read under way may have begun before the write. */
  async function refreshAfterWrite(): Promise<void> {
    committed?.();
    await reading?.catch(() => {});
    await refresh();
  }
}

const unknownHash = Buffer.alloc(32);

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

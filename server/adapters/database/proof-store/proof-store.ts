import { createHash } from 'node:crypto';
import type postgres from 'postgres';
import { defaultProofs, type Proof, type ProofPolicy, proofs, type SecretProof } from '../../../core/model/proofs.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Log } from '../../../core/ports/log.ts';
import { type NewSecret, type ProofStore, type ProofWish, ProofWishProblem } from '../../../core/ports/proof-store.ts';
import type { Random } from '../../../core/ports/random.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { createNonces } from './nonces.ts';
import { policyOf, type SourceRow, selectSources, stateOf } from './rows.ts';

/** How long a change by another process may go unseen when its event does not come. */
const staleMs = 5000;

export interface ProofStoreOptions {
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Encrypts what signs; bound to its source. */
  readonly secretBox: { seal(secret: string, owner: string): string; open(sealed: string, owner: string): string };
  /** Called after the token of an address was made anew, before it is answered. */
  readonly rotated: (webhookId: string, token: string) => Promise<void>;
  /** Called after each commit that stored events. */
  readonly committed?: () => void;
}

/** What sources ask for, in PostgreSQL and in memory: an alert costs no question to the database unless it is signed. */
export function createProofStore(options: ProofStoreOptions): ProofStore {
  const { sql, clock, random, log, secretBox, committed } = options;
  let known: ReadonlyMap<string, ProofPolicy> | null = null;
  let readAtMs = Number.NEGATIVE_INFINITY;
  // One read at a time, in order: what a later one saw is never overwritten by an earlier one.
  let reading: Promise<void> = Promise.resolve();

  async function readAll(): Promise<void> {
    const startedMs = clock.monotonicMs();
    const rows = await selectSources(sql);
    known = new Map(rows.map((row) => [row.id, policyOf(row, (sealed) => openFor(row.id, sealed))]));
    readAtMs = startedMs;
  }
  const refresh = (): Promise<void> => {
    reading = reading.then(readAll, readAll);
    return reading;
  };
  /** A key that cannot be read matches nothing, so that one source cannot shut the others. */
  function openFor(id: string, sealed: string): string {
    try {
      return secretBox.open(sealed, ownerOf(id));
    } catch {
      log.error({ webhookId: id }, 'a signing secret was encrypted with another key: its senders are not believed');
      return random.token();
    }
  }

  /** Changes a source in one transaction with its event; null when there is none that is in force. */
  async function changing<T>(id: string, work: (tx: Statements, row: SourceRow) => Promise<T>): Promise<T | null> {
    const done = await sql.begin(async (tx) => {
      await tx`select 1 from webhook_tokens where id = ${id} for update`;
      const [row] = await selectSources(tx, id);
      // The dashboard's own alerts come by an address that nobody is told.
      return row && row.source !== 'dashboard' ? { answer: await work(tx, row) } : null;
    });
    if (done === null) return null;
    committed?.();
    await refresh();
    return done.answer;
  }

  /** The row that says what a source asks for is made by the first change of it. */
  const ensureRow = (tx: Statements, row: SourceRow, by: string) => {
    const { required, signatureWindowSeconds, addresses, certificate } = defaultProofs(row.id);
    return tx`
      insert into webhook_proofs (webhook_id, required, signature_window_seconds, addresses, certificate, changed_by, changed_at)
      values (${row.id}, ${json(required)}, ${signatureWindowSeconds}, ${json(addresses)}, ${json(certificate)}, ${by}, ${clock.now()})
      on conflict do nothing`;
  };
  const json = (value: unknown) => sql.json(value as postgres.JSONValue);

  const nonces = createNonces({ sql, clock, log });
  return {
    ...nonces,
    refresh,
    async policy(webhookId) {
      const found = known?.get(webhookId);
      if (found === undefined) await refresh();
      else if (clock.monotonicMs() - readAtMs > staleMs) {
        // One read is enough for all that come meanwhile, and none of them waits: the database may be away.
        readAtMs = clock.monotonicMs();
        void refresh().catch(() => {});
      }
      return known?.get(webhookId) ?? defaultProofs(webhookId);
    },
    async list() {
      const rows = await selectSources(sql);
      return rows.filter(({ source }) => source !== 'dashboard').map((row) => stateOf(row, clock.now()));
    },
    async change(webhookId, wish, by) {
      return changing(webhookId, async (tx, row) => {
        const before = stateOf(row, clock.now()).policy;
        const after = { ...before, ...wish, required: inOrder(wish.required ?? before.required) };
        refuseLockOut(after, row);
        await ensureRow(tx, row, by);
        await tx`
          update webhook_proofs set required = ${json(after.required)}, body_field = ${after.bodyField},
            signature_window_seconds = ${after.signatureWindowSeconds}, addresses = ${json(after.addresses)},
            certificate = ${json(after.certificate)}, changed_by = ${by}, changed_at = ${clock.now()}
          where webhook_id = ${webhookId}`;
        const told = ({ webhookId: _, ...policy }: typeof before) => policy;
        await appendEvents(tx, [
          { kind: 'source.proofs_changed', data: { ...about(row), from: told(before), to: told(after), by } },
        ]);
        const [changed] = await selectSources(tx, webhookId);
        return stateOf(changed!, clock.now());
      });
    },
    async rotate(webhookId, proof, { overlapSeconds, given }, by) {
      const secret = given ?? random.token();
      const now = clock.now();
      const until = overlapSeconds > 0 ? new Date(now.getTime() + overlapSeconds * 1000) : null;
      const answer = await changing<NewSecret>(webhookId, async (tx, row) => {
        const hasBefore = { url_secret: true, body_secret: row.bodyHash !== null, signature: row.signingKey !== null };
        const previousUntil = hasBefore[proof] ? until : null;
        await ensureRow(tx, row, by);
        await replace(tx, row, proof, { secret, previousUntil, now });
        await appendEvents(tx, [
          {
            kind: 'source.secret_rotated',
            data: { ...about(row), proof, previousUntil: previousUntil?.toISOString() ?? null, by },
          },
        ]);
        return { secret, previousUntil };
      });
      if (answer !== null && proof === 'url_secret') await options.rotated(webhookId, secret);
      return answer;
    },
  };

  /** The secret in force becomes the one before it, and with no overlap is forgotten. */
  async function replace(
    tx: Statements,
    { id }: SourceRow,
    proof: SecretProof,
    { secret, previousUntil, now }: { secret: string; previousUntil: Date | null; now: Date },
  ): Promise<void> {
    const keeps = previousUntil !== null;
    if (proof === 'url_secret')
      await tx`
        update webhook_tokens set previous_hash = case when ${keeps} then token_hash end, previous_until = ${previousUntil},
          token_hash = ${hashOf(secret)}, rotated_at = ${now} where id = ${id}`;
    else if (proof === 'body_secret')
      await tx`
        update webhook_proofs set body_previous_hash = case when ${keeps} then body_hash end,
          body_previous_until = ${previousUntil}, body_hash = ${hashOf(secret)}, body_made_at = ${now} where webhook_id = ${id}`;
    else
      await tx`
        update webhook_proofs set signing_previous_key = case when ${keeps} then signing_key end,
          signing_previous_until = ${previousUntil}, signing_key = ${secretBox.seal(secret, ownerOf(id))}, signing_made_at = ${now}
        where webhook_id = ${id}`;
  }
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const ownerOf = (webhookId: string): string => `signing secret of ${webhookId}`;
const about = ({ id, source, name }: SourceRow) => ({ webhookId: id, source, name });

/** The secret of the address is always asked for: there is no weaker source than that. */
const inOrder = (required: readonly Proof[]): Proof[] =>
  proofs.filter((proof) => proof === 'url_secret' || required.includes(proof));

function refuseLockOut(after: Required<ProofWish>, row: SourceRow): void {
  const asked = (proof: Proof) => after.required.includes(proof);
  if (asked('body_secret') && (after.bodyField === null || row.bodyHash === null))
    throw new ProofWishProblem('A secret in the body needs the name of its field, and a secret: make one first');
  if (asked('signature') && row.signingKey === null)
    throw new ProofWishProblem('A signature needs a secret that it is made with: make one first');
  if (asked('address') && after.addresses.length === 0)
    throw new ProofWishProblem('The sender’s address needs at least one that is allowed');
}

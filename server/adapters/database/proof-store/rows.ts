import {
  type CertificateWish,
  defaultProofs,
  type Proof,
  type ProofPolicy,
  type SecretProof,
} from '../../../core/model/proofs.ts';
import type { SecretState, SourceState } from '../../../core/ports/proof-store.ts';
import type { Statements } from '../event-reader/append-events.ts';

/** A source with what it asks for; what is null of the latter was never said. */
export interface SourceRow {
  readonly id: string;
  readonly source: string;
  readonly name: string;
  readonly dialect: string | null;
  readonly strategy: string | null;
  readonly madeAt: Date;
  readonly tokenHash: string;
  readonly previousUntil: Date | null;
  readonly required: Proof[] | null;
  readonly bodyField: string | null;
  readonly bodyHash: string | null;
  readonly bodyMadeAt: Date | null;
  readonly bodyPreviousHash: string | null;
  readonly bodyPreviousUntil: Date | null;
  readonly signingKey: string | null;
  readonly signingMadeAt: Date | null;
  readonly signingPreviousKey: string | null;
  readonly signingPreviousUntil: Date | null;
  readonly windowSeconds: number | null;
  readonly addresses: string[] | null;
  readonly certificate: CertificateWish | null;
  readonly changedBy: string | null;
}

/** All that are in force; `only` by its id. */
export const selectSources = (sql: Statements, only: string | null = null) => sql<SourceRow[]>`
  select t.id, t.source, t.name, t.dialect, t.strategy, coalesce(t.rotated_at, t.created_at) as "madeAt", t.token_hash as "tokenHash",
    t.previous_until as "previousUntil", p.required, p.body_field as "bodyField", p.body_hash as "bodyHash", p.body_made_at as "bodyMadeAt",
    p.body_previous_hash as "bodyPreviousHash", p.body_previous_until as "bodyPreviousUntil", p.signing_key as "signingKey",
    p.signing_made_at as "signingMadeAt", p.signing_previous_key as "signingPreviousKey",
    p.signing_previous_until as "signingPreviousUntil", p.signature_window_seconds as "windowSeconds", p.addresses, p.certificate,
    p.changed_by as "changedBy"
  from webhook_tokens t left join webhook_proofs p on p.webhook_id = t.id
  where t.revoked_at is null ${only === null ? sql`` : sql`and t.id = ${only}`}
  order by t.created_at, t.id`;

/** What the source asks for, with its secrets. `open` decrypts what signs. */
export function policyOf(row: SourceRow, open: (sealed: string) => string): ProofPolicy {
  const given = <T>(secret: T | null, until: Date | null, isPrevious: boolean) =>
    secret === null || (isPrevious && until === null) ? [] : [{ secret, validUntil: isPrevious ? until : null }];
  const body = [...given(row.bodyHash, null, false), ...given(row.bodyPreviousHash, row.bodyPreviousUntil, true)];
  const signing = [
    ...given(row.signingKey, null, false),
    ...given(row.signingPreviousKey, row.signingPreviousUntil, true),
  ];
  return {
    ...shownPolicy(row),
    bodySecrets: body.map(({ secret, validUntil }) => ({ hash: Buffer.from(secret, 'hex'), validUntil })),
    signingSecrets: signing.map(({ secret, validUntil }) => ({ key: open(secret), validUntil })),
  };
}

/** The source as a person sees it: of its secrets that they are there, and until when. */
export function stateOf(row: SourceRow, now: Date): SourceState {
  const secrets: SecretState[] = [];
  const add = (proof: SecretProof, createdAt: Date | null, previousUntil: Date | null): void => {
    if (createdAt === null) return;
    secrets.push({ proof, createdAt, previousUntil: previousUntil && previousUntil > now ? previousUntil : null });
  };
  add('url_secret', row.madeAt, row.previousUntil);
  add('body_secret', row.bodyMadeAt, row.bodyPreviousUntil);
  add('signature', row.signingMadeAt, row.signingPreviousUntil);
  const { source, name, dialect, strategy, changedBy } = row;
  return { source, name, dialect, strategy, policy: shownPolicy(row), secrets, changedBy };
}

function shownPolicy(row: SourceRow): SourceState['policy'] {
  const { bodySecrets: _, signingSecrets: __, ...unsaid } = defaultProofs(row.id);
  return {
    webhookId: row.id,
    required: row.required ?? unsaid.required,
    bodyField: row.bodyField,
    signatureWindowSeconds: row.windowSeconds ?? unsaid.signatureWindowSeconds,
    addresses: row.addresses ?? unsaid.addresses,
    certificate: row.certificate ?? unsaid.certificate,
  };
}

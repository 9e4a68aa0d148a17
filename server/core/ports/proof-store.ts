import type { CertificateWish, Proof, ProofPolicy, SecretProof } from '../model/proofs.ts';

/** What a person says that a source asks for; what is left out stays. */
export interface ProofWish {
  readonly required?: readonly Proof[];
  readonly bodyField?: string | null;
  readonly signatureWindowSeconds?: number;
  readonly addresses?: readonly string[];
  readonly certificate?: CertificateWish;
}

/** A secret as it may be shown: that it is there, and until when. */
export interface SecretState {
  readonly proof: SecretProof;
  readonly createdAt: Date;
  /** Until when the one before it is taken as well; null: there is none, or it has ended. */
  readonly previousUntil: Date | null;
}

/** A source as a person sees it. */
export interface SourceState {
  /** The `:source` of its address. */
  readonly source: string;
  readonly name: string;
  readonly dialect: string | null;
  readonly strategy: string | null;
  readonly policy: Omit<ProofPolicy, 'bodySecrets' | 'signingSecrets'>;
  readonly secrets: readonly SecretState[];
  /** Null: nobody has changed it yet. */
  readonly changedBy: string | null;
}

/** A new secret, for the only time that it can be seen. */
export interface NewSecret {
  readonly secret: string;
  /** Until when the ones before it are taken as well; null: there were none. */
  readonly previousUntil: Date | null;
}

/** What each source asks of its senders. Every change is one transaction with its event, which tells no secret. */
export interface ProofStore {
  /** From memory; throws when it is not known yet. What another process changed is in force here after its event, or seconds later. */
  policy(webhookId: string): Promise<ProofPolicy>;
  /** Reads everything anew. */
  refresh(): Promise<void>;
  /** The addresses in force, oldest first. */
  list(): Promise<readonly SourceState[]>;
  /** Null: there is no such source. Throws a `ProofWishProblem` for a proof that is asked for and has no secret. */
  change(webhookId: string, wish: ProofWish, by: string): Promise<SourceState | null>;
  /** Makes a secret anew, or takes the given one; the ones before it end after `overlapSeconds`. Null: there is no such source. */
  rotate(
    webhookId: string,
    proof: SecretProof,
    options: { readonly overlapSeconds: number; readonly given?: string | undefined },
    by: string,
  ): Promise<NewSecret | null>;
  /**
   * Takes a nonce for an alert; false when it was taken before. Rejects within a bounded time when that could not be found out, and then
   * the nonce is not spent.
   */
  claim(nonce: { webhookId: string; nonce: string; signalId: string; until: Date }): Promise<boolean>;
  /** The alert could not be stored: its nonce may come again, unless the alert got through after all. Never throws. */
  release(nonce: { webhookId: string; nonce: string; signalId: string }): void;
}

/** A change that would lock every sender out. */
export class ProofWishProblem extends Error {}

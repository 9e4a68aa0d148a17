/** What a sender can prove itself by; a source asks for one or more of them, always for the secret of the address. */
export const proofs = ['url_secret', 'body_secret', 'signature', 'address', 'certificate'] as const;
export type Proof = (typeof proofs)[number];

/** Proofs that are secrets of ours, which can be made anew. */
export const secretProofs = ['url_secret', 'body_secret', 'signature'] as const;
export type SecretProof = (typeof secretProofs)[number];

/**
 * Why a sender is not believed. A closed list, for counters and the log: outside, all of them look alike but the last two, which only
 * somebody who holds the signing secret gets to see.
 */
export const proofFailures = {
  PROOF_URL_SECRET: 'The secret of the address was never issued, has ended or is another source’s',
  PROOF_BODY_SECRET: 'The body holds no secret, or a wrong one',
  PROOF_SIGNATURE: 'The signature is missing, cannot be read or is wrong',
  PROOF_ADDRESS: 'The sender’s address is not one of those allowed',
  PROOF_CERTIFICATE: 'No client certificate was shown, or not the one that is asked for',
  PROOF_CLOCK: 'The signature was made too long ago or in the future',
  PROOF_REPLAYED: 'The signature was used before',
} as const;
export type ProofFailure = keyof typeof proofFailures;

/** Which proof it is that failed. */
export const proofOfFailure: Readonly<Record<ProofFailure, Proof>> = {
  PROOF_URL_SECRET: 'url_secret',
  PROOF_BODY_SECRET: 'body_secret',
  PROOF_SIGNATURE: 'signature',
  PROOF_ADDRESS: 'address',
  PROOF_CERTIFICATE: 'certificate',
  PROOF_CLOCK: 'signature',
  PROOF_REPLAYED: 'signature',
};

/** A secret of which only the hash is known. */
export interface HashedSecret {
  /** SHA-256. */
  readonly hash: Buffer;
  /** When it ends; null: it is the one in force. */
  readonly validUntil: Date | null;
}

/** A secret that must be known to check what was made with it. */
export interface SigningSecret {
  readonly key: string;
  readonly validUntil: Date | null;
}

/** Which certificate is asked for. */
export interface CertificateWish {
  readonly commonName: string;
  readonly organization: string | null;
  /** A subject alternative name as OpenSSL writes it: `email:…`, `DNS:…`, `URI:…`. */
  readonly alternativeName: string | null;
  /** The certificate, as PEM, that must have signed it; null: the proxy must say that it verified the chain. */
  readonly authority: string | null;
}

/** What a source asks of its senders; all of it must hold. */
export interface ProofPolicy {
  /** The id of its address. */
  readonly webhookId: string;
  readonly required: readonly Proof[];
  /** The field of the body that holds its secret; null: there is none. */
  readonly bodyField: string | null;
  readonly bodySecrets: readonly HashedSecret[];
  readonly signingSecrets: readonly SigningSecret[];
  /** How far a signature's time may be from ours, either way, in seconds. */
  readonly signatureWindowSeconds: number;
  /** Blocks of addresses. */
  readonly addresses: readonly string[];
  readonly certificate: CertificateWish;
}

/** From which TradingView sends alerts, and what its certificate says, according to its support pages (November 2026). */
export const tradingViewAddresses = ['52.89.214.238', '34.212.75.30', '54.218.53.128', '52.32.178.7'] as const;
export const tradingViewCertificate: CertificateWish = {
  commonName: 'TradingView Webhooks',
  organization: 'TradingView, Inc.',
  alternativeName: 'email:webhook-server@tradingview.com',
  authority: null,
};
/** 5 minutes: clocks that are kept in time differ by less, and nonces need not be kept for long. */
export const defaultSignatureWindowSeconds = 300;

/** What a source asks for as long as nobody has said anything else: the secret of the address. */
export const defaultProofs = (webhookId: string): ProofPolicy => ({
  webhookId,
  required: ['url_secret'],
  bodyField: null,
  bodySecrets: [],
  signingSecrets: [],
  signatureWindowSeconds: defaultSignatureWindowSeconds,
  addresses: tradingViewAddresses,
  certificate: tradingViewCertificate,
});

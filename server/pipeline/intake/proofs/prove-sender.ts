import { createHash, timingSafeEqual } from 'node:crypto';
import { type AlertSignature, macOf, readSignature, signatureHeader } from '../../../core/alert-signature.ts';
import {
  defaultProofs,
  type HashedSecret,
  type Proof,
  type ProofFailure,
  type ProofPolicy,
  proofs,
} from '../../../core/model/proofs.ts';
import { type Block, isWithin, readBlock } from '../../../core/net/address.ts';
import type { WebhookToken } from '../../../core/ports/webhook-tokens.ts';
import { type BodyText, readBody } from '../read-body.ts';
import { takeBodySecret } from './body-secret.ts';
import { certificateHeader, certificateProblem, verifiedHeader } from './certificate.ts';
import { isTrustedProxy, senderAddress, shownAddress } from './sender-address.ts';

/** The headers that a proof is read from, or that are kept with it; whoever takes alerts in hands these on. */
export const proofHeaders = [
  'user-agent',
  'x-forwarded-for',
  signatureHeader,
  certificateHeader,
  verifiedHeader,
] as const;

/** What a sender shows. */
export interface Shown {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly remoteAddress: string | null;
}

/** A sender that has proven all that its source asks for. */
export interface Proven {
  readonly kind: 'proven';
  /** The body as text, its secret hidden. */
  readonly body: BodyText;
  /** The bytes that the alert is known by: those that came, unless a secret had to be taken out. */
  readonly bytes: Uint8Array;
  /** What was asked, and what came of each, for the receipt. */
  readonly results: Readonly<Record<string, string | null>>;
  /** The nonce that the signature must spend; null: no signature was asked for. */
  readonly nonce: { readonly nonce: string; readonly until: Date } | null;
}

export interface Unproven {
  readonly kind: 'unproven';
  /** All that failed; never empty. */
  readonly failures: readonly ProofFailure[];
  /** What is wrong, for the log; no secrets. */
  readonly detail: string | null;
}

/**
 * Asks a sender for everything that its source requires. All of it is looked at whatever fails first, also when the address is not known at
 * all, so that neither the answer nor the time it takes tells which secret was right.
 */
export function proveSender(
  shown: Shown,
  about: { token: WebhookToken | null; policy: ProofPolicy | null; trustedProxies: readonly Block[]; now: Date },
): Proven | Unproven {
  const { token, trustedProxies, now } = about;
  const policy = about.policy ?? decoy;
  const failures: ProofFailure[] = token === null ? ['PROOF_URL_SECRET'] : [];
  const asked = (proof: Proof): boolean => policy.required.includes(proof);
  const results: Record<string, string | null> = {
    asked: proofs.filter(asked).map(nameOf).join(', '),
    token: token?.previousUntil ? `matched, the one that ends ${token.previousUntil.toISOString()}` : 'matched',
  };

  const read = readBody(shown.body);
  const taken = policy.bodyField === null ? null : takeBodySecret(read.text, policy.bodyField);
  if (asked('body_secret')) {
    const matched = matching(taken?.secret ?? null, policy.bodySecrets, now);
    if (matched === null || read.problem !== null) failures.push('PROOF_BODY_SECRET');
    else results.bodySecret = inForce(matched);
  }

  const signature = readSignature(shown.headers[signatureHeader]);
  let nonce: Proven['nonce'] = null;
  if (asked('signature')) {
    const signed = signedBy(signature, shown.body, policy, now);
    if (signed === null) failures.push('PROOF_SIGNATURE');
    else {
      const windowMs = policy.signatureWindowSeconds * 1000;
      const at = Number(signature!.timestamp) * 1000;
      if (Math.abs(now.getTime() - at) > windowMs) failures.push('PROOF_CLOCK');
      // Once more the window, for processes whose clocks differ.
      else nonce = { nonce: signature!.nonce, until: new Date(at + 2 * windowMs) };
      results.signature = `${inForce(signed)}, made at ${new Date(at).toISOString()}`;
    }
  }

  const sender = senderAddress(shown.remoteAddress, shown.headers['x-forwarded-for'], trustedProxies);
  results.senderAddress = shownAddress(sender);
  if (asked('address')) {
    const blocks = policy.addresses.flatMap((text) => readBlock(text) ?? []);
    if (sender === null || !isWithin(sender, blocks)) failures.push('PROOF_ADDRESS');
    else results.address = 'allowed';
  }

  let detail: string | null = null;
  if (asked('certificate')) {
    detail = isTrustedProxy(shown.remoteAddress, trustedProxies)
      ? certificateProblem(shown.headers, policy.certificate, now)
      : 'nobody who is trusted reports a certificate';
    if (detail === null) results.certificate = `that of ${policy.certificate.commonName}`;
    else failures.push('PROOF_CERTIFICATE');
  }

  // What was asked of an address that is not known was asked for the time it takes.
  if (token === null) return { kind: 'unproven', failures: ['PROOF_URL_SECRET'], detail: null };
  if (failures.length > 0) return { kind: 'unproven', failures, detail };
  const body = taken === null ? read : { ...read, text: taken.text };
  return { kind: 'proven', body, bytes: taken === null ? shown.body : Buffer.from(taken.text), results, nonce };
}

/** What is asked of a sender whose address is not known: it costs what a real one does, and nothing passes. */
const decoy: ProofPolicy = {
  ...defaultProofs(''),
  required: ['url_secret', 'body_secret', 'signature'],
  bodyField: 'secret',
  bodySecrets: [{ hash: Buffer.alloc(32), validUntil: null }],
  signingSecrets: [{ key: 'nobody has this one', validUntil: null }],
};

const names: Readonly<Record<Proof, string>> = {
  url_secret: 'secret of the address',
  body_secret: 'secret in the body',
  signature: 'signature',
  address: 'sender’s address',
  certificate: 'client certificate',
};
const nameOf = (proof: Proof): string => names[proof];

/** For the receipt: whether the secret that matched is on its way out. */
export const inForce = ({ validUntil }: { readonly validUntil: Date | null }): string =>
  validUntil === null ? 'matched' : `matched, with the secret that ends ${validUntil.toISOString()}`;

const counts = ({ validUntil }: { readonly validUntil: Date | null }, now: Date): boolean =>
  validUntil === null || now < validUntil;

/** The secret that was said; all are compared, whichever it is. */
export function matching(said: string | null, secrets: readonly HashedSecret[], now: Date): HashedSecret | null {
  const hash = createHash('sha256')
    .update(said ?? '')
    .digest();
  let matched: HashedSecret | null = null;
  for (const secret of secrets) {
    const isEqual = timingSafeEqual(hash, secret.hash);
    if (isEqual && said !== null && counts(secret, now)) matched = secret;
  }
  return matched;
}

function signedBy(
  signature: AlertSignature | null,
  body: Uint8Array,
  { signingSecrets }: ProofPolicy,
  now: Date,
): ProofPolicy['signingSecrets'][number] | null {
  const { timestamp, nonce, mac } = signature ?? { timestamp: '0', nonce: '-', mac: '00'.repeat(32) };
  const said = Buffer.from(mac, 'hex');
  let matched: ProofPolicy['signingSecrets'][number] | null = null;
  for (const secret of signingSecrets) {
    const isEqual = timingSafeEqual(said, macOf(secret.key, timestamp, nonce, body));
    if (isEqual && signature !== null && counts(secret, now)) matched = secret;
  }
  return matched;
}

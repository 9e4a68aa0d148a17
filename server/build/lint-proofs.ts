import type { LintResultJson } from '../contract/index.ts';
import type { Proof, ProofPolicy } from '../core/model/proofs.ts';
import type { Block } from '../core/net/address.ts';
import type { WebhookToken } from '../core/ports/webhook-tokens.ts';
import type { Finding } from '../pipeline/intake/lint/finding.ts';
import { findingOf } from '../pipeline/intake/lint/lint-alert.ts';
import { proveSender } from '../pipeline/intake/proofs/prove-sender.ts';

/** A text, and the source that it would be sent to. */
export interface ProofQuestion {
  readonly text: string;
  readonly token: WebhookToken;
  readonly policy: ProofPolicy;
  readonly trustedProxies: readonly Block[];
  readonly now: Date;
}

/** What a source asks of its senders, and what of it the text alone shows: no more than the secret in it. */
export function shownProofs(question: ProofQuestion): {
  readonly proofs: LintResultJson['proofs'];
  readonly findings: Finding[];
} {
  const { text, token, policy, trustedProxies, now } = question;
  const proven = proveSender(
    { body: new TextEncoder().encode(text), headers: {}, remoteAddress: null },
    { token, policy, trustedProxies, now },
  );
  const failed = proven.kind === 'unproven' && proven.failures.includes('PROOF_BODY_SECRET');
  const findings: Finding[] = [];
  const proofs = policy.required.map((proof): LintResultJson['proofs'][number] => {
    if (proof !== 'body_secret') return { proof, met: 'elsewhere', sentence: elsewhere[proof] };
    const field = JSON.stringify(policy.bodyField);
    const sentence = failed
      ? `The field ${field} does not hold the secret that the source asks for.`
      : `The field ${field} holds the secret.`;
    if (failed)
      findings.push(
        findingOf(
          'proof_missing',
          sentence,
          `Write the source’s secret into ${field}; make a new one on the page Sources if it is lost.`,
        ),
      );
    return { proof, met: failed ? 'no' : 'yes', sentence };
  });
  return { proofs, findings };
}

const elsewhere: Readonly<Record<Exclude<Proof, 'body_secret'>, string>> = {
  url_secret: 'The secret is in the address that the alert is sent to.',
  signature: 'The sender signs in a header. TradingView cannot; senders of your own can.',
  address: 'The sender’s address must be one of those allowed, as TradingView’s are at first.',
  certificate: 'The sender shows a client certificate, as TradingView does over HTTPS behind a trusted proxy.',
};

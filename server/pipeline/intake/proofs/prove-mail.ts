import type { Mail, MailRefusal, MailRules } from '../../../core/model/mail.ts';
import type { Proof, ProofPolicy } from '../../../core/model/proofs.ts';
import { authenticationWord } from '../mail/authentication-results.ts';
import { type BodyText, readBody } from '../read-body.ts';
import { takeBodySecret } from './body-secret.ts';
import { inForce, matching } from './prove-sender.ts';

/** A mail whose sender is believed, and the alert in it. */
export interface ProvenMail {
  readonly kind: 'proven';
  /** The alert as text, its secret hidden. */
  readonly body: BodyText;
  /** The bytes that the alert is known by: the same as by the webhook. */
  readonly bytes: Uint8Array;
  /** What came of each proof, for the receipt. */
  readonly results: Readonly<Record<string, string | null>>;
}

export interface UnprovenMail {
  readonly kind: 'unproven';
  readonly code: MailRefusal;
  /** What is wrong, for whoever set the mailbox up; no secrets. */
  readonly detail: string | null;
}

/**
 * Asks a mail for what its source asks of its senders, as far as a mail can show it. Its sender must be on the list, and not only say so: either the
 * alert holds the secret of the body, or the receiving server vouches for the sender and the mail is to us. What the source requires of its webhook
 * must hold here as well, or the mailbox would be the weaker door: the secret of the body as it is, TradingView's addresses or certificate by the
 * receiving server's word, which says the same by another way. A signature no mail can carry.
 */
export function proveMail(
  mail: Mail,
  alert: string,
  about: { readonly policy: ProofPolicy; readonly rules: MailRules; readonly now: Date },
): ProvenMail | UnprovenMail {
  const { policy, rules, now } = about;
  const asked = (proof: Proof): boolean => policy.required.includes(proof);
  const unproven = (code: MailRefusal, detail: string | null = null): UnprovenMail => ({
    kind: 'unproven',
    code,
    detail,
  });

  const stranger = senderProblem(mail, rules);
  if (stranger !== null) return unproven('PROOF_MAIL_SENDER', stranger);
  if (asked('signature')) return unproven('PROOF_SIGNATURE');

  const bytes = Buffer.from(alert);
  const read = readBody(bytes);
  const taken = policy.bodyField === null ? null : takeBodySecret(read.text, policy.bodyField);
  const matched = taken === null ? null : matching(taken.secret, policy.bodySecrets, now);
  if (asked('body_secret') && matched === null) return unproven('PROOF_BODY_SECRET');

  const word = authenticationWord(mail, rules.authServer);
  const toUs = mail.to.some((address) => rules.recipients.includes(address));
  const vouched = word.ok && toUs;
  const why = word.ok && !toUs ? `${word.sentence}, but it is not to ${rules.recipients.join(', ')}` : word.sentence;
  if ((asked('address') || asked('certificate')) && !vouched) return unproven('PROOF_MAIL_AUTHENTICATION', why);
  if (matched === null && !vouched) return unproven('PROOF_MAIL_FORGEABLE', why);

  return {
    kind: 'proven',
    body: taken === null ? read : { ...read, text: taken.text },
    bytes: taken === null ? bytes : Buffer.from(taken.text),
    results: {
      asked: 'sender of the mail, and its secret or the receiving server’s word',
      mailSender: mail.from[0]!,
      ...(matched !== null && { bodySecret: inForce(matched) }),
      mailAuthentication: why,
    },
  };
}

/** Why a mail's sender is none of those allowed; null: it is one, by its own account. */
export function senderProblem(mail: Pick<Mail, 'from'>, { senders }: Pick<MailRules, 'senders'>): string | null {
  const [sender, ...others] = mail.from;
  if (sender === undefined) return 'it names no sender';
  if (others.length > 0) return 'it names several senders';
  return senders.includes(sender) ? null : `it is from ${sender.slice(0, 100)}`;
}

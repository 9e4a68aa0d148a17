import { z } from 'zod';
import { moment, orNull, plainText, role } from './primitives.ts';

const personId = z.string().min(1).max(64);
const personName = plainText(80).trim().min(1);
const email = z.email().max(254).meta({ description: 'In whatever letters; kept in small ones' });
const password = z.string().min(1).max(1024).meta({ writeOnly: true, format: 'password' });
/** Six digits of an app, or a recovery code. */
const code = z.string().trim().min(6).max(40).meta({ writeOnly: true });
/** What the browser answers to a passkey question; @better-auth/passkey reads it. */
const passkeyResponse = z.object({ id: z.string().max(2048) }).catchall(z.unknown());
const passkeyOptions = z.record(z.string(), z.unknown());

export const person = z
  .object({
    id: personId,
    name: z.string(),
    email: z.string(),
    role,
    createdAt: moment,
    disabledAt: moment.nullable(),
    hasPassword: z.boolean(),
    codesSince: moment.nullable().meta({ description: 'Since when codes of an authenticator app are asked for' }),
    recoveryCodesLeft: z.number().int(),
    passkeys: z.number().int(),
    sessions: z.number().int(),
    lastSeenAt: moment.nullable().meta({ description: 'To the day' }),
    lockedUntil: moment
      .nullable()
      .meta({ description: 'Until when passwords and codes are not looked at, for too many wrong ones' }),
    linkUntil: moment.nullable().meta({ description: 'Until when a link to set a password waits to be used' }),
  })
  .meta({ id: 'Person' });
export type PersonJson = z.infer<typeof person>;

export const invitationWish = z.object({ name: personName, email, role }).meta({ id: 'InvitationWish' });
export type InvitationWish = z.infer<typeof invitationWish>;

export const personChange = z
  .object({ name: personName.optional(), role: role.optional(), enabled: z.boolean().optional() })
  .meta({ id: 'PersonChange' });
export type PersonChangeJson = z.infer<typeof personChange>;

export const oneTimeLink = z
  .object({
    url: z.string().meta({ description: 'Shown this once; only its hash is kept' }),
    purpose: z.enum(['invitation', 'reset']),
    expiresAt: moment,
  })
  .meta({ id: 'OneTimeLink' });
export type OneTimeLinkJson = z.infer<typeof oneTimeLink>;

export const invitedPerson = z.object({ person, link: oneTimeLink }).meta({ id: 'InvitedPerson' });

export const proofWay = z.enum(['code', 'passkey', 'password']);
export type ProofWayJson = z.infer<typeof proofWay>;

export const ownSession = z
  .object({
    id: personId,
    current: z.boolean(),
    createdAt: moment,
    lastSeenAt: moment.meta({ description: 'To the day' }),
    expiresAt: moment,
    address: z.string().nullable(),
    userAgent: z.string().nullable(),
    signedInBy: z.enum(['link', 'password', 'passkey', 'invitation']),
  })
  .meta({ id: 'OwnSession' });
export type OwnSessionJson = z.infer<typeof ownSession>;

export const passkey = z
  .object({ id: personId, name: z.string(), createdAt: moment.nullable() })
  .meta({ id: 'Passkey' });
export type PasskeyJson = z.infer<typeof passkey>;

/** Somebody's own account: who they are, and what they have set up to prove it. */
export const ownAccount = z
  .object({
    person,
    sessions: z.array(ownSession),
    passkeys: z.array(passkey),
    /** By what a fresh proof is given; none: a second factor has to be set up first. */
    proofWays: z.array(proofWay),
    provedUntil: orNull(moment).meta({ description: 'Until when the last proof counts' }),
  })
  .meta({ id: 'OwnAccount' });
export type OwnAccountJson = z.infer<typeof ownAccount>;

export const ownChange = z.object({ name: personName.optional(), email: email.optional() }).meta({ id: 'OwnChange' });
export type OwnChange = z.infer<typeof ownChange>;

export const newPassword = z.object({ password }).meta({ id: 'NewPassword' });
export const codeProof = z.object({ code }).meta({ id: 'CodeProof' });
export const proofWish = z
  .object({ code: code.optional(), password: password.optional() })
  .refine((wish) => (wish.code === undefined) !== (wish.password === undefined), {
    error: 'expected a code or a password, and one of them only',
  })
  .meta({ id: 'ProofWish' });
export type ProofWish = z.infer<typeof proofWish>;

export const newSecondFactor = z
  .object({
    secret: z.string().meta({ description: 'In base32, for an app that cannot read the picture' }),
    uri: z.string().meta({ description: 'What the QR code holds' }),
  })
  .meta({ id: 'NewSecondFactor' });
export type NewSecondFactorJson = z.infer<typeof newSecondFactor>;

export const recoveryCodes = z
  .object({ codes: z.array(z.string()).meta({ description: 'Shown this once; only hashes are kept' }) })
  .meta({ id: 'RecoveryCodes' });
export type RecoveryCodesJson = z.infer<typeof recoveryCodes>;

export const passkeyQuestion = z.object({ options: passkeyOptions }).meta({ id: 'PasskeyQuestion' });
export type PasskeyQuestionJson = z.infer<typeof passkeyQuestion>;
export const passkeyName = z.object({ name: personName }).meta({ id: 'PasskeyName' });
export const newPasskey = z.object({ name: personName, response: passkeyResponse }).meta({ id: 'NewPasskey' });
export type NewPasskey = z.infer<typeof newPasskey>;
export const passkeyAnswer = z.object({ response: passkeyResponse }).meta({ id: 'PasskeyAnswer' });

export const done = z.object({ done: z.literal(true) }).meta({ id: 'Done' });

export const signInWish = z
  .object({
    email: z.string().trim().min(1).max(254),
    password,
    code: code.optional().meta({ description: 'Where a second factor is set up; a recovery code does as well' }),
  })
  .meta({ id: 'SignInWish' });
export type SignInWish = z.infer<typeof signInWish>;

export const linkToken = z.object({ token: z.string().min(1).max(200) }).meta({ id: 'LinkToken' });
export const linkAbout = z
  .object({ name: z.string(), email: z.string(), purpose: z.enum(['invitation', 'reset']) })
  .meta({ id: 'LinkAbout' });
export type LinkAbout = z.infer<typeof linkAbout>;
export const linkUse = z.object({ token: z.string().min(1).max(200), password }).meta({ id: 'LinkUse' });
export const linkUsed = z
  .object({ signedIn: z.boolean().meta({ description: 'False where a second factor is asked for: sign in with it' }) })
  .meta({ id: 'LinkUsed' });

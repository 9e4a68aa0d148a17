/** What somebody may do; platform/access/roles.ts says how they rank. */
export type PersonRole = 'admin' | 'trader' | 'analyst' | 'viewer';

export type SignedInBy = 'link' | 'password' | 'passkey' | 'invitation';

/** Somebody who may sign in. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** In small letters. */
  readonly email: string;
  readonly role: PersonRole;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
  readonly hasPassword: boolean;
  /** Since when codes of an authenticator app are asked for; null: they are not. */
  readonly codesSince: Date | null;
  readonly recoveryCodesLeft: number;
  readonly passkeys: number;
  /** Sessions that have not ended. */
  readonly sessions: number;
  readonly lastSeenAt: Date | null;
  /** Until when passwords and codes are not looked at. */
  readonly lockedUntil: Date | null;
  /** Until when a link to set a password is good that nobody has used. */
  readonly linkUntil: Date | null;
}

export interface PersonSession {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly signedInBy: SignedInBy;
}

export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date | null;
}

/** Who does something, and from where; written down with what is done. */
export interface Actor {
  readonly id: string | null;
  readonly name: string;
  readonly by: 'session' | 'token' | 'nobody';
  readonly address: string | null;
}

export type LinkPurpose = 'invitation' | 'reset';

/** A link to set a password: only the hash of its token is kept. */
export interface NewLink {
  readonly tokenHash: string;
  readonly expiresAt: Date;
}

export interface PersonChange {
  readonly name?: string;
  readonly email?: string;
  readonly role?: PersonRole;
  readonly enabled?: boolean;
}

/** Why a change of people was not made. */
export type PeopleRefusal = 'unknown' | 'email_taken' | 'last_admin';

/** People and how they prove who they are. Each change is an event of its own transaction; secrets are hashes or sealed. */
export interface PeopleStore {
  list(): Promise<Person[]>;
  find(id: string): Promise<Person | null>;
  findByEmail(email: string): Promise<Person | null>;
  invite(
    wish: { readonly name: string; readonly email: string; readonly role: PersonRole },
    link: NewLink,
    actor: Actor,
  ): Promise<Person | 'email_taken'>;
  /** A disabled person's sessions end with it. There is always an admin who may sign in. */
  change(id: string, change: PersonChange, actor: Actor): Promise<Person | PeopleRefusal>;
  /** A new link; earlier ones of the person are no good any more. */
  makeLink(id: string, link: NewLink, actor: Actor): Promise<LinkPurpose | 'unknown'>;
  /** Whose a link is that can still be used. */
  findLink(tokenHash: string, now: Date): Promise<{ readonly person: Person; readonly purpose: LinkPurpose } | null>;
  /** Uses a link up: sets the password, and ends every session the person has. Null: it cannot be used any more. */
  useLink(
    tokenHash: string,
    password: { readonly hash: string; readonly now: Date },
    actor: Actor,
  ): Promise<{ readonly person: Person; readonly purpose: LinkPurpose } | null>;

  passwordHash(id: string): Promise<string | null>;
  /** Ends every other session of the person. */
  setPassword(id: string, hash: string, keepSession: string | null, actor: Actor): Promise<void>;

  sessions(id: string): Promise<PersonSession[]>;
  /** Ends one session of the person, or all but one; answers with how many. */
  endSessions(
    id: string,
    which: { readonly only: string } | { readonly but: string | null },
    actor: Actor,
  ): Promise<number>;
  /** Takes away a session that nobody has used. */
  dropSession(sessionId: string): Promise<void>;
  /** Notes that it was proved now, by this session's person, who it is. */
  noteProof(sessionId: string, way: string, now: Date, actor: Actor): Promise<void>;

  /** Begins a second factor, in the place of one that was begun and not confirmed. False: there is a confirmed one. */
  beginCodes(id: string, secret: string, now: Date): Promise<boolean>;
  /** The secret in clear, and the step that was used last; null: none was begun. */
  codeSecret(
    id: string,
  ): Promise<{ readonly secret: string; readonly lastStep: number; readonly confirmed: boolean } | null>;
  /** Uses a code's step up. False: it, or a later one, was used meanwhile. */
  useStep(id: string, step: number): Promise<boolean>;
  confirmCodes(id: string, step: number, recoveryHashes: readonly string[], now: Date, actor: Actor): Promise<boolean>;
  /** Uses a recovery code up. False: there is no such code, or it was used. */
  useRecoveryCode(id: string, hash: string, now: Date, actor: Actor): Promise<boolean>;
  replaceRecoveryCodes(id: string, hashes: readonly string[], actor: Actor): Promise<void>;
  /** Ends codes and recovery codes; `passkeys`: those as well. False: there was nothing. */
  removeFactors(id: string, which: { readonly passkeys: boolean }, actor: Actor): Promise<boolean>;

  passkeys(id: string): Promise<Passkey[]>;
  renamePasskey(id: string, passkeyId: string, name: string): Promise<boolean>;
  removePasskey(id: string, passkeyId: string, actor: Actor): Promise<boolean>;
  /** Tells of a passkey that was just registered. */
  notePasskey(id: string, name: string, actor: Actor): Promise<void>;
}

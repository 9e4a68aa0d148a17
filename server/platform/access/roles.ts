import type { Role } from '../../contract/primitives.ts';
import type { TokenScope } from '../../contract/tokens.ts';

/** Each role may do what those after it may. */
const ranks: Readonly<Record<Role, number>> = { admin: 3, trader: 2, analyst: 1, viewer: 0 };

/** Whether somebody of a role may do what asks for at least another. */
export const mayDo = (role: Role, least: Role): boolean => ranks[role] >= ranks[least];

/** Who asks: a person with a session, or a script with a token. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly by: 'session' | 'token';
  /** The session's id, of a person. */
  readonly sessionId?: string;
  /** When the person last proved, by more than having the session, who sits there; null: the session came of a link alone. */
  readonly provedAt?: Date | null;
  /** Whether a token was given leave to do what asks a person for a fresh proof. */
  readonly mayStepUp?: boolean;
  /** What a token is for; null, and for people: everything the role may. */
  readonly scopes?: readonly TokenScope[] | null;
}

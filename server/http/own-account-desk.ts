import type {
  NewPasskey,
  NewSecondFactorJson,
  OwnAccountJson,
  OwnChange,
  ProofWish,
  RecoveryCodesJson,
} from '../contract/index.ts';
import type { Caller } from '../platform/access/roles.ts';
import type { From, Opened } from './sign-in-desk.ts';

/** A person who is signed in, and where the request comes from. */
export interface OwnAsking extends From {
  readonly caller: Caller;
}

/** What people do with their own account. Each throws an `HttpProblem` in words for people. */
export interface OwnAccountDesk {
  show(asking: OwnAsking): Promise<OwnAccountJson>;
  change(change: OwnChange, asking: OwnAsking): Promise<void>;
  /** Ends every other session. */
  setPassword(password: string, asking: OwnAsking): Promise<void>;
  beginCodes(asking: OwnAsking): Promise<NewSecondFactorJson>;
  confirmCodes(code: string, asking: OwnAsking): Promise<RecoveryCodesJson>;
  removeCodes(asking: OwnAsking): Promise<void>;
  newRecoveryCodes(asking: OwnAsking): Promise<RecoveryCodesJson>;
  passkeyQuestion(name: string, asking: OwnAsking): Promise<Opened & { readonly options: Record<string, unknown> }>;
  addPasskey(wish: NewPasskey, asking: OwnAsking): Promise<void>;
  renamePasskey(id: string, name: string, asking: OwnAsking): Promise<void>;
  removePasskey(id: string, asking: OwnAsking): Promise<void>;
  endSession(id: string, asking: OwnAsking): Promise<void>;
  endOtherSessions(asking: OwnAsking): Promise<void>;
  /** A fresh proof by a code or the password. */
  prove(wish: ProofWish, asking: OwnAsking): Promise<void>;
  proofQuestion(asking: OwnAsking): Promise<Opened & { readonly options: Record<string, unknown> }>;
  proveByPasskey(response: unknown, asking: OwnAsking): Promise<void>;
}

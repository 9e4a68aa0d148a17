import type { Role } from '../../contract/primitives.ts';
import type { ApiTokenJson, TokenScope } from '../../contract/tokens.ts';
import type { Caller } from './roles.ts';

export interface TokenWish {
  readonly name: string;
  /** Not above the maker's own. */
  readonly role: Role;
  readonly scopes: readonly TokenScope[];
  /** null: it does not end, and `reason` says why. */
  readonly days: number | null;
  readonly reason: string | null;
}

/** Tokens that people make for their scripts. */
export interface TokenDesk {
  /** All of them, newest first, for whoever may see all; else the caller's own. */
  list(caller: Caller, all: boolean): Promise<ApiTokenJson[]>;
  /** The token's text is in the answer, and nowhere else. */
  make(wish: TokenWish, caller: Caller): Promise<{ token: string; made: ApiTokenJson }>;
  /** Ends a token: the caller's own, or anybody's. Null: there is no such token. */
  revoke(id: string, caller: Caller, anybodys: boolean): Promise<ApiTokenJson | null>;
  /** Why a token that is known lets nobody in; null: it is not known. */
  whyNot(token: string): Promise<string | null>;
}

import type { LinkAbout, SignInWish } from '../contract/index.ts';

/** Where a request comes from: what sessions keep, and what wrong tries are counted by. */
export interface From {
  readonly headers: Headers;
  readonly address: string | null;
}

/** A session that was opened: what the browser is to keep. */
export interface Opened {
  readonly cookies: readonly string[];
}

/** The ways in, for whoever is not signed in yet. Each throws an `HttpProblem` in words for people. */
export interface SignInDesk {
  byPassword(wish: SignInWish, from: From): Promise<Opened>;
  passkeyQuestion(from: From): Promise<Opened & { readonly options: Record<string, unknown> }>;
  byPasskey(response: unknown, from: From): Promise<Opened>;
  /** Whose a link is. */
  lookAtLink(token: string): Promise<LinkAbout>;
  /** Sets the password; signs in unless a second factor is asked for. */
  useLink(token: string, password: string, from: From): Promise<Opened & { readonly signedIn: boolean }>;
}

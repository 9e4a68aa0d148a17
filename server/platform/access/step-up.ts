import type { Caller } from './roles.ts';

/** When a route takes a fresh proof: of everything, or of what concerns real money. */
export type StepUp = 'always' | 'real_money';

/** For how long a proof counts: long enough to do what it was asked for, short enough for a desk that was left. */
export const proofLastsMs = 5 * 60_000;

/** Whether it was proved a moment ago that it is this person who asks, or the token was given leave to go without. */
export function isProved(caller: Caller, now: Date): boolean {
  if (caller.by === 'token') return caller.mayStepUp === true;
  return caller.provedAt != null && now.getTime() - caller.provedAt.getTime() < proofLastsMs;
}

/** What a person has set up to prove who they are. */
export interface Factors {
  readonly password: boolean;
  /** Codes of an authenticator app. */
  readonly codes: boolean;
  readonly passkeys: number;
}

export type ProofWay = 'code' | 'passkey' | 'password';

/**
 * By what a person may prove who they are. A password does where there is nothing stronger; who has nothing at all came by the link alone,
 * and sets up a second factor first.
 */
export function proofWays({ password, codes, passkeys }: Factors): ProofWay[] {
  const strong: ProofWay[] = [...(codes ? (['code'] as const) : []), ...(passkeys > 0 ? (['passkey'] as const) : [])];
  return strong.length > 0 ? strong : password ? ['password'] : [];
}

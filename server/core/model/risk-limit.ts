/** What a limit is held for, from the widest to the narrowest. */
export const scopeKinds = ['everything', 'account', 'strategy', 'sector', 'symbol'] as const;
export type ScopeKind = (typeof scopeKinds)[number];

/** For whom a limit holds. `name` is empty for everything; an account's id, a strategy's key, a sector's or a symbol's name otherwise. */
export interface LimitScope {
  readonly kind: ScopeKind;
  readonly name: string;
}
export const everything: LimitScope = { kind: 'everything', name: '' };

/**
 * What becomes of an order that breaks a limit: refused; made as small as the limit allows, and refused when that is nothing; kept until a
 * person has said yes; or sent, with a warning.
 */
export const severities = ['deny', 'reduce', 'ask', 'warn'] as const;
export type Severity = (typeof severities)[number];

/** A parameter as it is stored and sent: amounts, shares and multiples are decimal text. */
export type ParameterValue = string | number | boolean | readonly string[];

/** One limit as a person set it: the newest version of its rule and scope. */
export interface StoredLimit {
  readonly rule: string;
  readonly scope: LimitScope;
  readonly on: boolean;
  readonly severity: Severity;
  /** Those that are not in it have their rule's default. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** From 1, without a gap for a rule and scope. */
  readonly version: number;
  readonly author: string;
  readonly reason: string;
  readonly at: Date;
}

/** Whom an order concerns; what a scope is compared with. */
export interface LimitSubject {
  readonly accountId: string | null;
  readonly strategy: string;
  readonly sector: string;
  readonly symbol: string;
}

/** Whether a limit of this scope holds for the subject. */
export function covers({ kind, name }: LimitScope, subject: LimitSubject): boolean {
  if (kind === 'everything') return true;
  if (kind === 'account') return subject.accountId === name;
  return subject[kind] === name;
}

/** A scope for people, said of an order that it covers: "everything", "this account", "the sector Energy". */
export const scopeInWords = ({ kind, name }: LimitScope): string =>
  kind === 'everything' ? kind : kind === 'account' ? 'this account' : `the ${kind} ${name}`;

import { decimal } from '../../core/decimal.ts';
import {
  covers,
  everything,
  type LimitScope,
  type LimitSubject,
  type ParameterValue,
  type Severity,
  type StoredLimit,
  scopeInWords,
} from '../../core/model/risk-limit.ts';
import { problemOf } from './parameters.ts';
import type { Rule } from './rule.ts';

/** A limit as an order is held to it: its rule, what it says, and for whom. */
export interface HeldLimit {
  readonly rule: Rule;
  readonly scope: LimitScope;
  readonly severity: Severity;
  /** As the rule reads them. */
  readonly values: Readonly<Record<string, unknown>>;
  /** As they are stored; for people. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/** A stored limit that this version of the rules cannot read; entries that it would hold for are refused. */
export interface UnreadableLimit {
  readonly scope: LimitScope;
  readonly problem: string;
}

/** Every limit, ready to be asked for. */
export interface LimitBook {
  /** What is held for the subject, in the order of the rules; a rule may be there several times, for several scopes. */
  heldFor(subject: LimitSubject): readonly HeldLimit[];
  /** Those of the rule, for whom nobody has said more. */
  base(rule: string): HeldLimit | null;
  unreadable(subject: LimitSubject): UnreadableLimit | null;
}

/**
 * Puts stored limits over the rules' defaults. A limit for everything is what holds where nobody has said more: where limits for an account,
 * a strategy, a sector or a symbol cover an order, they are held in its place, each of them. One that is switched off is an exemption.
 */
export function createLimitBook(rules: readonly Rule[], stored: readonly StoredLimit[]): LimitBook {
  const known = new Map(rules.map((rule) => [rule.key, rule]));
  const unreadable: UnreadableLimit[] = [];
  const bases = new Map<string, HeldLimit | null>();
  const narrower = new Map<string, { readonly scope: LimitScope; readonly held: HeldLimit | null }[]>();
  for (const rule of rules) bases.set(rule.key, rule.on === false ? null : defaultOf(rule));
  for (const limit of stored) {
    const rule = known.get(limit.rule);
    const held = rule ? readLimit(rule, limit) : `there is no rule ${limit.rule}`;
    if (typeof held === 'string') {
      const problem = `The limit ${limit.rule} for ${scopeInWords(limit.scope)} cannot be read: ${held}.`;
      unreadable.push({ scope: limit.scope, problem });
      continue;
    }
    const inForce = limit.on || rule!.on === 'always' ? held : null;
    if (limit.scope.kind === 'everything') bases.set(limit.rule, inForce);
    else narrower.set(limit.rule, [...(narrower.get(limit.rule) ?? []), { scope: limit.scope, held: inForce }]);
  }
  const forAll = rules.flatMap((rule) => bases.get(rule.key) ?? []);
  return {
    heldFor(subject) {
      if (narrower.size === 0) return forAll;
      const held: HeldLimit[] = [];
      for (const rule of rules) {
        const own = narrower.get(rule.key)?.filter(({ scope }) => covers(scope, subject)) ?? [];
        if (own.length === 0) {
          const base = bases.get(rule.key);
          if (base) held.push(base);
        } else for (const one of own) if (one.held) held.push(one.held);
      }
      return held;
    },
    base: (rule) => bases.get(rule) ?? null,
    unreadable: (subject) => unreadable.find(({ scope }) => covers(scope, subject)) ?? null,
  };
}

/** The rule as nobody has changed it. */
export function defaultOf(rule: Rule): HeldLimit {
  const held = readLimit(rule, { scope: everything, severity: rule.severities[0], parameters: {} });
  if (typeof held === 'string') throw new Error(`the defaults of the rule ${rule.key} are impossible: ${held}`);
  return held;
}

/**
 * Whether a limit may let something through that another keeps back. A narrower limit stands in the place of wider ones: where there was none
 * before (undefined), a new one may be either. Null is a limit that is switched off.
 */
export function loosens(before: HeldLimit | null | undefined, after: HeldLimit | null): boolean {
  if (before === null) return false;
  if (before === undefined || after === null || before.severity !== after.severity) return true;
  return Object.entries(after.rule.parameters).some(([name, { stricter }]) => {
    const [old, now] = [before.parameters[name], after.parameters[name]];
    if (JSON.stringify(old) === JSON.stringify(now)) return false;
    if (stricter === null || !isNumber(old) || !isNumber(now)) return true;
    return stricter === 'lower' ? decimal(String(now)).gt(String(old)) : decimal(String(now)).lt(String(old));
  });
}

const isNumber = (value: unknown): value is string | number =>
  (typeof value === 'number' || typeof value === 'string') && /^-?\d+(\.\d+)?$/.test(String(value));

/** Reads a limit by its rule; a text says what is wrong with it, for a person. */
export function readLimit(
  rule: Rule,
  limit: Pick<StoredLimit, 'scope' | 'severity' | 'parameters'>,
): HeldLimit | string {
  if (!rule.scopes.includes(limit.scope.kind)) {
    return `${rule.key} can be set for ${rule.scopes.join(', ')}, not for ${scopeInWords(limit.scope)}`;
  }
  if (!rule.severities.includes(limit.severity)) {
    return `${rule.key} can be one of ${rule.severities.join(', ')}, not ${limit.severity}`;
  }
  const strange = Object.keys(limit.parameters).filter((name) => !Object.hasOwn(rule.parameters, name));
  if (strange.length > 0) {
    const has = Object.keys(rule.parameters).join(', ') || 'none';
    return `${rule.key} has no parameter ${strange.join(', ')}; it has ${has}`;
  }
  const values: Record<string, unknown> = {};
  const parameters: Record<string, ParameterValue> = {};
  for (const [name, parameter] of Object.entries(rule.parameters)) {
    const wanted = limit.parameters[name];
    const read = parameter.schema.safeParse(wanted === undefined ? parameter.default : wanted);
    if (!read.success) return problemOf(name, read.error);
    parameters[name] = read.data;
    values[name] = parameter.read(read.data);
  }
  return { rule, scope: limit.scope, severity: limit.severity, values, parameters };
}

/** Books by what is stored: a decision reads the limits anew, and they seldom change. */
export function createLimitBooks(rules: readonly Rule[]): (stored: readonly StoredLimit[]) => LimitBook {
  let kept: { readonly key: string; readonly book: LimitBook } | null = null;
  return (stored) => {
    const key = stored.map(({ rule, scope, version }) => `${rule} ${scope.kind} ${scope.name} ${version}`).join('\n');
    if (kept?.key !== key) kept = { key, book: createLimitBook(rules, stored) };
    return kept.book;
  };
}

/** The strictest value of a whole-number parameter that is held for the subject; its default where nothing is. */
export function leastOf(book: LimitBook, rule: Rule, name: string, subject: LimitSubject): number {
  const held = book.heldFor(subject).filter((limit) => limit.rule.key === rule.key);
  const values = held.map(({ values }) => values[name] as number);
  return values.length > 0 ? Math.min(...values) : (defaultOf(rule).values[name] as number);
}

import type { ProblemCode } from '../problem-code.ts';
import { jsonCodes } from './codes-json.ts';
import { ownCodes } from './codes-own.ts';
import { problemLintCodes } from './codes-problem.ts';

/** `error`: the alert would be refused. `warning`: it would be taken, and probably not as it was meant. `note`: worth knowing. */
export type Severity = 'error' | 'warning' | 'note';
export const severitiesInOrder = ['error', 'warning', 'note'] as const satisfies readonly Severity[];

/** A text that has the mistake, by which docs/linter.md shows it and a test holds the linter to it. */
export interface LintExample {
  readonly text: string;
  /** Absent: what arrived. `message`: what stands in TradingView's box. */
  readonly as?: 'message';
  readonly dialect?: string;
}

/** A kind of mistake. */
export interface LintRule {
  readonly severity: Severity;
  /** What it is, as a sentence. */
  readonly says: string;
  /** What to do about it, where nothing more exact can be said. */
  readonly mend: string;
  /** Absent: only the server can tell, from its settings and what it has stored. */
  readonly example?: LintExample;
}

/** Every mistake that the linter tells of, by its code. Codes are stable: scripts go by them. */
export const lintRules = { ...jsonCodes, ...problemLintCodes, ...ownCodes } as const satisfies Readonly<
  Record<string, LintRule>
>;
export type LintCode = keyof typeof lintRules;
export const lintCodes = Object.keys(lintRules) as readonly LintCode[];

/** The rule of a code. */
export const ruleOf = (code: LintCode): LintRule => lintRules[code];

/** Whether a problem of intake has a rule here: all have, or this does not compile. */
export const problemRule = (code: ProblemCode): LintCode => code;

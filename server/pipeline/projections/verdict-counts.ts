import type { RuleVerdict } from '../../core/model/decision.ts';
import type { DecidedCount } from '../../core/ports/verdict-counts.ts';

/** Decisions by what one rule said in them: each counts once, by the worst that the rule said. */
export interface RuleCounts {
  /** In which it had something to look at. */
  readonly evaluated: number;
  /** In which it found its limit broken, whatever came of it. */
  readonly breached: number;
  readonly passed: number;
  readonly denied: number;
  readonly asked: number;
  readonly reduced: number;
  readonly warned: number;
  readonly notApplicable: number;
  /** Refused decisions in which it was the first to deny: those that name it as their reason. */
  readonly refused: number;
}

type Verdict = RuleVerdict['verdict'];

const from = {
  deny: 'denied',
  ask: 'asked',
  reduce: 'reduced',
  warn: 'warned',
  pass: 'passed',
  not_applicable: 'notApplicable',
} as const satisfies Record<Verdict, keyof RuleCounts>;

/** From the worst to the best. */
const worst = Object.keys(from) as Verdict[];

export const noCounts: RuleCounts = {
  ...{ evaluated: 0, breached: 0, passed: 0, denied: 0, asked: 0, reduced: 0, warned: 0, notApplicable: 0 },
  refused: 0,
};

/** What each rule said in these decisions, by its key. */
export function countVerdicts(decided: readonly DecidedCount[]): ReadonlyMap<string, RuleCounts> {
  const counts = new Map<string, { -readonly [K in keyof RuleCounts]: number }>();
  const of = (rule: string) => {
    const known = counts.get(rule) ?? { ...noCounts };
    counts.set(rule, known);
    return known;
  };
  for (const { verdicts, outcome, count } of decided) {
    const said = new Map<string, Verdict>();
    for (const { rule, verdict } of verdicts) {
      const known = said.get(rule);
      if (known === undefined || worst.indexOf(verdict) < worst.indexOf(known)) said.set(rule, verdict);
    }
    for (const [rule, verdict] of said) {
      const own = of(rule);
      own[from[verdict]] += count;
      if (verdict === 'not_applicable') continue;
      own.evaluated += count;
      if (verdict !== 'pass') own.breached += count;
    }
    const first = outcome === 'denied' ? verdicts.find(({ verdict }) => verdict === 'deny') : undefined;
    if (first) of(first.rule).refused += count;
  }
  return counts;
}

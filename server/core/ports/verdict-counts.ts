import type { RuleVerdict } from '../model/decision.ts';
import type { Mode } from '../model/mode.ts';
import type { RefusalCode } from '../model/refusals.ts';

/** What decisions are looked up by; each that is named must hold. */
export interface DecisionFilter {
  readonly outcome?: 'approved' | 'denied' | 'held' | undefined;
  /** With a verdict, the rule that gave it; alone, a rule that was asked at all. */
  readonly rule?: string | undefined;
  /** `breach`: denied, asked, reduced or warned. */
  readonly verdict?: RuleVerdict['verdict'] | 'breach' | undefined;
  readonly code?: string | undefined;
  readonly symbol?: string | undefined;
  readonly strategy?: string | undefined;
  readonly accountId?: string | undefined;
  readonly mode?: Mode | undefined;
  readonly from?: Date | undefined;
  /** Not included. */
  readonly to?: Date | undefined;
}

/** Decisions that were given the same verdicts and came to the same. */
export interface DecidedCount {
  readonly count: number;
  readonly outcome: 'approved' | 'denied' | 'held';
  readonly code: RefusalCode | null;
  /** Each once, in the order of the gate. */
  readonly verdicts: readonly Pick<RuleVerdict, 'rule' | 'verdict'>[];
}

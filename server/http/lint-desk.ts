import type { LintResultJson, LintWish } from '../contract/index.ts';
import type { Caller } from '../platform/access/roles.ts';

/** What is answered of an alert's text that nobody has sent. */
export interface LintDesk {
  /** Stores nothing. Throws `HttpProblem` for a source or a dialect that is not there, and for a caller who asks too often. */
  lint(wish: LintWish, caller: Caller): Promise<LintResultJson>;
}

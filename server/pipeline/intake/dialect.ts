import type { FieldProblem, TradeSignal } from '../../core/model/signal.ts';
import type { SourceReading } from '../../core/model/source-reading.ts';
import type { Result } from '../../core/result.ts';
import type { FieldWatch } from './field-reader.ts';
import type { JsonOutcome } from './json-text.ts';

/** An alert's body, decoded. */
export interface AlertText {
  readonly text: string;
  /** The body as JSON, or where it stops being JSON. */
  readonly json: JsonOutcome;
  /** What its source is set to of how its alerts are read; absent: nothing. */
  readonly reading?: SourceReading;
  /** Is told which fields are asked for; absent wherever alerts are taken in. */
  readonly watch?: FieldWatch;
}

/** What makes two alerts of a dialect the same one, where they have no id of their own. */
export interface IdentityRule {
  /** As its page puts it. */
  readonly says: string;
  /** Fields that do not count: a secret that was changed makes no second alert. */
  readonly without?: readonly string[];
}

/** A language alerts are written in. One file under dialects/, whose name is its key. Pure: no clock, no I/O. */
export interface Dialect {
  readonly key: string;
  /** Whether the body is meant to be this dialect, right or wrong. The first in key order that claims it reads it. */
  claims(alert: AlertText): boolean;
  /** The signal, or everything that is wrong with it, all at once. */
  read(alert: AlertText): Result<TradeSignal, readonly FieldProblem[]>;
  /** Absent: an alert with a time is all of its fields; one without is its bytes, within the window. */
  readonly identity?: IdentityRule;
}

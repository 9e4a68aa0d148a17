import type { AlertRule, AlertRuleState } from '../../core/model/alert-rule.ts';
import { within } from './hours.ts';
import { type AlertKind, type Looked, readParameters } from './kind.ts';
import type { AlertReadings } from './readings.ts';

/** What is to be done about a rule after a look at it. */
export interface RuleStep {
  readonly state: AlertRuleState;
  /** `fire`: tell; `clear`: what was told is over. Null: nothing. */
  readonly act: 'fire' | 'clear' | null;
  readonly sentence: string;
}

/** Looks at a rule's condition. A reading that fails is as good as none: the rule says so. */
export async function lookOnce(
  kind: AlertKind | undefined,
  rule: AlertRule,
  memory: AlertRuleState['memory'],
  readings: AlertReadings,
): Promise<Looked> {
  const kept = memory === null ? {} : { memory };
  if (!kind) return { kind: 'unreadable', sentence: `There is no kind of rule ${rule.kind} in this version.`, ...kept };
  const read = readParameters(kind, rule.parameters);
  if ('problems' in read) {
    const said = read.problems.map(({ message }) => message).join('; ');
    return { kind: 'unreadable', sentence: `The rule cannot be read: ${said}.`, ...kept };
  }
  try {
    return await kind.look(readings, { values: read.values, scope: rule.scope, since: rule.changedAt, memory });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'unreadable', sentence: `It could not be looked at: ${why}`, ...kept };
  }
}

const minuteMs = 60_000;

/**
 * What follows from a look: a rule fires when its condition begins to hold, once, and what was told is over when the condition surely is. In
 * quiet hours, and within the pause after it fired, it does not fire; what still holds afterwards is told then.
 */
export function stepOf(
  kind: AlertKind | undefined,
  rule: AlertRule,
  state: AlertRuleState,
  looked: Looked,
  now: Date,
): RuleStep {
  const memory = looked.memory ?? null;
  const lookedAt = now;
  if (looked.kind === 'unreadable') {
    const problemSince = state.problem === null ? now : state.problemSince;
    const next = { ...state, memory, lookedAt, problem: looked.sentence, problemSince };
    return { state: next, act: null, sentence: looked.sentence };
  }
  const { value, sentence } = looked;
  const seen = { ...state, memory, lookedAt, value, problem: null, problemSince: null };
  if (looked.kind === 'holds' && !state.firing) {
    const resting = state.firedAt !== null && now.getTime() - state.firedAt.getTime() < rule.cooldownMinutes * minuteMs;
    const quiet = rule.quietHours !== null && within(rule.quietHours, now);
    // What it remembered stays, so that it is found anew when it may fire.
    if (resting || quiet) return { state: { ...seen, memory: state.memory }, act: null, sentence };
    const firing = endsWithCondition(kind, rule);
    return { state: { ...seen, firing, firedAt: now, firedCount: state.firedCount + 1 }, act: 'fire', sentence };
  }
  if (looked.kind === 'over' && state.firing) return { state: { ...seen, firing: false }, act: 'clear', sentence };
  return { state: seen, act: null, sentence };
}

/** Whether its alarm ends by itself. One that is switched off by its firing has nobody who would see that it is over. */
export const endsWithCondition = (kind: AlertKind | undefined, rule: AlertRule): boolean =>
  kind?.ends === 'holds' && !rule.once;

// A table that makes positions smaller as an account loses, down to a stop.
import { Big } from '../decimal.ts';
import type { Drawdown } from './drawdown.ts';

/** At a drawdown of this fraction or more, sizes are multiplied by the factor: 0.5 halves them, 0 stops new entries. */
export interface DrawdownStep {
  readonly atOrOver: Big;
  readonly factor: Big;
}

/** What the table says of a drawdown. */
export interface DrawdownSize {
  readonly factor: Big;
  /** The step that was reached; null: none was, and the factor is 1. */
  readonly step: DrawdownStep | null;
  /** The factor is zero: no new entry. */
  readonly stop: boolean;
}

const one = new Big('1');

/**
 * Puts steps in order. Throws a `RangeError` with a sentence for a table that cannot be meant: a threshold that is not above 0 or is over 1,
 * the same threshold twice, a factor outside 0 to 1, or a deeper step with a larger factor than a step before it.
 */
export function drawdownSteps(steps: readonly DrawdownStep[]): readonly DrawdownStep[] {
  const ordered = [...steps].sort((a, b) => a.atOrOver.cmp(b.atOrOver));
  for (const [i, { atOrOver, factor }] of ordered.entries()) {
    const before = ordered[i - 1];
    if (atOrOver.lte('0') || atOrOver.gt('1')) throw new RangeError(`a drawdown step at ${atOrOver} is not in (0, 1]`);
    if (factor.lt('0') || factor.gt('1')) throw new RangeError(`a size factor of ${factor} is not in [0, 1]`);
    if (before?.atOrOver.eq(atOrOver)) throw new RangeError(`two drawdown steps stand at ${atOrOver}`);
    if (before?.factor.lt(factor)) {
      throw new RangeError(`sizes would grow again, from ${before.factor} to ${factor}, at a drawdown of ${atOrOver}`);
    }
  }
  return ordered;
}

/**
 * The deepest step that a drawdown has reached, of steps that `drawdownSteps` put in order. Compared as peak - equity >= threshold x peak,
 * without a division: exactly at a step is on it.
 */
export function sizeAtDrawdown({ peak, amount }: Drawdown, steps: readonly DrawdownStep[]): DrawdownSize {
  const step = steps.findLast(({ atOrOver }) => amount.gte(atOrOver.times(peak))) ?? null;
  const factor = step?.factor ?? one;
  return { factor, step, stop: factor.eq('0') };
}

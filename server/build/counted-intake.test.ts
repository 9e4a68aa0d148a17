import { expect, it } from 'vitest';
import type { IntakeAnswer } from '../pipeline/intake/intake.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { countedIntake } from './counted-intake.ts';

const id = 'x';
it.each([
  [{ kind: 'accepted', id }, 'accepted'],
  [{ kind: 'repeated', id }, 'repeated'],
  [{ kind: 'refused', id, code: 'INTAKE_STALE', fields: [] }, 'refused'],
  [{ kind: 'too_large', maxBytes: 1 }, 'refused'],
  [{ kind: 'unknown_token' }, 'unauthorized'],
  [{ kind: 'rate_limited', retryAfterMs: 1 }, 'limited'],
  [{ kind: 'unavailable', retryAfterMs: 1 }, 'unavailable'],
] as const satisfies readonly (readonly [IntakeAnswer, string])[])(
  '%o is counted as %s, with its time',
  async (answer, outcome) => {
    const clock = new ManualClock();
    const counted: unknown[] = [];
    const intake = countedIntake(
      {
        async receive() {
          await clock.advance(250);
          return answer;
        },
      },
      { metrics: { alertAnswered: (...words) => counted.push(words) }, clock },
    );
    expect(await intake.receive({} as never)).toBe(answer);
    expect(counted).toEqual([[outcome, 0.25]]);
  },
);

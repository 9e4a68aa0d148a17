// Invariants of the breaker:
//  1. It opens after so many failures in a row and not before; any answer closes it.
//  2. While it is open nothing but what always may is let through, and after the pause one try at a time.
//  3. What it tells alternates: opened, closed, opened …
//  4. A broker that answers again is found out, however long it was away.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { createBreaker } from './breaker.ts';

const settings = { failures: 3, pauseMs: 1000 };

function scene() {
  const clock = new ManualClock();
  const told: string[] = [];
  const stillOpen: number[] = [];
  const breaker = createBreaker({
    clock,
    settings: () => settings,
    opened: ({ failures, pauseMs }) => told.push(`opened ${failures} ${pauseMs}`),
    stillOpen: ({ openMs }) => stillOpen.push(openMs),
    closed: ({ openMs }) => told.push(`closed ${openMs}`),
    firstAnswer: () => told.push('first'),
  });
  return { clock, told, stillOpen, breaker };
}

describe('the breaker', () => {
  it('keeps its invariants whatever happens', async () => {
    const step = fc.oneof(
      fc.record({ what: fc.constant('answer' as const) }),
      fc.record({ what: fc.constant('fail' as const), ms: fc.constant(0) }),
      fc.record({ what: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 5000 }) }),
      fc.record({ what: fc.constant('try' as const), answers: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const { clock, told, breaker } = scene();
        let inARow = 0;
        for (const one of steps) {
          const before = breaker.state();
          if (one.what === 'wait') await clock.advance(one.ms);
          else if (one.what === 'answer') {
            inARow = 0;
            breaker.answered();
            expect(breaker.state()).toBe('closed');
          } else if (one.what === 'fail') {
            inARow++;
            breaker.failed('gone');
            if (before === 'closed') expect(breaker.state()).toBe(inARow >= settings.failures ? 'open' : 'closed');
          } else {
            const admitted = breaker.admits(false);
            expect(admitted).toBe(before !== 'open');
            expect(breaker.admits(true)).toBe(true);
            if (before === 'half_open') expect(breaker.admits(false), 'a second try beside the first').toBe(false);
            if (!admitted) continue;
            inARow = one.answers ? 0 : inARow + 1;
            if (one.answers) breaker.answered();
            else breaker.failed('gone');
          }
        }
        const kinds = told.map((word) => word.split(' ')[0]).filter((word) => word !== 'first');
        expect(kinds).toEqual(kinds.map((_, at) => (at % 2 === 0 ? 'opened' : 'closed')));
        // And it is found out that the broker is back.
        for (let round = 0; round < 20 && breaker.state() !== 'closed'; round++) {
          await clock.advance(1000);
          if (breaker.admits(false)) breaker.answered();
        }
        expect(breaker.state()).toBe('closed');
      }),
      { numRuns: 300 },
    );
  });

  it('pauses longer each time a try fails, up to eight times the first pause, and starts anew afterwards', async () => {
    const { clock, told, stillOpen, breaker } = scene();
    for (let i = 0; i < 3; i++) breaker.failed('gone');
    const pauses = [];
    for (let i = 0; i < 6; i++) {
      pauses.push(breaker.waitMs());
      await clock.advance(breaker.waitMs());
      expect(breaker.state()).toBe('half_open');
      expect(breaker.admits(false)).toBe(true);
      breaker.failed('gone');
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 8000, 8000]);
    expect(stillOpen).toEqual([1000, 3000, 7000, 15_000, 23_000, 31_000]);
    breaker.answered();
    expect(told).toEqual(['opened 3 1000', 'closed 31000']);
    for (let i = 0; i < 3; i++) breaker.failed('gone');
    expect(breaker.waitMs()).toBe(1000);
  });

  it('is not closed by a try that came to nothing, and lets another one try', async () => {
    const { clock, breaker } = scene();
    for (let i = 0; i < 3; i++) breaker.failed('gone');
    await clock.advance(1000);
    expect(breaker.admits(false)).toBe(true);
    breaker.withdrawn();
    expect(breaker.state()).toBe('half_open');
    expect(breaker.admits(false)).toBe(true);
  });
});

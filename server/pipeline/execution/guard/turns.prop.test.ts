// Invariants of the line before a broker:
//  1. Never more than the limit in any 60 seconds.
//  2. Nobody gets a turn while somebody more urgent, who is not held by a pause, stands in line.
//  3. Nobody gets a turn while a pause holds them; after one that held exits too, exits are the first.
//  4. Everybody gets a turn, or is told after how long to come back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { createTurns, exitsFirstMs, type Urgency, urgencies } from './turns.ts';

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ what: fc.constant('take' as const), urgency: fc.constantFrom(...urgencies) }) },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 4000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('pause' as const),
      ms: fc.integer({ min: 1, max: 5000 }),
      exitsToo: fc.boolean(),
    }),
  },
);
const script = fc.record({
  perMinute: fc.constantFrom(1, 4, 20, 60, 200),
  atMostMs: fc.constantFrom(1500, 100_000_000),
  steps: fc.array(step, { maxLength: 150 }),
});

interface Taken {
  readonly urgency: Urgency;
  readonly askedAt: number;
  endedAt: number | null;
  granted: boolean;
  afterMs: number | null;
}

async function play({ perMinute, atMostMs, steps }: typeof script extends fc.Arbitrary<infer T> ? T : never) {
  const clock = new ManualClock();
  const turns = createTurns({ clock, perMinute: () => perMinute });
  const taken: Taken[] = [];
  let heldUntil = 0;
  let exitsHeldUntil = 0;
  for (const one of steps) {
    if (one.what === 'wait') await clock.advance(one.ms);
    else if (one.what === 'pause') {
      const now = clock.monotonicMs();
      heldUntil = Math.max(heldUntil, now + one.ms + (one.exitsToo ? exitsFirstMs : 0));
      if (one.exitsToo) exitsHeldUntil = Math.max(exitsHeldUntil, now + one.ms);
      turns.pause(one.ms, one.exitsToo);
    } else {
      const record: Taken = {
        urgency: one.urgency,
        askedAt: clock.monotonicMs(),
        endedAt: null,
        granted: false,
        afterMs: null,
      };
      taken.push(record);
      void turns.take(one.urgency, atMostMs).then((turn) => {
        record.endedAt = clock.monotonicMs();
        record.granted = turn.granted;
        if (turn.granted) {
          const waiting = taken.filter(
            (other) => other.endedAt === null && urgencies.indexOf(other.urgency) < urgencies.indexOf(one.urgency),
          );
          const heldMs = (urgency: Urgency) => (urgency === 'exit' ? exitsHeldUntil : heldUntil) - clock.monotonicMs();
          expect(
            waiting.filter((other) => heldMs(other.urgency) <= 0),
            'more urgent, and still in line',
          ).toEqual([]);
          expect(heldMs(one.urgency), 'held by a pause').toBeLessThanOrEqual(0);
        } else record.afterMs = turn.afterMs;
      });
      // Lets a turn that is there at once be seen before the next one asks.
      await clock.advance(0);
    }
  }
  return { clock, turns, taken };
}

describe('turns', () => {
  it('are never more than the limit in any minute, nor out of their order', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (given) => {
        const { taken } = await play(given);
        const grants = taken.filter((one) => one.granted).map((one) => one.endedAt!);
        for (const from of grants) {
          const inMinute = grants.filter((at) => at >= from && at < from + 60_000).length;
          expect(inMinute).toBeLessThanOrEqual(given.perMinute);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('come to everybody in the end, or say when', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (given) => {
        const { clock, turns, taken } = await play(given);
        // Even at one a minute.
        for (let minute = 0; minute < 400 && taken.some((one) => one.endedAt === null); minute++)
          await clock.advance(60_000);
        expect(taken.filter((one) => one.endedAt === null)).toEqual([]);
        for (const one of taken) if (!one.granted) expect(one.afterMs).toBeGreaterThanOrEqual(1);
        if (given.atMostMs > 1500) expect(taken.every((one) => one.granted)).toBe(true);
        expect(turns.waiting()).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('keep the last of them for what is urgent, whatever else is asked', async () => {
    const clock = new ManualClock();
    const turns = createTurns({ clock, perMinute: () => 200 });
    const granted = async (urgency: Urgency) => (await turns.take(urgency, 0)).granted;
    let reads = 0;
    while (await granted('read')) reads++;
    let entries = 0;
    while (await granted('entry')) entries++;
    let protections = 0;
    while (await granted('protection')) protections++;
    let exits = 0;
    while (await granted('exit')) exits++;
    expect({ reads, entries, protections, exits }).toEqual({ reads: 25, entries: 13, protections: 7, exits: 5 });
  });

  it('are not counted where there is no limit', async () => {
    const turns = createTurns({ clock: new ManualClock(), perMinute: () => null });
    for (let i = 0; i < 1000; i++) expect(await turns.take('read', 0)).toEqual({ granted: true });
  });

  it('are fewer after requests that were made without one', async () => {
    const clock = new ManualClock();
    const turns = createTurns({ clock, perMinute: () => 200 });
    turns.charge(60);
    expect((await turns.take('exit', 0)).granted).toBe(false);
    await clock.advance(4500);
    expect((await turns.take('exit', 0)).granted).toBe(true);
  });
});

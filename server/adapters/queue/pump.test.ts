// Invariant: however slowly it is written down what became of jobs, no more are claimed than run, and each that is claimed and not written down is
// told as running: one that is not would have no heartbeat, and be taken for lost.
import { expect, it } from 'vitest';
import { createRecordedLog } from '../../testing/recorded-log.ts';
import { systemClock } from '../clock/system-clock.ts';
import { createPump, type PumpStore } from './pump.ts';

const concurrency = 4;
const looksEach = 3;

it('claims no more than run while the ends of others are being written', async () => {
  const waiting = Array.from({ length: 60 }, (_, i) => ({ id: `job-${i}`, retryCount: 0, lost: 0, data: {} }));
  const jobs = new Map(waiting.map((job) => [job.id, job]));
  const claimed = new Set<string>();
  const looks = new Map<string, number>();
  const ended = Promise.withResolvers<void>();
  let most = 0;
  let completed = 0;
  const unwritten: string[] = [];
  /** As slow as a database under load: others have their turn before it is written. */
  const write = async (ids: readonly string[], back: boolean): Promise<void> => {
    for (const id of ids) if (!pump.running().some((claim) => claim.id === id)) unwritten.push(id);
    await new Promise((resolve) => setImmediate(resolve));
    for (const id of ids) {
      claimed.delete(id);
      if (back) waiting.push(jobs.get(id)!);
      else if (++completed === jobs.size) ended.resolve();
    }
  };
  const store: PumpStore = {
    async fetch(limit) {
      const taken = waiting.splice(0, limit);
      for (const { id } of taken) claimed.add(id);
      most = Math.max(most, claimed.size);
      return taken;
    },
    complete: (claims) =>
      write(
        claims.map(({ id }) => id),
        false,
      ),
    again: (claims) =>
      write(
        claims.map(({ id }) => id),
        true,
      ),
    async fail() {},
  };
  const pump = createPump({
    ...{ queue: 'order.lookup', concurrency, store, clock: systemClock, log: createRecordedLog() },
    async run(_, { id }) {
      const count = (looks.get(id) ?? 0) + 1;
      looks.set(id, count);
      return count < looksEach ? { kind: 'again', afterMs: 0 } : { kind: 'done' };
    },
  });
  pump.kick();
  await ended.promise;
  await pump.stop();
  expect([...looks.values()]).toEqual(Array.from({ length: jobs.size }, () => looksEach));
  expect(most).toBe(concurrency);
  expect(unwritten).toEqual([]);
  expect(pump.running()).toEqual([]);
});

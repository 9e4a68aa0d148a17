import { expect, it } from 'vitest';
import type { EventKind, StoredEvent } from '../core/model/event.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { createAskWorker, workerPatienceMs } from './ask-worker.ts';

const event = (kind: EventKind, accountId: string, reason: string): StoredEvent => ({
  seq: '1',
  id: 'x',
  at: new Date(0),
  kind,
  accountId,
  data: { reason },
});

function asking() {
  const clock = new ManualClock();
  const jobs: string[] = [];
  const worker = createAskWorker({ clock, enqueue: async (accountId) => void jobs.push(accountId) });
  return { clock, jobs, worker };
}

it('waits for the comparison that was asked for, of that account, however it ended', async () => {
  const { jobs, worker } = asking();
  let done = false;
  const compared = worker.compare('a').then(() => {
    done = true;
  });
  worker.seen([
    event('reconciliation.completed', 'a', 'schedule'),
    event('reconciliation.completed', 'a', 'reconnect'),
    event('reconciliation.completed', 'b', 'demand'),
    event('broker.connected', 'a', 'demand'),
  ]);
  await Promise.resolve();
  expect([jobs, done]).toEqual([['a'], false]);
  worker.seen([event('reconciliation.failed', 'a', 'demand')]);
  await compared;
});

it('does not wait for ever for a worker that is not there', async () => {
  const { clock, worker } = asking();
  const compared = expect(worker.compare('a')).rejects.toMatchObject({ status: 503 });
  await clock.advance(workerPatienceMs);
  await compared;
});

it('says so when the job could not be stored', async () => {
  const away = new Error('away');
  const worker = createAskWorker({ clock: new ManualClock(), enqueue: () => Promise.reject(away) });
  await expect(worker.compare('a')).rejects.toBe(away);
});

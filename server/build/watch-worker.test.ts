import { describe, expect, it } from 'vitest';
import type { EventKind, StoredEvent } from '../core/model/event.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { type HealthParts, healthOf } from './health.ts';
import { createWorkerWatch } from './watch-worker.ts';

const event = (kind: EventKind, accountId: string | null = null): StoredEvent => ({
  seq: '1',
  id: 'x',
  at: new Date(0),
  kind,
  accountId,
  data: {},
});

function watching() {
  const clock = new ManualClock();
  const connected = new Set(['b']);
  return { clock, connected, watch: createWorkerWatch({ clock, connected }) };
}

it('knows whose stream is up by what the worker told last', () => {
  const { connected, watch } = watching();
  watch.seen([event('broker.connected', 'a'), event('broker.disconnected', 'b')]);
  expect([...connected]).toEqual(['a']);
});

it('counts the silence from the last sign of life, and takes what others tell for none', async () => {
  const { clock, watch } = watching();
  await clock.advance(40_000);
  watch.seen([event('signal.accepted'), event('settings.changed')]);
  expect(watch.silentSeconds()).toBe(40);
  watch.seen([event('equity.recorded', 'a')]);
  await clock.advance(5_000);
  expect(watch.silentSeconds()).toBe(5);
});

describe('health where a worker is beside', () => {
  const parts = (silent: number | null): HealthParts => ({
    ping: async () => {},
    queue: { depth: async () => ({}) as never },
    alarms: { open: async () => [] },
    search: null,
    links: () => [],
    silentWorkerSeconds: silent === null ? null : () => silent,
  });
  const worker = async (silent: number | null) =>
    (await healthOf(parts(silent))).components.find((one) => one.name === 'Worker');

  it('says that it is at work, or since when it told nothing and what that means', async () => {
    expect(await worker(20)).toMatchObject({ state: 'ok' });
    expect(await worker(200)).toMatchObject({
      state: 'down',
      sentence: expect.stringMatching(/200 s.*alerts are stored/i),
    });
    expect(await worker(null)).toBeUndefined();
  });
});

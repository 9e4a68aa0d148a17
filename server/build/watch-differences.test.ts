import { expect, it } from 'vitest';
import type { EventKind, StoredEvent } from '../core/model/event.ts';
import { healthOf } from './health.ts';
import { createDifferenceWatch } from './watch-differences.ts';

const event = (kind: EventKind, accountId: string, data: Record<string, unknown>): StoredEvent => ({
  seq: '1',
  id: 'x',
  at: new Date(0),
  kind,
  accountId,
  data,
});

it('keeps what the last comparison of each account found, whatever failed since', () => {
  const watch = createDifferenceWatch();
  expect(watch.of('a')).toBe(0);
  watch.seen([
    event('reconciliation.completed', 'a', { outcome: 'differs', differences: [{}, {}] }),
    event('reconciliation.completed', 'b', { outcome: 'agreed', differences: [] }),
    event('reconciliation.failed', 'a', { outcome: 'failed', differences: [] }),
  ]);
  expect([watch.of('a'), watch.of('b')]).toEqual([2, 0]);
  watch.seen([event('reconciliation.completed', 'a', { outcome: 'corrected', differences: [] })]);
  expect(watch.of('a')).toBe(0);
});

it('has whoever looks at the health told that broker and books differ', async () => {
  const health = await healthOf({
    ping: async () => {},
    queue: { depth: async () => ({}) as never },
    alarms: { open: async () => [] },
    search: null,
    silentWorkerSeconds: null,
    links: () => [{ name: 'Broker of paper', connected: true, reconciled: true, differences: 2 }],
  });
  expect(health.state).toBe('degraded');
  expect(health.components.find((one) => one.name === 'Broker of paper')?.sentence).toMatch(/^2 things differ/);
});

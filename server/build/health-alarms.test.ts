import { expect, it } from 'vitest';
import type { Alarm } from '../core/model/alarm.ts';
import { healthOf } from './health.ts';

const alarm = (change: Partial<Alarm>): Alarm => ({
  id: '1',
  key: 'k',
  kind: 'job.dead',
  severity: 'page',
  accountId: null,
  orderId: null,
  sentence: 'A share has no stop.',
  data: {},
  count: 1,
  raisedAt: new Date(0),
  lastRaisedAt: new Date(0),
  acknowledgedAt: null,
  acknowledgedBy: null,
  snoozedUntil: null,
  snoozedBy: null,
  clearedAt: null,
  clearedSentence: null,
  ...change,
});

const idle = { waiting: 0, active: 0, failed: 0 };
const health = (open: () => Promise<Alarm[]>) =>
  healthOf({
    ping: async () => {},
    queue: { depth: async () => ({ 'order.submit': idle }) as never },
    alarms: { open },
    search: null,
    silentWorkerSeconds: null,
    links: () => [],
  });

it('is no better than degraded while an alarm that pages is seen by nobody, and says which', async () => {
  const { state, components } = await health(async () => [alarm({}), alarm({ sentence: 'Another.' })]);
  expect(state).toBe('degraded');
  expect(components.find((one) => one.name === 'Alarms')?.sentence).toBe('A share has no stop. And 1 more.');
});

it('is well with alarms that somebody has seen, and with those that can wait', async () => {
  const open = [alarm({ acknowledgedAt: new Date(1), acknowledgedBy: 'ada' }), alarm({ severity: 'warn' })];
  expect((await health(async () => open)).state).toBe('ok');
  const later = alarm({ snoozedUntil: new Date(1), snoozedBy: 'ada' });
  expect((await health(async () => [later])).state).toBe('ok');
});

it('does not take alarms that cannot be read for none', async () => {
  expect((await health(() => Promise.reject(new Error('gone')))).state).toBe('degraded');
});

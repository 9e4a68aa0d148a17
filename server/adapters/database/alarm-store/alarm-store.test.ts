import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NewAlarm } from '../../../core/model/alarm.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { systemRandom } from '../../clock/system-random.ts';
import { createAlarmStore } from './alarm-store.ts';

let database: TestDatabase;
let store: ReturnType<typeof createAlarmStore>;
let since = '0';
const clock = new ManualClock();
const unprotected: NewAlarm = {
  key: 'unprotected:a:s:AAPL',
  kind: 'position.unprotected',
  severity: 'page',
  sentence: '10 AAPL have no stop.',
  data: { shares: '10' },
};

beforeAll(async () => {
  database = await createTestDatabase();
  store = createAlarmStore({ sql: database.sql, clock, random: systemRandom });
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.sql`truncate alarms`;
  const [row] = await database.sql`select coalesce(max(seq), 0)::text as seq from events`;
  since = row!.seq;
});

const kinds = async () =>
  (await database.sql<{ kind: string }[]>`select kind from events where seq > ${since} order by xid, seq`).map(
    (row) => row.kind,
  );
const ended = async (id: string) =>
  (
    await database.sql`select cleared_sentence as "clearedSentence", cleared_at as "clearedAt", acknowledged_by as "acknowledgedBy"
      from alarms where id = ${id}`
  )[0];

describe('an alarm', () => {
  it('is told once, and raised again only counts', async () => {
    await store.raise(unprotected);
    await clock.advance(1000);
    await store.raise({ ...unprotected, sentence: '7 AAPL have no stop.', data: { shares: '7' } });
    const [alarm, ...others] = await store.open();
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({ count: 2, sentence: '7 AAPL have no stop.', data: { shares: '7' }, clearedAt: null });
    expect(alarm!.lastRaisedAt.getTime() - alarm!.raisedAt.getTime()).toBe(1000);
    expect(await kinds()).toEqual(['alarm.raised']);
  });

  it('is one alarm, however many raise it at the same time', async () => {
    await Promise.all(Array.from({ length: 12 }, () => store.raise(unprotected)));
    expect(await store.open()).toMatchObject([{ count: 12 }]);
    expect(await kinds()).toEqual(['alarm.raised']);
  });

  it('is closed with how it ended, and may be raised anew afterwards', async () => {
    await store.raise(unprotected);
    const [first] = await store.open();
    await store.clear(unprotected.key, 'A stop was placed.');
    await store.clear(unprotected.key, 'Nobody hears this.');
    expect(await store.open()).toEqual([]);
    expect(await ended(first!.id)).toMatchObject({
      clearedSentence: 'A stop was placed.',
      clearedAt: clock.now(),
    });
    await store.raise(unprotected);
    expect((await store.open())[0]!.id).not.toBe(first!.id);
    expect(await kinds()).toEqual(['alarm.raised', 'alarm.cleared', 'alarm.raised']);
  });

  it('is acknowledged once, and stays open', async () => {
    await store.raise(unprotected);
    const [{ id } = { id: '' }] = await store.open();
    expect(await store.acknowledge(id, 'ada')).toBe(true);
    expect(await store.acknowledge(id, 'bob')).toBe(false);
    expect(await store.open()).toMatchObject([{ acknowledgedBy: 'ada' }]);
    await store.raise(unprotected);
    expect(await store.open()).toMatchObject([{ acknowledgedBy: 'ada', count: 2 }]);
    await store.clear(unprotected.key, 'Over.');
    expect(await store.acknowledge(id, 'ada')).toBe(false);
    expect(await kinds()).toEqual(['alarm.raised', 'alarm.acknowledged', 'alarm.cleared']);
  });

  it('is over with that where it tells of what cannot end by itself', async () => {
    await store.raise({ ...unprotected, kind: 'trade.corrected', severity: 'warn' });
    const [{ id } = { id: '' }] = await store.open();
    expect(await store.acknowledge(id, 'ada')).toBe(true);
    expect(await ended(id)).toMatchObject({ acknowledgedBy: 'ada', clearedSentence: 'Seen by ada.' });
    expect(await kinds()).toEqual(['alarm.raised', 'alarm.acknowledged', 'alarm.cleared']);
  });

  it('pages nobody as a warning, and is told anew when it turns into a page', async () => {
    await store.raise({ ...unprotected, severity: 'warn' });
    const [{ id } = { id: '' }] = await store.open();
    await store.acknowledge(id, 'ada');
    await store.raise(unprotected);
    expect(await store.open()).toMatchObject([{ id, severity: 'page', acknowledgedAt: null, count: 2 }]);
    expect(await kinds()).toEqual(['alarm.raised', 'alarm.acknowledged', 'alarm.raised']);
  });

  it('remembers whether the world outside was told', async () => {
    await store.raise(unprotected);
    const [{ id } = { id: '' }] = await store.open();
    await store.recordDelivery(id, 'It answered 500.');
    const row = () => database.sql`select delivered_at as at, delivery_problem as problem from alarms where id = ${id}`;
    expect(await row()).toEqual([{ at: null, problem: 'It answered 500.' }]);
    await store.recordDelivery(id, null);
    expect(await row()).toEqual([{ at: clock.now(), problem: null }]);
  });

  it('lists what pages first', async () => {
    await store.raise({ ...unprotected, key: 'w', severity: 'warn' });
    await store.raise({ ...unprotected, key: 'p' });
    await clock.advance(1);
    await store.raise({ ...unprotected, key: 'w2', severity: 'warn' });
    expect((await store.open()).map((one) => one.key)).toEqual(['p', 'w2', 'w']);
  });
});

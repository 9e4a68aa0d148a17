// Invariants:
// 1. Once a switch is stored, no entry of its target becomes `submitting`, whichever process asks; one that came before it is waited for.
// 2. The cancels of what rests are stored with the switch or not at all.
// 3. An exit is never stopped.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KillTarget } from '../../../core/model/kill-switch.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { killWish } from '../../../testing/kill-switch.ts';
import { quietLog } from '../../../testing/quiet-log.ts';
import { brokerOrder, seedOrders } from '../../../testing/seeded-orders.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { systemRandom } from '../../clock/system-random.ts';
import { createPgBossQueue, type PgBossQueue } from '../../queue/pg-boss-queue.ts';
import { createSettingsStore } from '../settings-store/settings-store.ts';
import { createKillSwitchStore } from './kill-switch-store.ts';

let database: TestDatabase;
let queue: PgBossQueue;
let seeded: Awaited<ReturnType<typeof seedOrders>>;
let store: ReturnType<typeof createKillSwitchStore>;
let before = '0';

beforeAll(async () => {
  database = await createTestDatabase();
  queue = await createPgBossQueue({ url: database.url, clock: systemClock, random: systemRandom, log: quietLog });
});
afterAll(async () => {
  await queue.stop();
  await database.drop();
});
beforeEach(async () => {
  seeded = await seedOrders(database);
  store = createKillSwitchStore({ sql: database.sql, jobs: queue, clock: seeded.clock, random: systemRandom });
  const [row] = await database.sql`select coalesce(max(seq), 0)::text as seq from events`;
  before = row!.seq;
});
afterEach(async () => {
  await database.sql`delete from kill_switches`;
  await database.sql`delete from pgboss.job`;
  await database.sql`update orders set status = 'canceled', closed_at = '2020-01-01' where status in ('approved', 'accepted', 'submitting')`;
});

const wish = (change: Parameters<typeof killWish>[0] = {}) => killWish({ requestedAt: seeded.clock.now(), ...change });
const events = () => database.sql<{ kind: string; data: Record<string, unknown> }[]>`
  select kind, data from events where seq > ${before} and kind like 'kill_switch.%' order by xid, seq`;
const jobs = async () =>
  (
    await database.sql<{ data: { orderId: string; reason: string } }[]>`
      select data from pgboss.job where name = 'order.cancel' order by data->>'orderId'`
  ).map(({ data }) => data);
/** Each question is a round trip, so this does not spin. */
async function waiting(count: number): Promise<void> {
  const ask = () => database.sql`
    select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`;
  while ((await ask()).length < count);
}

describe('an engaged switch', () => {
  it.each<[string, () => KillTarget]>([
    ['everything', () => ({ scope: 'all', key: '' })],
    ['its account', () => ({ scope: 'account', key: seeded.accountId })],
    ['its strategy', () => ({ scope: 'strategy', key: 'default' })],
    ['its symbol', () => ({ scope: 'symbol', key: 'AAPL' })],
  ])('for %s keeps an entry from being sent, and no exit', async (_what, target) => {
    const entry = await seeded.approve();
    const exit = await seeded.approve('10', { intent: 'exit', side: 'sell' });
    await store.engage(wish(target()));
    expect(await seeded.store.beginSubmit(entry.orderId)).toBe(false);
    expect((await seeded.store.find(entry.orderId))!.status).toBe('approved');
    expect(await seeded.kinds(entry.orderId)).not.toContain('order.submitting');
    expect(await seeded.store.beginSubmit(exit.orderId)).toBe(true);
    const [engaged] = await store.engaged();
    await store.lift(engaged!.id, 'bob', 'the feed is back');
    expect(await seeded.store.beginSubmit(entry.orderId)).toBe(true);
  });

  it.each<KillTarget>([
    { scope: 'account', key: '00000000-0000-4000-8000-000000000009' },
    { scope: 'strategy', key: 'momentum' },
    { scope: 'symbol', key: 'MSFT' },
  ])('for something else ($scope) lets an entry be sent', async (target) => {
    const entry = await seeded.approve();
    await store.engage(wish(target));
    expect(await seeded.store.beginSubmit(entry.orderId)).toBe(true);
    expect(await jobs()).toEqual([]);
  });

  it('waits for an entry that is being sent, and every later one sees it', async () => {
    const [first, second] = [await seeded.approve(), await seeded.approve()];
    const held = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const order: string[] = [];
    // A submission that is not committed yet, in another process.
    const sending = database.sql
      .begin(async (tx) => {
        await tx`update orders set status = 'submitting', submitting_at = ${seeded.clock.now()} where id = ${first.orderId}`;
        locked.resolve();
        await held.promise;
      })
      .then(() => order.push('sent'));
    await locked.promise;
    const engaging = store.engage(wish()).then(() => order.push('engaged'));
    await waiting(1);
    const late = seeded.store.beginSubmit(second.orderId);
    await waiting(2);
    held.resolve();
    await Promise.all([sending, engaging]);
    expect(order).toEqual(['sent', 'engaged']);
    expect(await late).toBe(false);
    // The one that got through is among those that are cancelled.
    expect((await jobs()).map((job) => job.orderId).sort()).toEqual([first.orderId, second.orderId].sort());
  });

  it('has the cancels of all open entries of its target in its own commit, once each', async () => {
    const resting = await seeded.accept();
    const unclear = await seeded.approve();
    await seeded.store.beginSubmit(unclear.orderId);
    await seeded.accept('10', 'sell');
    await database.sql`update orders set role = 'exit' where account_id = ${seeded.accountId} and side = 'sell'`;
    const { killSwitch, changed } = await store.engage(wish({ reason: 'bad data' }));
    expect(changed).toBe(true);
    const expected = [resting.orderId, unclear.orderId].sort();
    expect((await jobs()).map((job) => job.orderId)).toEqual(expected);
    expect((await jobs())[0]!.reason).toBe('Kill switch for everything: bad data');
    expect((await store.openEntries(killSwitch)).map((entry) => entry.orderId).sort()).toEqual(expected);
    await store.askCancels(expected, 'again');
    expect(await jobs()).toHaveLength(2);
  });

  it('stays as it was when it is engaged again, but flattens if it now is to', async () => {
    const first = await store.engage(wish({ reason: 'first' }));
    const again = await store.engage(wish({ reason: 'second', by: 'bob' }));
    expect(again).toEqual({ killSwitch: first.killSwitch, changed: false });
    const flattening = await store.engage(wish({ reason: 'third', by: 'eve', flatten: true }));
    expect(flattening).toMatchObject({
      changed: true,
      killSwitch: { id: first.killSwitch.id, reason: 'first', flatten: true },
    });
    expect((await events()).map((event) => [event.kind, event.data.by, event.data.flatten])).toEqual([
      ['kill_switch.engaged', 'ada', false],
      ['kill_switch.engaged', 'eve', true],
    ]);
  });

  it('engaged by twenty at once is one', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => store.engage(wish())));
    expect(all.filter(({ changed }) => changed)).toHaveLength(1);
    expect(new Set(all.map(({ killSwitch }) => killSwitch.id)).size).toBe(1);
  });

  it('is told to every process at once, and held by this one before it is stored', async () => {
    // No timer has them look.
    const settings = await createSettingsStore({ sql: database.sql, clock: seeded.clock, log: quietLog });
    try {
      const seen = new Promise((resolve) => settings.onChange(resolve));
      const { killSwitch } = await store.engage(wish({ scope: 'symbol', key: 'AAPL' }));
      expect(await seen).toMatchObject({ killSwitches: [{ id: killSwitch.id }] });
      settings.holdKillSwitches([{ ...killSwitch, scope: 'all', key: '' }, killSwitch]);
      expect(settings.current().killSwitches.map(({ scope }) => scope)).toEqual(['symbol', 'all']);
      settings.holdKillSwitches([]);
      expect(settings.current().killSwitches).toEqual([killSwitch]);
    } finally {
      await settings.stop();
    }
  });
});

describe('the course of a switch', () => {
  it('is measured from the request: the last entry, the last cancel, and nothing held', async () => {
    const resting = await seeded.accept();
    await seeded.clock.advance(1000);
    const requestedAt = seeded.clock.now();
    await seeded.clock.advance(12);
    const late = await seeded.approve();
    await seeded.store.beginSubmit(late.orderId);
    await seeded.clock.advance(5);
    const { killSwitch } = await store.engage(wish({ requestedAt, flatten: true }));
    for (const ids of [resting, late]) {
      await seeded.clock.advance(80);
      const told = brokerOrder(ids, { status: 'canceled', brokerStatus: 'canceled' });
      await seeded.store.applyBrokerOrder(seeded.accountId, told, 'stream');
    }
    await seeded.clock.advance(500);
    expect(await store.recordCancelled(killSwitch.id)).toMatchObject({ cancelled: 2 });
    expect(await store.recordCancelled(killSwitch.id)).toBeNull();
    expect(await store.recordFlat(killSwitch.id)).not.toBeNull();
    expect((await events()).map((event) => [event.kind, event.data])).toMatchObject([
      ['kill_switch.engaged', { stoppedMs: 17, entriesOpen: 2, cancelled: null, cancelledMs: null }],
      [
        'kill_switch.entries_cancelled',
        { stoppedMs: 17, lastEntryMs: 12, cancelled: 2, cancelledMs: 177, flatMs: null },
      ],
      ['kill_switch.flattened', { cancelledMs: 177, flatMs: 677 }],
    ]);
  });

  it('is kept when it is lifted, with who and why, and the next one is another', async () => {
    const { killSwitch } = await store.engage(wish({ scope: 'symbol', key: 'AAPL' }));
    expect(await store.lift(killSwitch.id, 'bob', 'trading resumed')).toMatchObject({
      lifted: { by: 'bob', reason: 'trading resumed' },
    });
    expect(await store.lift(killSwitch.id, 'eve', 'me too')).toBeNull();
    expect(await store.engaged()).toEqual([]);
    const next = await store.engage(wish({ scope: 'symbol', key: 'AAPL' }));
    expect(next.killSwitch.id).not.toBe(killSwitch.id);
    expect((await store.history(10)).map((one) => one.lifted?.by ?? null).sort()).toEqual(['bob', null]);
    expect((await events()).map((event) => [event.kind, event.data.by])).toEqual([
      ['kill_switch.engaged', 'ada'],
      ['kill_switch.released', 'bob'],
      ['kill_switch.engaged', 'ada'],
    ]);
  });
});

describe('cancelling all', () => {
  it('asks for entries, or for all, of the target, and stops nothing', async () => {
    const entry = await seeded.accept();
    const exit = await seeded.accept('10', 'sell');
    await database.sql`update orders set role = 'exit' where id = ${exit.orderId}`;
    const account = { scope: 'account', key: seeded.accountId } as const;
    expect(await store.cancelAll({ scope: 'symbol', key: 'MSFT' }, 'all', 'x')).toBe(0);
    expect(await store.cancelAll(account, 'entries', 'x')).toBe(1);
    expect((await jobs()).map((job) => job.orderId)).toEqual([entry.orderId]);
    expect(await store.cancelAll(account, 'all', 'x')).toBe(2);
    expect((await jobs()).map((job) => job.orderId)).toEqual([entry.orderId, exit.orderId].sort());
    expect(await store.engaged()).toEqual([]);
  });
});

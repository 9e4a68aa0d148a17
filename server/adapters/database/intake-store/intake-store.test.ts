import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NewAlert } from '../../../core/ports/intake-store.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { startFaultProxy } from '../../../testing/fault-proxy.ts';
import { createRecordedLog } from '../../../testing/recorded-log.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { systemRandom } from '../../clock/system-random.ts';
import { createPgBossQueue, type PgBossQueue } from '../../queue/pg-boss-queue.ts';
import { createIntakeStore } from './intake-store.ts';
import { createWebhookTokens } from './webhook-tokens.ts';

let database: TestDatabase;
let queue: PgBossQueue;
let tokenId: string;
const log = createRecordedLog();

beforeAll(async () => {
  database = await createTestDatabase();
  queue = await createPgBossQueue({ url: database.url, clock: systemClock, random: systemRandom, log });
  const tokens = createWebhookTokens({ sql: database.sql, clock: systemClock, random: systemRandom });
  const token = await tokens.issue('test', 'tradingview');
  tokenId = (await tokens.find(token))!.id;
});
afterAll(async () => {
  await queue.stop();
  await database.drop();
});

function openStore(url = database.url) {
  const store = createIntakeStore({ url, jobs: queue, clock: systemClock, log });
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

/** An accepted alert with a key of its own. */
function alert(change: Partial<NewAlert> & { key?: string; until?: string; at?: string } = {}): NewAlert {
  const { key, until, at, ...rest } = change;
  const id = systemRandom.id();
  return {
    id,
    source: 'tradingview',
    tokenId,
    receivedAt: new Date(at ?? '2026-11-20T15:00:00Z'),
    rawBody: '{"signal":"BUY","ticker":"AAPL","risk":100}',
    contentType: 'application/json',
    proofs: { token: 'matched' },
    parseMicros: 12,
    outcome: {
      kind: 'accepted',
      signal: {
        side: 'buy',
        ticker: 'AAPL',
        requestedMode: 'paper',
        riskAmount: '100',
        entryPrice: null,
        stopLoss: null,
        takeProfit: null,
        firedAt: null,
        alertId: null,
        strategy: 'default',
        timeframe: null,
      },
      dedupeKey: key ?? `id:${id}`,
      dedupeUntil: until === undefined ? null : new Date(until),
    },
    ...rest,
  };
}

const jobsOf = async (id: string): Promise<number> => {
  const [row] = await database.sql`
    SELECT count(*)::int AS n FROM pgboss.job WHERE name = 'signal.process' AND data->>'signalId' = ${id}`;
  return row?.n as number;
};
const eventsOf = async (id: string): Promise<string[]> => {
  const rows = await database.sql`SELECT kind FROM events WHERE signal_id = ${id} ORDER BY xid, seq`;
  return rows.map((row) => row.kind as string);
};
const rowOf = async (id: string) => (await database.sql`SELECT * FROM trading_signals WHERE id = ${id}`)[0];

test('keeps whose replay an alert is, and stores none that asks for production', async () => {
  await using store = openStore();
  const first = alert();
  await store.store(first);
  const replay = alert({ replayOf: first.id });
  expect(await store.store(replay)).toEqual({ kind: 'stored' });
  const [row] = await database.sql`
    select s.replay_of, e.data from trading_signals s join events e on e.signal_id = s.id where s.id = ${replay.id}`;
  expect(row).toMatchObject({ replay_of: first.id, data: { replayOf: first.id } });
  const { outcome } = replay;
  if (outcome.kind !== 'accepted') return expect.fail('it was made as one that is accepted');
  const wrong = alert({
    replayOf: first.id,
    outcome: { ...outcome, dedupeKey: 'id:wrong', signal: { ...outcome.signal, requestedMode: 'production' } },
  });
  expect(await store.store(wrong)).toEqual({ kind: 'unavailable' });
  expect(await jobsOf(wrong.id)).toBe(0);
});

describe('what is stored', () => {
  test('the alert, its event and its job, together', async () => {
    await using store = openStore();
    const one = alert();
    expect(await store.store(one)).toEqual({ kind: 'stored' });
    expect(await rowOf(one.id)).toMatchObject({
      status: 'accepted',
      raw_body: one.rawBody,
      ticker: 'AAPL',
      side: 'buy',
      strategy: 'default',
      parse_micros: 12,
      received_at: one.receivedAt,
      proofs: { token: 'matched' },
    });
    expect(await jobsOf(one.id)).toBe(1);
    expect(await eventsOf(one.id)).toEqual(['signal.accepted']);
  });

  test('a refused alert, with its problems and without a job', async () => {
    await using store = openStore();
    const problems = [{ field: 'risk', code: 'not_positive', message: 'expected more' }];
    const one = alert({
      outcome: { kind: 'refused', code: 'INTAKE_INVALID', sentence: 'risk: expected more.', problems },
    });
    expect(await store.store(one)).toEqual({ kind: 'stored' });
    expect(await rowOf(one.id)).toMatchObject({
      status: 'refused',
      code: 'INTAKE_INVALID',
      problems,
      dedupe_key: null,
    });
    expect(await jobsOf(one.id)).toBe(0);
    expect(await eventsOf(one.id)).toEqual(['signal.refused']);
  });

  test('the body as text: order, spaces and equal keys stay', async () => {
    await using store = openStore();
    const one = alert({ rawBody: '{"b": 1,\n "a": 2, "b":  1.00}' });
    await store.store(one);
    expect((await rowOf(one.id))?.raw_body).toBe('{"b": 1,\n "a": 2, "b":  1.00}');
  });
});

describe('repeats', () => {
  test('twenty at once are one, and all learn its id', async () => {
    await using store = openStore();
    await using other = openStore();
    const alerts = Array.from({ length: 20 }, () => alert({ key: 'id:twenty' }));
    const answers = await Promise.all(alerts.map((a, i) => (i % 2 ? store : other).store(a)));
    const first = alerts.filter((_, i) => answers[i]?.kind === 'stored');
    expect(first).toHaveLength(1);
    const id = first[0]!.id;
    expect(answers.filter((a) => a.kind === 'repeated' && a.id === id)).toHaveLength(19);
    expect(await jobsOf(id)).toBe(1);
    expect((await eventsOf(id)).filter((kind) => kind === 'signal.repeated')).toHaveLength(19);
  });

  test('a key counts until its window has passed, and not a moment longer', async () => {
    await using store = openStore();
    const window = { key: 'bytes:w', until: '2026-11-20T15:01:00Z' };
    const first = alert(window);
    const inside = alert({ ...window, at: '2026-11-20T15:00:59.999Z' });
    const outside = alert({ key: 'bytes:w', at: '2026-11-20T15:01:00Z', until: '2026-11-20T15:02:00Z' });
    const again = alert({ key: 'bytes:w', at: '2026-11-20T15:01:30Z' });
    expect(await store.store(first)).toEqual({ kind: 'stored' });
    expect(await store.store(inside)).toEqual({ kind: 'repeated', id: first.id });
    expect(await store.store(outside)).toEqual({ kind: 'stored' });
    expect(await store.store(again)).toEqual({ kind: 'repeated', id: outside.id });
    expect((await rowOf(first.id))?.dedupe_key).toBeNull();
    expect(await jobsOf(outside.id)).toBe(1);
  });

  test('ten at once after the window are one more', async () => {
    await using store = openStore();
    await using other = openStore();
    await store.store(alert({ key: 'bytes:ten', until: '2026-11-20T15:01:00Z' }));
    const late = Array.from({ length: 10 }, () => alert({ key: 'bytes:ten', at: '2026-11-20T15:05:00Z' }));
    const answers = await Promise.all(late.map((a, i) => (i % 2 ? store : other).store(a)));
    expect(answers.filter((a) => a.kind === 'stored')).toHaveLength(1);
    expect(answers.filter((a) => a.kind === 'repeated')).toHaveLength(9);
  });
});

describe('faults', () => {
  test('a row the database will not take costs the others nothing', async () => {
    await using store = openStore();
    const bad = alert({ rawBody: 'NUL \0 cannot be stored' });
    const good = Array.from({ length: 5 }, () => alert());
    // The first goes alone; the others gather while it is being committed, and share a commit with the bad one.
    const answers = await Promise.all(
      [good[0]!, good[1]!, bad, good[2]!, good[3]!, good[4]!].map((a) => store.store(a)),
    );
    expect(answers.map((a) => a.kind)).toEqual(['stored', 'stored', 'unavailable', 'stored', 'stored', 'stored']);
    for (const one of good) expect(await jobsOf(one.id)).toBe(1);
    expect(await rowOf(bad.id)).toBeUndefined();
  });

  test('with the database down the answer comes in time, nothing is stored, and the store recovers by itself', async () => {
    await using proxy = await startFaultProxy(Number(new URL(database.url).port));
    await using store = openStore(through(proxy.port));
    expect(await store.store(alert())).toEqual({ kind: 'stored' });
    await proxy.down();
    const lost = Array.from({ length: 5 }, () => alert());
    const answers = await inTime(Promise.all(lost.map((a) => store.store(a))));
    expect(answers).toEqual(lost.map(() => ({ kind: 'unavailable' })));
    await proxy.up();
    const after = alert();
    expect(await store.store(after)).toEqual({ kind: 'stored' });
    for (const one of lost) expect(await rowOf(one.id)).toBeUndefined();
  });

  test('what a lock has kept from being stored is not stored after its sender was told so', async () => {
    await using store = openStore();
    const alerts = Array.from({ length: 20 }, () => alert());
    const answers = await database.sql.begin(async (locking) => {
      await locking`lock table trading_signals in access exclusive mode`;
      return inTime(Promise.all(alerts.map((one) => store.store(one))));
    });
    expect(answers).toEqual(alerts.map(() => ({ kind: 'unavailable' })));
    // A statement that was still waiting would have been let through before this one.
    expect(await store.store(alert())).toEqual({ kind: 'stored' });
    for (const one of alerts) expect(await rowOf(one.id)).toBeUndefined();
  });

  test('a connection lost while the answer was on its way: the alert is found to be stored, once', async () => {
    await using proxy = await startFaultProxy(Number(new URL(database.url).port));
    await using store = openStore(through(proxy.port));
    await store.store(alert());
    proxy.deaf();
    const one = alert();
    const answer = store.store(one);
    await waitFor(async () => (await rowOf(one.id)) !== undefined);
    await proxy.up();
    proxy.cut();
    expect(await answer).toEqual({ kind: 'stored' });
    expect(await jobsOf(one.id)).toBe(1);
    expect(await eventsOf(one.id)).toEqual(['signal.accepted']);
  });

  test('a database that takes everything and says nothing is given up in time', async () => {
    await using proxy = await startFaultProxy(Number(new URL(database.url).port));
    await using store = openStore(through(proxy.port));
    await store.store(alert());
    proxy.silent();
    expect(await inTime(store.store(alert()))).toEqual({ kind: 'unavailable' });
    await proxy.up();
    // The silent connection itself is dropped a moment later; until then an alert is answered in time, too.
    await waitFor(async () => (await store.store(alert())).kind === 'stored');
  });
});

function through(port: number): string {
  const url = new URL(database.url);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}

/**
 * The answer, or `too late` when TradingView would have hung up first. The later of two timers of one process fires last, however
 * busy the machine is, so this is no measurement.
 */
async function inTime<T>(answer: Promise<T>): Promise<T | 'too late'> {
  const late = Promise.withResolvers<'too late'>();
  const timer = systemClock.after(2900, () => late.resolve('too late'));
  return Promise.race([answer, late.promise]).finally(() => timer.cancel());
}

/** Asks until it is so; each question is a round trip to the database, so this does not spin. */
async function waitFor(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}

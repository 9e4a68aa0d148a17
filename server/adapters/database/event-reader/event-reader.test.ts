import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StoredEvent } from '../../../core/model/event.ts';
import type { Log } from '../../../core/ports/log.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { appendEvents } from './append-events.ts';
import { readEvents, startOf } from './cursor.ts';
import { createEventReader, pollEveryMs } from './event-reader.ts';
import { createEventWriter } from './event-writer.ts';

const log = { debug() {}, info() {}, warn() {}, error: vi.fn() } satisfies Log;
// A transaction of any test on the same server holds readers back for its length: a reader whose clock stands still would wait for ever.
let database: TestDatabase;
let stops: (() => Promise<void>)[] = [];
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
  await database.drop();
});

const tell = (...names: string[]) =>
  appendEvents(
    database.sql,
    names.map((name) => ({ kind: 'system.started', data: { name } })),
  );
const nameOf = (event: StoredEvent) => event.data.name as string;

/** Follows, keeps what came, and lets a test wait until a certain number has. */
async function collect(reader: string | null, clock = systemClock, batchSize = 500) {
  const events = createEventReader({ sql: database.sql, clock, log, batchSize });
  const seen: string[] = [];
  const batches: number[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const stop = await events.follow({
    reader,
    onBatch: async (batch) => {
      seen.push(...batch.map(nameOf));
      batches.push(batch.length);
      for (const one of waiting) if (seen.length >= one.count) one.resolve();
    },
  });
  stops.push(stop);
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      waiting.push({ count, resolve });
      if (seen.length >= count) resolve();
    });
  return { events, seen, batches, until, stop };
}

/** A transaction that stays open until it is told to end. */
async function openTransaction(...names: string[]) {
  let commit!: () => void;
  const ending = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let ready!: () => void;
  const begun = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const done = database.sql.begin(async (tx) => {
    await appendEvents(
      tx,
      names.map((name) => ({ kind: 'system.started', data: { name } })),
    );
    ready();
    await ending;
  });
  await begun;
  return async () => {
    commit();
    await done;
  };
}

describe('a reader', () => {
  it('sees every event once, in order, in batches', async () => {
    const names = Array.from({ length: 25 }, (_, i) => `event ${i}`);
    await tell(...names);
    const reader = await collect('search', systemClock, 10);
    await reader.until(25);
    expect(reader.seen).toEqual(names);
    expect(reader.batches).toEqual([10, 10, 5]);
  });

  it('never skips a row that commits late under a smaller number', async () => {
    const reader = await collect('search');
    const commitFirst = await openTransaction('slow');
    const commitSecond = await openTransaction('quick');
    await commitSecond();
    await tell('quicker');
    const start = await startOf(database.sql, 'looks at the same moment');
    expect(await readEvents(database.sql, start, 10)).toMatchObject({ events: [], heldBack: true });
    expect(reader.seen).toEqual([]);
    await commitFirst();
    reader.events.kick();
    await reader.until(3);
    expect(reader.seen).toEqual(['slow', 'quick', 'quicker']);
  });

  it('goes on where it was after a restart, and repeats what it had not finished', async () => {
    await tell('one', 'two');
    const first = await collect('search');
    await first.until(2);
    await first.stop();

    await tell('three');
    const failing = createEventReader({ sql: database.sql, clock: systemClock, log });
    const failed = new Promise<void>((resolve) => log.error.mockImplementationOnce(() => resolve()));
    const stop = await failing.follow({ reader: 'search', onBatch: () => Promise.reject(new Error('crash')) });
    await failed;
    await stop();

    const second = await collect('search');
    await tell('four');
    second.events.kick();
    await second.until(2);
    expect(second.seen).toEqual(['three', 'four']);
  });

  it('handles a batch again when handling it failed', async () => {
    const events = createEventReader({ sql: database.sql, clock: systemClock, log });
    const handled: string[][] = [];
    const failed = new Promise<void>((resolve) => log.error.mockImplementationOnce(() => resolve()));
    let done!: () => void;
    const finished = new Promise<void>((resolve) => {
      done = resolve;
    });
    await tell('one');
    stops.push(
      await events.follow({
        reader: 'search',
        onBatch: async (batch) => {
          handled.push(batch.map(nameOf));
          if (handled.length === 1) throw new Error('not this time');
          done();
        },
      }),
    );
    await failed;
    events.kick();
    await finished;
    expect(handled).toEqual([['one'], ['one']]);
  });

  it('without a name sees what commits from now on, also of a transaction that began before', async () => {
    const cursors = () => database.sql`select reader, xid, seq from event_cursors`;
    const known = await cursors();
    await tell('old');
    const commit = await openTransaction('begun before');
    await tell('committed before');
    const reader = await collect(null);
    await tell('new');
    await commit();
    reader.events.kick();
    await reader.until(2);
    expect(reader.seen).toEqual(['begun before', 'new']);
    expect(await cursors()).toEqual(known);
  });

  it('sees events of another process at its next poll', async () => {
    const clock = new ManualClock();
    const reader = await collect('search', clock);
    await tell('elsewhere');
    const polling = (async () => {
      while (reader.seen.length === 0) await clock.advance(pollEveryMs);
    })();
    await reader.until(1);
    await polling;
    expect(reader.seen).toEqual(['elsewhere']);
  });

  it('is one of several that do not disturb each other', async () => {
    const [search, sockets] = [await collect('search'), await collect('sockets')];
    await tell('one', 'two');
    search.events.kick();
    sockets.events.kick();
    await Promise.all([search.until(2), sockets.until(2)]);
    expect([search.seen, sockets.seen]).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ]);
  });
});

describe('an event that is told once', () => {
  it('is stored by one of those that tell it at once, and again for another day or another strategy', async () => {
    let commits = 0;
    const writer = createEventWriter({ sql: database.sql, committed: () => commits++ });
    const told = (key: string, day: string) => writer.appendOnce({ kind: 'shadow.measured', data: { key, day } });
    const first = await Promise.all(Array.from({ length: 8 }, () => told('breakout', '2026-11-20')));
    expect(first.filter(Boolean)).toHaveLength(1);
    // As after a restart.
    expect(await told('breakout', '2026-11-20')).toBe(false);
    expect([await told('breakout', '2026-11-21'), await told('momentum', '2026-11-20')]).toEqual([true, true]);
    expect(commits).toBe(3);
    const [row] = await database.sql`select count(*)::int as events from events where kind = 'shadow.measured'`;
    expect(row!.events).toBe(3);
  });
});

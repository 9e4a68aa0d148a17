// A connection that is lost in the middle of a transaction fails what was asked on it, and nothing else: neither the process, nor
// the next transaction. Needs the guards that scripts/mend-postgres.mjs puts into postgres.js.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { connectDatabase } from './connect.ts';

let database: TestDatabase;
const open = new Set<Socket>();
/** What becomes of a connection that asks for the types of arrays, which a new one does before anything else. */
let lose: ((client: Socket) => void) | null = null;
/** Every connection is passed on to the database, until they are all ended. */
const proxy = createServer((client) => {
  const { hostname, port } = new URL(database.url);
  const upstream = connect(Number(port), hostname);
  client.pipe(upstream).pipe(client);
  client.on('data', (chunk) => {
    if (lose && chunk.includes('typarray')) lose(client);
  });
  for (const socket of [client, upstream]) socket.on('error', () => {});
  open.add(client);
});
beforeAll(async () => {
  database = await createTestDatabase();
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
});
afterAll(async () => {
  proxy.close();
  await database.drop();
});

it.each(['a clean end', 'a reset'])('takes %s in the middle of a transaction, and goes on', async (way) => {
  const url = new URL(database.url);
  url.port = String((proxy.address() as AddressInfo).port);
  const sql = connectDatabase(url.href, { max: 1 });
  try {
    for (let round = 0; round < 5; round++) {
      const lost = sql.begin(async (tx) => {
        await tx`select 1`;
        const asked = tx`select pg_sleep(10)`.execute();
        for (const socket of open) {
          if (way === 'a clean end') socket.end();
          else socket.resetAndDestroy();
        }
        open.clear();
        await asked;
      });
      await expect(lost).rejects.toThrow();
      expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    }
  } finally {
    await sql.end({ timeout: 1 });
  }
});

it.each(['a clean end', 'a reset'])('takes %s while a new connection asks for types, and goes on', async (way) => {
  const url = new URL(database.url);
  url.port = String((proxy.address() as AddressInfo).port);
  const sql = connectDatabase(url.href, { max: 1 });
  const uncaught: unknown[] = [];
  const note = (error: unknown) => void uncaught.push(error);
  process.on('unhandledRejection', note);
  try {
    let lost = 0;
    lose = (client) => {
      lost++;
      lose = null;
      if (way === 'a clean end') client.destroy();
      else client.resetAndDestroy();
    };
    // What was asked fails, or is asked again on the next connection: either way it has an end, and so has the next question.
    await sql`select 1`.catch(() => {});
    expect(await sql`select array['a', 'b']::text[] as both`).toEqual([{ both: ['a', 'b'] }]);
    expect(lost).toBe(1);
    expect(uncaught).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
    await sql.end({ timeout: 1 });
  }
});

it('ends what waits on a reserved connection that is lost, and gives its last words to nobody else', async () => {
  const sql = connectDatabase(database.url, { max: 1 });
  try {
    for (let round = 0; round < 20; round++) {
      const held = await sql.reserve();
      const [own] = await held<{ pid: number }[]>`select pg_backend_pid() as pid`;
      // One with a value asks the database about it first: what is asked meanwhile waits.
      const asked = held`select pg_sleep(${30})`.execute();
      const waiting = held`select 1`.execute();
      const ends = Promise.allSettled([asked, waiting]);
      await expect
        .poll(
          async () =>
            (await database.sql`select from pg_stat_activity where pid = ${own!.pid} and state = 'active'`).length,
        )
        .toBe(1);
      await database.sql`select pg_terminate_backend(${own!.pid})`;
      expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      held.release();
      expect(await sql`select 2 as two`).toEqual([{ two: 2 }]);
    }
  } finally {
    await sql.end({ timeout: 1 });
  }
});

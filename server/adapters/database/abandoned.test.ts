// Invariant: a client that is gone in the middle of a message does not keep its locks.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { endAbandoned } from './abandoned.ts';
import { connectDatabase } from './connect.ts';

let database: TestDatabase;
let cutting = false;
const sync = Buffer.from([0x53, 0, 0, 0, 4]);
const sockets: Socket[] = [];
/** Passes everything on; once told to, all of the next message but its end, and then nothing more. */
const proxy = createServer((client) => {
  const { hostname, port } = new URL(database.url);
  const upstream = connect(Number(port), hostname);
  let lost = false;
  sockets.push(client, upstream);
  for (const socket of [client, upstream]) socket.on('error', () => {});
  upstream.on('data', (chunk) => void (lost || client.write(chunk)));
  client.on('data', (chunk: Buffer) => {
    if (lost) return;
    lost = cutting && chunk.subarray(-sync.length).equals(sync);
    upstream.write(lost ? chunk.subarray(0, -sync.length) : chunk);
  });
});
beforeAll(async () => {
  database = await createTestDatabase();
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  proxy.close();
  await database.drop();
});

it('ends who is gone in the middle of a message', async () => {
  const url = new URL(database.url);
  url.port = String((proxy.address() as AddressInfo).port);
  const gone = connectDatabase(url.href, { max: 1 });
  const { sql } = database;
  await sql`create table locked (id int primary key, value int)`;
  await sql`insert into locked values (1, 0)`;
  const update = (value: number) => async (tx: { unsafe: typeof gone.unsafe }) => {
    await tx.unsafe('update locked set value = $1 where id = 1', [value], { prepare: true });
  };
  await gone.begin(async (tx) => update(1)(tx as never));
  const begun = Promise.withResolvers<void>();
  const lost = gone
    .begin(async (tx) => {
      begun.resolve();
      cutting = true;
      await update(2)(tx as never);
    })
    .catch((error: Error) => error);
  await begun.promise;
  const waits = () => sql`
    select from pg_stat_activity
    where state = 'active' and wait_event = 'ClientRead' and datname = current_database()`;
  await expect.poll(async () => (await waits()).length, { timeout: 30_000 }).toBe(1);
  // By its deadline the client has closed its end, and the database still knows nothing of it.
  await expect.poll(() => endAbandoned(sql as never), { timeout: 45_000, interval: 500 }).toBe(1);
  expect(await lost).toBeInstanceOf(Error);
  expect(await sql`update locked set value = 3 where id = 1 returning value`).toEqual([{ value: 3 }]);
  await gone.end({ timeout: 1 });
}, 120_000);

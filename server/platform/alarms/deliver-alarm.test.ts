import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createAlarmWebhook } from '../../adapters/channels/alarm-webhook.ts';
import { systemRandom } from '../../adapters/clock/system-random.ts';
import { createAlarmStore } from '../../adapters/database/alarm-store/alarm-store.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { createAlarmDelivery } from './deliver-alarm.ts';

let database: TestDatabase;
let alarms: ReturnType<typeof createAlarmStore>;
const heard: { headers: IncomingHttpHeaders; body: Record<string, unknown> }[] = [];
let answer = 204;
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  heard.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
  response.writeHead(answer).end();
});
const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?secret=s3cret`;
const deliver = (url = address()) =>
  createAlarmDelivery({ alarms, channel: createAlarmWebhook(url), dashboardUrl: 'https://box.example.com' });
const raise = async () => {
  await alarms.raise({ key: 'k', kind: 'job.dead', severity: 'page', sentence: 'A job was given up.' });
  return (await alarms.open())[0]!;
};
const problem = async () => (await database.sql`select delivered_at as at, delivery_problem as problem from alarms`)[0];

beforeAll(async () => {
  database = await createTestDatabase();
  alarms = createAlarmStore({ sql: database.sql, clock: new ManualClock(), random: systemRandom, jobs: null });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await database.drop();
});
beforeEach(async () => {
  await database.sql`truncate alarms`;
  heard.length = 0;
  answer = 204;
});

it('tells what is wrong, how urgent it is and where to look, under one key however often', async () => {
  const { id } = await raise();
  expect(await deliver()({ alarmId: id, what: 'raised' })).toEqual({ kind: 'done' });
  await deliver()({ alarmId: id, what: 'raised' });
  expect(heard.map(({ headers }) => headers['idempotency-key'])).toEqual([`${id}:raised`, `${id}:raised`]);
  expect(heard[0]!.body).toMatchObject({
    text: expect.stringContaining('A job was given up.'),
    severity: 'page',
    what: 'raised',
    link: `https://box.example.com/alarms?row=${id}`,
  });
  expect(await problem()).toMatchObject({ problem: null, at: expect.any(Date) });
});

it('tells how it ended, and of one that is over nothing but that', async () => {
  const { id } = await raise();
  await alarms.clear('k', 'It was sent again.');
  await deliver()({ alarmId: id, what: 'raised' });
  expect(heard).toEqual([]);
  await deliver()({ alarmId: id, what: 'cleared' });
  expect(heard[0]!.body).toMatchObject({ what: 'cleared', text: expect.stringContaining('It was sent again.') });
});

it('keeps why it could not be told, without the address, and has the queue try again', async () => {
  const { id } = await raise();
  for (const status of [500, 302]) {
    answer = status;
    await expect(deliver()({ alarmId: id, what: 'raised' })).rejects.toThrow(String(status));
    expect(await problem()).toEqual({ at: null, problem: `The address of ALARM_WEBHOOK_URL answered ${status}.` });
  }
  await expect(deliver('http://127.0.0.1:1/hook?secret=s3cret')({ alarmId: id, what: 'raised' })).rejects.toThrow(
    'could not be reached',
  );
  expect((await problem())!.problem).not.toContain('s3cret');
  answer = 200;
  await deliver()({ alarmId: id, what: 'raised' });
  expect(await problem()).toMatchObject({ problem: null });
});

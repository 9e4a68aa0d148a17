import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { systemRandom } from '../adapters/clock/system-random.ts';
import { createDeadLetterStore } from '../adapters/database/dead-letter-store/dead-letter-store.ts';
import { createPgBossQueue, type PgBossQueue } from '../adapters/queue/pg-boss-queue.ts';
import { deadLetter, pageOf, problem } from '../contract/index.ts';
import { deadLetterOf, type QueueName } from '../core/ports/job-queue.ts';
import { createJobWatch } from '../platform/dead-letters/watch-jobs.ts';
import { type Api, openApi } from '../testing/api.ts';
import { createRecordedLog } from '../testing/recorded-log.ts';
import { seedOrders } from '../testing/seeded-orders.ts';

let api: Api;
let queue: PgBossQueue;
let seeded: Awaited<ReturnType<typeof seedOrders>>;
let letters: ReturnType<typeof createDeadLetterStore>;
let signalStatus = 'failed';
const log = createRecordedLog();

beforeAll(async () => {
  api = await openApi(
    {},
    {
      async deadLetters(database, committed) {
        queue = await createPgBossQueue({ url: database.url, clock: systemClock, random: systemRandom, log });
        letters = createDeadLetterStore({ sql: database.sql, jobs: queue, committed });
        seeded = await seedOrders(database);
        return {
          letters,
          orders: seeded.store,
          decisions: {
            signal: async (signalId) =>
              ({ signalId, status: signalStatus, destinations: null, decidedFor: [] }) as never,
          },
        };
      },
    },
  );
});
afterAll(async () => {
  await queue.stop();
  await api.close();
});
beforeEach(async () => {
  await api.sql`delete from pgboss.job`;
  await api.sql`delete from alarms`;
});

const waiting = (name: string) =>
  api.sql<{ id: string; data: unknown }[]>`select id, data from pgboss.job where name = ${name} and state < 'active'`;

/** A job that was given up, the way the queue gives one up. */
async function dead(name: QueueName, data: object): Promise<string> {
  await api.sql`
    insert into pgboss.job (name, data, source_name, source_id, source_created_on, source_retry_count, source_output, policy)
    values (${deadLetterOf(name)}, ${api.sql.json(data as never)}, ${name}, gen_random_uuid(), now() - interval '5 minutes', 9,
      ${api.sql.json({ message: 'It did not work.' })}, 'standard')`;
  const [row] = await api.sql<{ id: string }[]>`
    select id from pgboss.job where name = ${deadLetterOf(name)} order by created_on desc, id desc limit 1`;
  return row!.id;
}

const list = async (query = '') =>
  pageOf(deadLetter).parse(await (await api.as('analyst', `/api/v1/dead-letters${query}`)).json());
const resend = (id: string, body: object = {}, role: 'trader' | 'analyst' = 'trader') =>
  api.as(role, `/api/v1/dead-letters/${id}/resend`, { method: 'POST', body });
const events = () =>
  api.sql<{ kind: string; data: Record<string, unknown>; orderId: string | null }[]>`
    select kind, data, order_id as "orderId" from events where kind like 'job.%' order by xid, seq`;

describe('dead letters', () => {
  it('are shown with what failed, how often, and the order they are about', async () => {
    const { orderId, signalId } = await seeded.approve();
    const id = await dead('order.submit', { orderId });
    const [letter] = (await list()).items;
    expect(letter).toMatchObject({
      id,
      queue: 'order.submit',
      data: { orderId },
      problem: 'It did not work.',
      attempts: 10,
      faults: [],
      signalId,
      order: { id: orderId, symbol: 'AAPL', status: 'approved' },
    });
    expect(Date.parse(letter!.diedAt) - Date.parse(letter!.enqueuedAt)).toBe(300_000);
    const one = await api.as('analyst', `/api/v1/dead-letters/${id}`);
    expect(deadLetter.parse(await one.json())).toEqual(letter);
    expect((await api.as('viewer', '/api/v1/dead-letters')).status).toBe(403);
  });

  it('are paged, and of one queue if asked for', async () => {
    for (let i = 0; i < 3; i++) await dead('order.lookup', { orderId: systemRandom.id() });
    await dead('account.compare', { accountId: systemRandom.id() });
    const first = await list('?limit=3');
    const rest = await list(`?limit=3&cursor=${first.next}`);
    expect(first.items).toHaveLength(3);
    expect(new Set([...first.items, ...rest.items].map((one) => one.id)).size).toBe(4);
    expect((await list('?queue=account.compare')).items).toHaveLength(1);
  });

  it('go back into their queue once, however many send them at the same time', async () => {
    const { orderId } = await seeded.approve();
    const id = await dead('order.submit', { orderId });
    const answers = await Promise.all([1, 2, 3, 4].map(() => resend(id)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([202, 404, 404, 404]);
    expect((await waiting('order.submit')).map((job) => job.data)).toEqual([{ orderId }]);
    expect((await list()).items).toEqual([]);
    expect(await events()).toMatchObject([
      { kind: 'job.resent', orderId, data: { queue: 'order.submit', deadLetterId: id, by: 'trader script' } },
    ]);
    expect((await resend(id, {}, 'analyst')).status).toBe(403);
  });

  it('are held to their queue’s data, and can be repaired', async () => {
    const { orderId } = await seeded.approve();
    const id = await dead('order.submit', { order: orderId });
    expect((await list()).items[0]!.faults.map((one) => one.field)).toEqual(['orderId', 'order']);
    const refused = problem.parse(await (await resend(id)).json());
    expect(refused).toMatchObject({ status: 400, fields: [{ field: 'data.orderId' }, { field: 'data.order' }] });
    expect(await waiting('order.submit')).toEqual([]);
    expect((await resend(id, { data: { orderId } })).status).toBe(202);
    expect((await waiting('order.submit')).map((job) => job.data)).toEqual([{ orderId }]);
    expect((await events()).at(-1)!.data).toMatchObject({ data: { orderId }, before: { order: orderId } });
  });

  it.each([
    ['order.submit', 'accepted', /broker has the order already: it is accepted/],
    ['order.submit', 'filled', /ended already: it was filled/],
    ['order.cancel', 'canceled', /ended already: it was canceled/],
  ] as const)('are not sent again when that would do nothing: %s of one that is %s', async (name, status, sentence) => {
    const { orderId } = await seeded.approve();
    await api.sql`update orders set status = ${status} where id = ${orderId}`;
    const id = await dead(name, name === 'order.cancel' ? { orderId, reason: 'x' } : { orderId });
    const refused = problem.parse(await (await resend(id)).json());
    expect(refused).toMatchObject({ status: 409, code: 'RESEND_POINTLESS', detail: expect.stringMatching(sentence) });
    expect((await list()).items.map((one) => one.id)).toEqual([id]);
    expect(await waiting(name)).toEqual([]);
  });

  it('of a signal are sent again while it is not decided', async () => {
    const data = { signalId: systemRandom.id() };
    const id = await dead('signal.process', data);
    signalStatus = 'approved';
    expect((await resend(id)).status).toBe(409);
    signalStatus = 'failed';
    expect((await resend(id)).status).toBe(202);
    expect((await waiting('signal.process')).map((job) => job.data)).toEqual([data]);
  });

  it('of an order that is nowhere are not sent again', async () => {
    expect((await resend(await dead('order.submit', { orderId: systemRandom.id() }))).status).toBe(409);
  });

  it('are discarded with a reason', async () => {
    const id = await dead('order.lookup', { orderId: systemRandom.id() });
    const discard = (body: object) => api.as('trader', `/api/v1/dead-letters/${id}/discard`, { method: 'POST', body });
    expect((await discard({ reason: '' })).status).toBe(400);
    expect((await discard({ reason: 'of a test' })).status).toBe(200);
    expect((await discard({ reason: 'of a test' })).status).toBe(404);
    expect((await list()).items).toEqual([]);
    expect((await events()).at(-1)).toMatchObject({
      kind: 'job.discarded',
      data: { reason: 'of a test', by: 'trader script', problem: 'It did not work.' },
    });
  });
});

describe('a person is told', () => {
  const watch = () => createJobWatch({ letters, alarms: api.alarms, clock: systemClock, log });
  const open = async () =>
    (await api.alarms.open()).map(({ key, severity, count, sentence }) => ({ key, severity, count, sentence }));

  it('of jobs that were given up, once, until they are sent again or discarded', async () => {
    const { orderId } = await seeded.approve();
    const id = await dead('order.submit', { orderId });
    await watch().look();
    await watch().look();
    expect(await open()).toEqual([
      {
        key: 'dead-letters:order.submit',
        severity: 'page',
        count: 1,
        sentence: expect.stringMatching(
          /A job order.submit was given up: It did not work. The order may not have been sent/,
        ),
      },
    ]);
    await resend(id);
    await watch().look();
    expect(await open()).toEqual([]);
  });

  it('again of those that are given up after somebody has acknowledged the first', async () => {
    await dead('order.cancel', { orderId: systemRandom.id(), reason: 'x' });
    await watch().look();
    const [first] = await api.alarms.open();
    await api.alarms.acknowledge(first!.id, 'ada');
    await watch().look();
    expect((await api.alarms.open())[0]!.id).toBe(first!.id);
    await dead('order.cancel', { orderId: systemRandom.id(), reason: 'x' });
    await watch().look();
    const [second] = await api.alarms.open();
    expect(second).toMatchObject({ acknowledgedAt: null, data: { count: 2 } });
    expect(second!.id).not.toBe(first!.id);
  });

  it('of jobs that fail again and again, though they are tried on, and no more when they went through', async () => {
    const { orderId } = await seeded.approve();
    const job = queue.insert('order.submit', [{ data: { orderId } }]);
    await api.sql.unsafe(job.text, job.values as never[]);
    const fail = (times: number) => api.sql`
      update pgboss.job set state = 'retry', retry_count = ${times - 1}, start_after = now() + interval '1 hour',
        output = '{"message":"The disk is full."}' where name = 'order.submit'`;
    await fail(4);
    await watch().look();
    expect(await open()).toEqual([]);
    await fail(6);
    await watch().look();
    expect(await open()).toMatchObject([
      {
        key: 'failing-jobs:order.submit',
        severity: 'warn',
        sentence: expect.stringMatching(/failed 6 times.*The disk is full/),
      },
    ]);
    await fail(12);
    await watch().look();
    expect(await open()).toMatchObject([{ severity: 'page' }]);
    await api.sql`delete from pgboss.job`;
    await watch().look();
    expect(await open()).toEqual([]);
  });
});

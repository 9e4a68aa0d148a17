import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { text } from '../core/decimal.ts';
import { defaultSettings, type Settings } from '../core/model/settings.ts';
import type { JobOutcome } from '../core/ports/job-queue.ts';
import { createExecution } from '../pipeline/execution/execution.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { FakeBroker } from './fake-broker.ts';
import { killSwitch } from './kill-switch.ts';
import { createRecordedLog } from './recorded-log.ts';
import { seedOrders } from './seeded-orders.ts';
import { seededRandom } from './seeded-random.ts';

/** For tests of execution: the product's own on a real database and a fake broker, told by the stream alone, under a clock of the test's. */
async function openExecutionDesk(database: TestDatabase) {
  const seeded = await seedOrders(database);
  const { clock, accountId, store, sql } = seeded;
  const broker = new FakeBroker({ clock, prices: { AAPL: '150' } });
  let settings: Settings = defaultSettings;
  let ready = true;
  const log = createRecordedLog();
  const raised: string[] = [];
  const execution = createExecution({
    orders: store,
    broker: () => broker,
    settings: { current: () => settings },
    alertSeconds: () => 300,
    clock,
    random: seededRandom(1),
    log,
    ready: () => ready,
    alarms: { raise: async ({ kind }) => void raised.push(kind), clear: async () => undefined },
  });
  // Told of the stream without the poll: what arrives by stream alone is what it says.
  const stream = broker.stream({
    onUpdate: (update) => void execution.onUpdate(accountId, update),
    onConnected: () => undefined,
    onDisconnected: () => undefined,
  });
  const submit = (orderId: string) => execution.handlers['order.submit']({ orderId });
  /** Runs the job as the queue would, until it is done, and answers how long that took by the clock. */
  const drive = async (orderId: string): Promise<number> => {
    const startedAt = clock.monotonicMs();
    for (let round = 0; round < 200; round++) {
      const outcome: JobOutcome = await submit(orderId);
      await execution.idle();
      if (outcome.kind === 'done') return clock.monotonicMs() - startedAt;
      await clock.advance(outcome.afterMs);
    }
    throw new Error('the job never ends');
  };
  const order = async (orderId: string) => {
    const [row] = await sql<{ status: string; quantity: string; filled: string; problem: string | null }[]>`
      select status, quantity::text, filled_quantity::text as filled, problem from orders where id = ${orderId}`;
    return row!;
  };
  const executions = () =>
    sql<{ quantity: string; cumulative: string; source: string }[]>`
      select quantity::text, cumulative_quantity::text as cumulative, source from trade_executions
      where account_id = ${accountId} order by recorded_at, cumulative_quantity`;
  const held = async () => text(await store.positionQuantity(accountId, 'AAPL'));
  /** A long position of ten with its protective legs resting. */
  const position = async () => {
    const ids = await seeded.approve('10');
    await drive(ids.orderId);
    await execution.idle();
    await clock.advance(1000);
    expect(await held()).toBe('10');
    return ids;
  };
  return {
    ...seeded,
    broker,
    execution,
    submit,
    drive,
    order,
    executions,
    held,
    position,
    raised,
    log,
    engage: () => {
      settings = { ...settings, killSwitches: [killSwitch({ reason: 'too wild', by: 'ann' })] };
    },
    setReady: (value: boolean) => {
      ready = value;
    },
    close: () => stream.close(),
  };
}

export type ExecutionDesk = Awaited<ReturnType<typeof openExecutionDesk>>;

/** Opens an execution desk for each test of a file, on a database of the file's. `begin` is told of it before its test. */
export function executionDeskForEach(begin: (desk: ExecutionDesk) => void): void {
  let database: TestDatabase;
  let desk: ExecutionDesk;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    desk = await openExecutionDesk(database);
    begin(desk);
  });
  afterEach(async () => {
    await desk.execution.idle();
    await desk.close();
  });
}

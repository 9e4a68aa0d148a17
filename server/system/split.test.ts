// The processes as docker-compose.yml starts them: one that takes alerts in and has the exchange, one that works, on one database and
// one data directory.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, Order, Reconciliation, Status } from '../contract/index.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { message, newDataDir, removeDataDir, type System, startSystem } from '../testing/system.ts';

let database: TestDatabase;
let dataDir: string;
let server: System;
let worker: System;
const token = randomBytes(24).toString('hex');

beforeAll(async () => {
  [database, dataDir] = await Promise.all([createTestDatabase(), newDataDir()]);
  const file = join(dataDir, 'metrics-token');
  await writeFile(file, `${token}\n`);
  const env = { DATABASE_URL: database.url, METRICS_TOKEN_FILE: file, METRICS_PORT: '0', LOG_FORMAT: 'json' };
  // Listens everywhere and is reached by a name, as containers do.
  const exchange = { EXCHANGE_HOST: '0.0.0.0', EXCHANGE_NAME: 'localhost' };
  server = await startSystem(dataDir, { ...env, ...exchange }, ['--role', 'intake,exchange']);
  worker = await startSystem(dataDir, env, ['--role', 'worker']);
}, 120_000);

afterAll(async () => {
  if (worker) expect(await worker.stop()).toBe(0);
  if (server) expect(await server.stop()).toBe(0);
  await database?.drop();
  await removeDataDir(dataDir);
}, 30_000);

const scrape = async (system: System, bearer = token): Promise<{ status: number; text: string }> => {
  const response = await fetch(system.ready.metricsUrl, { headers: { authorization: `Bearer ${bearer}` } });
  return { status: response.status, text: await response.text() };
};
const value = (text: string, series: string): number =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')
      .at(-1),
  );

describe('a server and a worker beside it', () => {
  it('carry an alert to its fill between them, each doing its part', async () => {
    const socket = await server.connect();
    const filled = message(socket, 'order', (order: Order) => order.parentId === null && order.status === 'filled');
    const answer = await server.post('{"signal":"BUY","ticker":"AAPL","mode":"Paper","risk":100}');
    expect(answer.status).toBe(202);
    expect((await filled).signalId).toBe(answer.body.id);
    socket.close();
  });

  it('know of each other: the one that shows tells that the worker’s stream is up', async () => {
    const accounts = () => server.api<{ items: Account[] }>('/accounts');
    await expect
      .poll(async () => (await accounts()).items.map((one) => [one.name, one.connected]))
      .toEqual([['paper', true]]);
    // The worker's first reading of the market may still be under way.
    const components = async () =>
      (await server.api<Status>('/status')).health.components.map((one) => [one.name, one.state]);
    await expect.poll(components).toEqual([
      ['Database', 'ok'],
      ['Queue', 'ok'],
      ['Broker of paper', 'ok'],
      ['Worker', 'ok'],
      ['Market data', 'ok'],
      ['Alarms', 'ok'],
    ]);
  });

  it('work for each other: the account is compared by the worker when it is asked for at the server', async () => {
    const { items } = await server.api<{ items: Account[] }>('/accounts');
    const compared = await server.api<Reconciliation>(`/accounts/${items[0]!.id}/reconcile`, { method: 'POST' });
    expect(compared).toMatchObject({ reason: 'demand', outcome: expect.stringMatching(/agreed|corrected/) });
  });

  it('are both scraped with the token of the file, each telling what it knows', async () => {
    const [taken, worked] = await Promise.all([scrape(server), scrape(worker)]);
    expect([taken.status, worked.status]).toEqual([200, 200]);
    expect(value(taken.text, 'signalbox_alerts_total{outcome="accepted"}')).toBe(1);
    expect(value(worked.text, 'signalbox_alerts_total{outcome="accepted"}')).toBe(0);
    expect(value(worked.text, 'signalbox_broker_connected{account="paper"}')).toBe(1);
    expect(value(worked.text, 'signalbox_broker_answers{account="paper"}')).toBe(1);
    expect(taken.text).not.toContain('signalbox_broker_connected{');
    expect(value(worked.text, 'signalbox_order_step_seconds_count{step="acknowledge"}')).toBe(1);
    expect((await scrape(worker, 'sbx_nobody')).status).toBe(401);
  });

  it('let the token of the file do nothing but read', async () => {
    const response = await fetch(`${server.ready.apiUrl}/kill-switch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'a test' }),
    });
    expect(response.status).toBe(403);
  });

  it('answer for their health, and the worker for nothing else', async () => {
    const at = (path: string) => new URL(path, worker.ready.metricsUrl);
    expect((await fetch(at('/readyz'))).status).toBe(200);
    for (const path of ['/', '/api/v1/me', '/hooks/tradingview/x'])
      expect((await fetch(at(path))).status, path).toBe(404);
  });
});

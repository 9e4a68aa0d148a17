// On a server and a worker beside it: the worker decides by the sector that a person imported through the server.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DecisionJson } from '../contract/index.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { newDataDir, removeDataDir, type System, startSystem } from '../testing/system.ts';

let database: TestDatabase;
let dataDir: string;
let server: System;
let worker: System;
beforeAll(async () => {
  [database, dataDir] = await Promise.all([createTestDatabase(), newDataDir()]);
  const env = { DATABASE_URL: database.url, METRICS_PORT: '0', LOG_FORMAT: 'json' };
  // Reached by a name, as containers are.
  const exchange = { EXCHANGE_HOST: '0.0.0.0', EXCHANGE_NAME: 'localhost' };
  server = await startSystem(dataDir, { ...env, ...exchange }, ['--role', 'intake,exchange']);
  worker = await startSystem(dataDir, env, ['--role', 'worker']);
}, 120_000);
afterAll(async () => {
  await worker?.stop();
  await server?.stop();
  await database?.drop();
  await removeDataDir(dataDir);
}, 30_000);

let risk = 50;
/** What the worker says of the sector of one more alert for AAPL. */
async function decided(): Promise<string> {
  risk += 1;
  const { body } = await server.post(`{"signal":"BUY","ticker":"AAPL","mode":"Paper","risk":${risk}}`);
  const mine = async () =>
    (await server.api<{ items: DecisionJson[] }>('/decisions')).items.find((one) => one.signalId === body.id);
  await expect.poll(mine).toBeDefined();
  return (await mine())!.verdicts.find((one) => one.rule === 'max-sector')?.sentence ?? 'nothing';
}

it('decides by what ships, by what was imported, and by what ships again', async () => {
  const limit = {
    rule: 'max-sector',
    parameters: { maxShareOfEquity: '0.0001' },
    version: 0,
    reason: 'nothing is to be bought here',
  };
  await server.api('/risk/limits', { method: 'PUT', body: JSON.stringify(limit) });
  const soon = { interval: 20, timeout: 15_000 };
  await expect.poll(decided, soon).toContain('the sector Information Technology');
  const imported = await fetch(`${server.ready.apiUrl}/instruments/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.ready.apiToken}`, 'content-type': 'text/csv' },
    body: 'symbol,name,sector,industry\nAAPL,Apple Inc.,Utilities,Phones\n',
  });
  expect(imported.status).toBe(200);
  await expect.poll(decided, soon).toContain('the sector Utilities');
  await server.api('/instruments/AAPL', { method: 'DELETE' });
  await expect.poll(decided, soon).toContain('the sector Information Technology');
}, 60_000);

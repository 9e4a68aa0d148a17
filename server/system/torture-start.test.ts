// Invariant: a start while the database is away waits for it, and ends only when a minute has not brought it back.
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRig, type Rig } from '../testing/torture/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig({ exchange: ['--pace', '0'] });
}, 90_000);
afterAll(() => rig?.close(), 30_000);

it('is tried again until the database answers', async () => {
  const { intake } = rig.fleet;
  const { proxy } = rig.stage.database;
  await intake.kill();
  // A port that refuses: one that was free a moment ago.
  const free = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => free.once('listening', resolve));
  const { port } = free.address() as { port: number };
  await new Promise((resolve) => free.close(resolve));
  proxy.target(port);
  const started = rig.fleet.start(intake);
  await expect.poll(() => intake.output(), { timeout: 45_000 }).toContain('the start is tried again for');
  proxy.target(Number(new URL(rig.stage.database.ownUrl()).port));
  await started;
  expect(intake.endedByItself).toEqual([]);
  await rig.alert({ signal: 'BUY', ticker: 'KO', risk: 20 });
  await expect.poll(() => rig.differences(), { timeout: 60_000 }).toEqual([]);
  expect(await rig.sql()`select status from orders where role = 'entry'`).toEqual([{ status: 'filled' }]);
}, 120_000);

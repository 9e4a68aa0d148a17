// Invariant: whatever is killed and whatever is lost, at whatever step, nothing that was acknowledged is lost, nothing is ordered twice, and
// afterwards our books equal the exchange's. The short form of `npm run torture`, with each kind of fault at least once.
import { expect, it } from 'vitest';
import { torture } from '../testing/torture/torture.ts';

it('nothing is lost, doubled or forgotten while servers, databases and connections are killed', async () => {
  const result = await torture({
    kills: 13,
    seed: 6,
    minutes: null,
    alerts: 60,
    workers: 1,
    root: null,
    aim: null,
    faults: true,
    everyFaultOnce: true,
    quietMs: 60_000,
    sought: [],
    keep: false,
  });
  expect(result.figures.filter((figure) => figure.value !== 0)).toEqual([]);
  // And it was not for lack of trying.
  const kills = Object.values(result.killsByStep).reduce((sum, count) => sum + count, 0);
  expect(kills).toBe(13);
  expect(Object.keys(result.killsByStep).length).toBeGreaterThanOrEqual(6);
  expect(Object.keys(result.turnedOn).sort()).toEqual([
    'error_after',
    'error_before',
    'halt',
    'latency',
    'partial_fill',
    'price_jump',
    'rate_limit',
    'reject',
    'reset_after',
    'reset_before',
    'stream_delay',
    'stream_drop',
    'stream_duplicate',
    'stream_gap',
    'stream_reorder',
    'suspend',
  ]);
  expect(result.faults).toMatchObject({
    'PostgreSQL killed': expect.any(Number),
    'database connections reset': expect.any(Number),
    'half-open database connections': expect.any(Number),
    'half-open order streams': expect.any(Number),
    'half-open broker connections': expect.any(Number),
  });
  expect(result.acknowledged).toBe(result.alerts);
  expect(result.decided.approved).toBeGreaterThan(20);
  expect(result.fills).toBeGreaterThan(10);
}, 900_000);

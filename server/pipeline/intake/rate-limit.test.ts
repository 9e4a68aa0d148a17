import { expect, test } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

const limits = { ratePerSecond: 2, burst: 3 };

test('a burst passes, then the sustained rate, and the wait is what is missing', () => {
  const limit = createRateLimit();
  const take = (atMs: number) => limit.take('a', limits, atMs);
  expect([take(0), take(0), take(0), take(0)]).toEqual([null, null, null, 500]);
  expect(take(400)).toBe(100);
  expect(take(500)).toBeNull();
  expect(take(500)).toBe(500);
});

test('a rest refills no more than a burst', () => {
  const limit = createRateLimit();
  for (let i = 0; i < 3; i++) limit.take('a', limits, 0);
  expect([1, 2, 3, 4].map(() => limit.take('a', limits, 60_000))).toEqual([null, null, null, 500]);
});

test('senders have a bucket each', () => {
  const limit = createRateLimit();
  for (let i = 0; i < 4; i++) limit.take('a', limits, 0);
  expect(limit.take('b', limits, 0)).toBeNull();
});

// Invariant: ids are version 7 UUIDs, never the same, and sort as they were made.
import { expect, it } from 'vitest';
import { systemRandom } from './system-random.ts';

// More than one millisecond can number, so that the counter's overflow is passed through too.
const ids = Array.from({ length: 50_000 }, () => systemRandom.id());

it('makes ids that are version 7 and of the RFC’s variant', () => {
  expect(ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toEqual(
    [],
  );
});

it('makes ids that sort as they were made, and none twice', () => {
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

it('tells the time in an id', () => {
  const before = Date.now();
  const at = Number.parseInt(systemRandom.id().replaceAll('-', '').slice(0, 12), 16);
  // Ahead by what the overflows above have borrowed, a millisecond for each 2048 ids at the most.
  expect(at).toBeGreaterThanOrEqual(before - 1);
  expect(at).toBeLessThanOrEqual(Date.now() + 50);
});

it('makes tokens of as many bytes as are asked for, safe in an address', () => {
  expect(Buffer.from(systemRandom.token(), 'base64url')).toHaveLength(32);
  expect(Buffer.from(systemRandom.token(18), 'base64url')).toHaveLength(18);
  expect(systemRandom.token()).toMatch(/^[\w-]+$/);
  expect(systemRandom.token()).not.toBe(systemRandom.token());
});

// Invariants: a saw-tooth whose floor stays is flat, a floor that rises is not, and neither the warm-up nor one high sample counts.
import { expect, test } from 'vitest';
import { judgeMemory, type MemorySample } from './memory.ts';

const mib = 1024 * 1024;
const total = 100_000;
const sampled = (mibAt: (bodies: number) => number): MemorySample[] =>
  Array.from({ length: 200 }, (_, i) => ({ bodies: (i * total) / 199, bytes: mibAt((i * total) / 199) * mib }));
const tooth = (bodies: number): number => ((bodies / 700) % 1) * 120;

test('what a collector takes back is no growth', () => {
  const verdict = judgeMemory(sampled((bodies) => 300 + tooth(bodies)))!;
  expect(verdict.flat).toBe(true);
  expect(Math.abs(verdict.growth)).toBeLessThan(30);
});

test('a kilobyte kept of each body is growth, whatever the collector does above it', () => {
  const verdict = judgeMemory(sampled((bodies) => 300 + tooth(bodies) + bodies / 512))!;
  expect(verdict.flat).toBe(false);
  expect(verdict.slope).toBeGreaterThan(100);
});

test('the warm-up does not count, nor does a single window that is high', () => {
  const warming = (bodies: number): number => (bodies < 20_000 ? 100 + bodies / 100 : 300);
  expect(judgeMemory(sampled(warming))!.flat).toBe(true);
  expect(judgeMemory(sampled((bodies) => (bodies > 50_000 && bodies < 55_000 ? 900 : 300)))!.flat).toBe(true);
});

test('a few samples say nothing', () => {
  expect(judgeMemory(sampled(() => 300).slice(0, 3))).toBeNull();
});

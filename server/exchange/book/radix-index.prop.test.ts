// Invariant: whatever was set and deleted, in whatever order, a key's value and its neighbours are those of a plain sorted map, for keys
// from 0 to 2^40 - 1, at the edges of pages and levels above all.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RadixIndex } from './radix-index.ts';
import { largestKey } from './terms.ts';

const edges = [0, 1, 31, 32, 1023, 1024, 2 ** 20 - 1, 2 ** 20, 2 ** 30 - 1, 2 ** 30, 2 ** 31 - 1, 2 ** 31, largestKey];
const key = fc.oneof(
  fc
    .tuple(fc.constantFrom(...edges), fc.integer({ min: -3, max: 3 }))
    .map(([edge, off]) => Math.min(largestKey, Math.max(0, edge + off))),
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: largestKey }),
);
const step = fc.record({
  kind: fc.constantFrom('set', 'set', 'delete', 'empty'),
  key,
  value: fc.nat({ max: 2 ** 31 - 2 }),
});

describe('the radix index', () => {
  it('is a sorted map', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 120 }),
        fc.array(key, { minLength: 5, maxLength: 20 }),
        (steps, asked) => {
          const index = new RadixIndex();
          const plain = new Map<number, number>();
          const drop = (gone: number): void => {
            if (plain.delete(gone)) index.delete(gone);
          };
          for (const { kind, key: at, value } of steps) {
            if (kind === 'set') {
              index.set(at, value);
              plain.set(at, value);
            } else if (kind === 'delete') drop([...plain.keys()][value % Math.max(1, plain.size)] ?? at);
            else
              for (const one of [...plain.keys()].filter((k) => Math.floor(k / 1024) === Math.floor(at / 1024)))
                drop(one);
            const keys = [...plain.keys()];
            for (const one of [at, ...asked]) {
              expect(index.get(one)).toBe(plain.get(one) ?? -1);
              const above = keys.filter((k) => k >= one);
              expect(index.ceiling(one)).toBe(above.length === 0 ? -1 : Math.min(...above));
              expect(index.floor(one)).toBe(Math.max(-1, ...keys.filter((k) => k <= one)));
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('finds neighbours across thousands of keys, while they come and go', () => {
    const index = new RadixIndex();
    for (let at = 0; at < 300_000; at += 100) index.set(at, at);
    for (let at = 0; at < 300_000; at += 100) {
      if (at % 700 !== 0) index.delete(at);
    }
    const found: number[] = [];
    for (let at = index.ceiling(0); at >= 0; at = index.ceiling(at + 1)) found.push(at);
    expect(found).toEqual(Array.from({ length: Math.ceil(300_000 / 700) }, (_, n) => n * 700));
    const back: number[] = [];
    for (let at = index.floor(largestKey); at >= 0; at = at === 0 ? -1 : index.floor(at - 1)) back.push(at);
    expect(back).toEqual(found.reverse());
  });
});

import { describe, expect, it } from 'vitest';
import { seededRandom } from '../testing/seeded-random.ts';
import { fullJitterMs, spreadMs } from './backoff.ts';

const bounds = { firstMs: 100, longestMs: 1500 };

describe('the pause before another try', () => {
  it('is drawn from all that it may be, which doubles up to the longest', () => {
    for (const [failures, ceiling] of [
      [1, 100],
      [2, 200],
      [4, 800],
      [5, 1500],
      [1000, 1500],
    ] as const) {
      const random = seededRandom(failures);
      const drawn = Array.from({ length: 2000 }, () => fullJitterMs(random, failures, bounds));
      expect(Math.min(...drawn)).toBeGreaterThanOrEqual(1);
      expect(Math.min(...drawn)).toBeLessThan(ceiling * 0.02 + 2);
      expect(Math.max(...drawn)).toBeLessThanOrEqual(ceiling);
      expect(Math.max(...drawn)).toBeGreaterThan(ceiling * 0.98);
    }
  });

  it('is the same under the same seed', () => {
    const draw = () => {
      const random = seededRandom(7);
      return [1, 2, 3].map((failures) => fullJitterMs(random, failures, bounds));
    };
    expect(draw()).toEqual(draw());
  });

  it('is never shorter than one that was asked for', () => {
    const random = seededRandom(1);
    const drawn = Array.from({ length: 500 }, () => spreadMs(random, 3000));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(3000);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(3300);
    expect(new Set(drawn).size).toBeGreaterThan(100);
  });
});

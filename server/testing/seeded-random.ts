import type { Random } from '../core/ports/random.ts';

/** Randomness that is the same under the same seed: mulberry32 (Tommy Ettinger). Ids count up and sort by it. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  let count = 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    fraction,
    id: () => `00000000-0000-7000-8000-${(++count).toString(16).padStart(12, '0')}`,
    token: (length = 32) => Array.from({ length }, () => Math.floor(fraction() * 36).toString(36)).join(''),
  };
}

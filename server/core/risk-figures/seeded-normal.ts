import { inverseNormal } from './normal.ts';

/**
 * Standard normal numbers that are the same for the same seed, on every machine: no ambient randomness, so that a figure can be made
 * again. Uniform numbers of 53 bits from xoshiro128** (Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators"),
 * seeded by splitmix32, through the inverse of the normal distribution. Nothing secret may be made of it.
 *
 * Throws a `RangeError` for a seed that is no whole number from 0 to 2³² - 1.
 */
export function seededNormal(seed: number): () => number {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) throw new RangeError(`not a seed: ${seed}`);
  const state = new Uint32Array(4);
  for (let i = 0; i < 4; i++) state[i] = mixed(seed + (i + 1) * 0x9e37_79b9);
  const next = (): number => {
    const answer = Math.imul(rotated(Math.imul(state[1]!, 5), 7), 9) >>> 0;
    const shifted = state[1]! << 9;
    state[2]! ^= state[0]!;
    state[3]! ^= state[1]!;
    state[1]! ^= state[2]!;
    state[0]! ^= state[3]!;
    state[2]! ^= shifted;
    state[3] = rotated(state[3]!, 11);
    return answer;
  };
  // In the middle of its step of 2⁻⁵³: never 0, whose normal number is infinite. The last step would round up to 1.
  return () => {
    const step = (next() >>> 5) * 0x400_0000 + (next() >>> 6);
    return inverseNormal(Math.min((step + 0.5) / 2 ** 53, 1 - 2 ** -53));
  };
}

const rotated = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

/** The finalizer of MurmurHash3, which splitmix32 uses too. */
function mixed(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85eb_ca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2_ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

import { type SeededRandom, seededRandom, seedOf } from '../../exchange/market/seeded-random.ts';

/** Chance by seed: each part of a run has a generator of its own, so that what one draws does not change what another does. */
export interface Draw {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whether something of this probability happens. */
  chance(probability: number): boolean;
  /** A whole number from `least` to `most`, both possible. */
  whole(least: number, most: number): number;
  pick<T>(from: readonly T[]): T;
  /** All of them, in another order. */
  shuffled<T>(all: readonly T[]): T[];
}

/** The generator of a part of a run. */
export function drawOf(seed: number, part: string): Draw {
  const random: SeededRandom = seededRandom(seedOf(seed, part));
  const whole = (least: number, most: number): number => least + Math.floor(random.next() * (most - least + 1));
  return {
    next: random.next,
    chance: (probability) => random.next() < probability,
    whole,
    pick: (from) => from[whole(0, from.length - 1)]!,
    shuffled(all) {
      const order = [...all];
      for (let i = order.length - 1; i > 0; i--) {
        const j = whole(0, i);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      return order;
    },
  };
}

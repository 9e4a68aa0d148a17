import type { Lifetime, Side } from './terms.ts';

// How orders and queues lie in their buffers. Those who work on them import this whole and take what they need into constants of
// their own: V8 folds a module's own constants into the code, and reads an imported one anew each time, which a bench of the core sees.

/** Bits of an order's flags. */
export const flag = {
  sell: 1,
  /** Two bits of lifetime, from this one on. */
  lifetimeShift: 1,
  lifetimeBits: 6,
  post: 8,
  atMarket: 16,
  paired: 32,
  quote: 64,
  trailing: 128,
  /** Three bits of where it is, from this one on. */
  placeShift: 8,
  placeBits: 0x700,
} as const;

/** Where an open order is. */
export const place = { none: 0, book: 1, waiting: 2, stop: 3, elected: 4 } as const;
export type Place = (typeof place)[keyof typeof place];

/** Doubles of an order's row, from `slot * rowDoubles`. */
export const rowDoubles = 8;
export const idAt = 0;
export const lotsAt = 1;
/** The limit; 0: at market. */
export const tickAt = 2;
/** When it came, as a count: the order at a price, and among those that end together. */
export const arrivalAt = 3;
/** Whole numbers of an order's row, from `slot * rowInts`; the first eight are the doubles' own bytes. */
export const rowInts = 16;
export const prevAt = 8;
export const nextAt = 9;
export const queueAt = 10;
export const flagsAt = 11;
export const ownerAt = 12;
export const peerAt = 13;
export const collarAt = 14;

/** The slots of the simulated market's bid and ask. */
export const bidSlot = 0;
export const askSlot = 1;

/** Doubles and whole numbers of a queue's row. */
export const queueDoubles = 2;
export const queueTickAt = 0;
export const queueInts = 4;
export const headAt = 2;
export const tailAt = 3;

/** Twice as many rows, the first half of them these. */
export function twice(ints: Int32Array): { readonly doubles: Float64Array; readonly ints: Int32Array } {
  const rows = new ArrayBuffer(ints.byteLength * 2);
  const more = new Int32Array(rows);
  // Copied as whole numbers: as doubles, bits that look like a NaN could change.
  more.set(ints);
  return { doubles: new Float64Array(rows), ints: more };
}

export const lifetimeOf = (flags: number): Lifetime => ((flags & flag.lifetimeBits) >>> flag.lifetimeShift) as Lifetime;
export const placeOf = (flags: number): number => (flags & flag.placeBits) >>> flag.placeShift;
export const sideOf = (flags: number): Side => (flags & flag.sell) as Side;

/** Which way an order goes; numbers, because the core keeps them in typed arrays. */
export const side = { buy: 0, sell: 1 } as const;
export type Side = (typeof side)[keyof typeof side];

/** How long an order lives: until the session's end, until it is cancelled, for this moment as far as it goes, or for this moment and whole. */
export const lifetime = { day: 0, gtc: 1, ioc: 2, fok: 3 } as const;
export type Lifetime = (typeof lifetime)[keyof typeof lifetime];

export const eventKind = {
  accepted: 1,
  trade: 2,
  canceled: 3,
  expired: 4,
  rejected: 5,
  replaced: 6,
  triggered: 7,
  reduced: 8,
  trailed: 9,
} as const;
export type EventKind = (typeof eventKind)[keyof typeof eventKind];

/** Why something was rejected or cancelled. */
export const reason = {
  none: 0,
  requested: 1,
  /** What an immediate-or-cancel order could not fill at once. */
  immediate: 2,
  /** A fill-or-kill order that could not be filled whole. */
  killed: 3,
  /** The other order of a pair was filled. */
  sibling: 4,
  unknownOrder: 5,
  duplicateId: 6,
  badId: 7,
  badLots: 8,
  badTick: 9,
  /** A post-only order that would have traded. */
  wouldTrade: 10,
  crossedQuote: 11,
  /** The other order of a pair must be open, of the same side, and not yet one of a pair. */
  badPeer: 12,
} as const;
export type Reason = (typeof reason)[keyof typeof reason];

/** Order ids are whole numbers from 1 up to this; prices in ticks too. */
export const largestKey = 2 ** 40 - 1;
/** Quantities in lots are whole numbers from 1 up to this: sums of them stay exact. */
export const largestLots = 2 ** 50;
/** The ids under which the simulated market's own bid and ask appear in events. */
export const marketBid = -1;
export const marketAsk = -2;
/** A share in millionths. */
export const million = 1_000_000;

/**
 * What the simulated market lends to orders that meet its quote. `displayed`: no more than the size it shows. `unlimited`: any size, which
 * is how Alpaca's paper venue fills. `partialPpm` is the share, in millionths, of fills against the quote that are cut to a random size, of so
 * many whole steps where the fill has them: an order for shares is not left with a piece of one.
 */
export interface Liquidity {
  readonly size: 'displayed' | 'unlimited';
  readonly partialPpm: number;
  /** In lots; 1 unless told. */
  readonly partialStep?: number;
}

/** Alpaca's own: size ignored, one fill in ten a partial one of random size. */
export const alpacaLiquidity: Liquidity = { size: 'unlimited', partialPpm: 100_000 };
export const displayedLiquidity: Liquidity = { size: 'displayed', partialPpm: 0 };

/** One number or word that a fault of a kind may be given. */
export interface Parameter {
  readonly name: string;
  /** As a person reads it, with its unit. */
  readonly label: string;
  readonly type: 'integer' | 'number' | 'text';
  readonly min?: number;
  readonly max?: number;
  /** What it is when nothing is said; null: it must be said. */
  readonly initial: number | string | null;
}

/** Where a fault acts: on answers to requests, on events of streams, or in the market and the venue itself. */
export type Place = 'request' | 'stream' | 'market';

/** A way in which a venue can misbehave. */
export interface Kind {
  readonly place: Place;
  /** A sentence for people. */
  readonly says: string;
  readonly parameters: readonly Parameter[];
  /** Whether it takes a symbol, and cannot do without one. */
  readonly symbol?: 'required';
}

const spread = { name: 'spreadMs', label: 'Spread, ms', type: 'integer', min: 0, max: 60_000, initial: 0 } as const;
const delay = (initial: number | null) =>
  ({ name: 'delayMs', label: 'Delay, ms', type: 'integer', min: 0, max: 60_000, initial }) as const;
const status = {
  name: 'status',
  label: 'HTTP status',
  type: 'integer',
  min: 500,
  max: 599,
  initial: 500,
} as const;

/**
 * Every kind of fault there is. `before`: the venue never saw the request. `after`: the venue did what was asked and stored it, and only
 * its answer is lost, which is the case that makes people send an order twice.
 */
export const kinds = {
  latency: {
    place: 'request',
    says: 'Answers come late: by the delay, and up to the spread more.',
    parameters: [delay(null), spread],
  },
  reject: {
    place: 'request',
    says: 'Orders are refused with a code of Alpaca’s; 40310000 unless another is named.',
    parameters: [
      { name: 'code', label: 'Code', type: 'integer', min: 40_000_000, max: 59_999_999, initial: 40_310_000 },
      { name: 'message', label: 'Message', type: 'text', initial: '' },
    ],
  },
  rate_limit: {
    place: 'request',
    says: 'Requests are answered 429, as to a program that has asked too often.',
    parameters: [{ name: 'retryAfter', label: 'Retry-After, s', type: 'integer', min: 0, max: 3600, initial: 1 }],
  },
  error_before: {
    place: 'request',
    says: 'Requests are answered 5xx and nothing was done.',
    parameters: [status],
  },
  error_after: {
    place: 'request',
    says: 'What was asked is done and stored, and the answer is 5xx.',
    parameters: [status],
  },
  reset_before: {
    place: 'request',
    says: 'The connection is reset and nothing was done.',
    parameters: [],
  },
  reset_after: {
    place: 'request',
    says: 'What was asked is done and stored, and the connection is reset instead of an answer.',
    parameters: [],
  },
  stream_drop: {
    place: 'stream',
    says: 'The connection of a stream is reset when an event should be sent; the event is lost.',
    parameters: [],
  },
  stream_duplicate: {
    place: 'stream',
    says: 'Events are sent again.',
    parameters: [{ name: 'copies', label: 'Copies more', type: 'integer', min: 1, max: 10, initial: 1 }],
  },
  stream_delay: {
    place: 'stream',
    says: 'Events come late, and those behind them with them.',
    parameters: [delay(null), spread],
  },
  stream_reorder: {
    place: 'stream',
    says: 'An event is held back until others have overtaken it, or the delay is over.',
    parameters: [{ name: 'window', label: 'Overtaken by', type: 'integer', min: 1, max: 50, initial: 1 }, delay(1000)],
  },
  stream_gap: {
    place: 'stream',
    says: 'Events are never sent.',
    parameters: [],
  },
  partial_fill: {
    place: 'market',
    says: 'Orders are filled in part; the rest waits for the next quote.',
    parameters: [],
  },
  halt: {
    place: 'market',
    says: 'A symbol does not trade: orders are taken and wait.',
    parameters: [],
    symbol: 'required',
  },
  suspend: {
    place: 'market',
    says: 'A symbol cannot be traded any more: new orders are refused; what rests goes on resting.',
    parameters: [],
    symbol: 'required',
  },
  early_close: {
    place: 'market',
    says: 'The day’s session ends early, in so many seconds.',
    parameters: [{ name: 'inSeconds', label: 'Closes in, s', type: 'integer', min: 0, max: 86_400, initial: 0 }],
  },
  price_jump: {
    place: 'market',
    says: 'A price jumps at once, through whatever stops lie between.',
    parameters: [{ name: 'percent', label: 'By, %', type: 'number', min: -99, max: 1000, initial: null }],
    symbol: 'required',
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof kinds;

export const kindNames = Object.keys(kinds) as KindName[];

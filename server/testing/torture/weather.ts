import { type Awkward, awkwardOf, type FaultOrder, type ShownFault } from '../awkward.ts';
import type { Draw } from './draw.ts';
import { symbols } from './load.ts';

/** Faults of the exchange that come and go while the run lasts. */
export interface Weather {
  /** Turns so many on, for a few seconds each; null: a few. Each comes up before any comes up again. */
  change(count: number | null): Promise<void>;
  /** Turns one of a kind on. */
  cause(kind: string): Promise<void>;
  /** Lets a price jump, through whatever stops lie between. */
  jump(): Promise<void>;
  clear(): Promise<void>;
  readonly turnedOn: Readonly<Record<string, number>>;
  /** How often each kind struck. */
  hits(): Promise<Record<string, number>>;
}

const post = { method: 'POST', path: '/v2/orders' } as const;

export function createWeather(exchange: { url: string; adminKey: string }, draw: Draw): Weather {
  const awkward: Awkward = awkwardOf(exchange);
  const told = new Map<string, ShownFault>();
  const symbol = () => draw.pick(symbols);
  const seconds = () => draw.whole(1, 4);
  const seed = () => draw.whole(1, 1_000_000);

  /** What can come up, each made anew when it does. */
  const kinds: Readonly<Record<string, () => FaultOrder>> = {
    latency: () => ({ kind: 'latency', delayMs: draw.whole(5, 60), spreadMs: draw.whole(0, 300), seconds: seconds() }),
    'latency beyond patience': () => ({ kind: 'latency', delayMs: 9000, count: 1, match: post, seconds: 5 }),
    reject: () => ({ kind: 'reject', probability: 0.3, seconds: seconds() }),
    rate_limit: () => ({ kind: 'rate_limit', retryAfter: 0, probability: 0.4, seconds: seconds() }),
    error_before: () => ({
      kind: 'error_before',
      status: draw.pick([500, 502, 503]),
      probability: 0.4,
      seconds: seconds(),
    }),
    error_after: () => ({ kind: 'error_after', status: draw.pick([500, 504]), probability: 0.4, seconds: seconds() }),
    reset_before: () => ({ kind: 'reset_before', probability: 0.4, seconds: seconds() }),
    reset_after: () => ({ kind: 'reset_after', probability: 0.4, seconds: seconds() }),
    stream_drop: () => ({ kind: 'stream_drop', probability: 0.3, seconds: seconds() }),
    stream_duplicate: () => ({
      kind: 'stream_duplicate',
      copies: draw.whole(1, 3),
      probability: 0.5,
      seconds: seconds(),
    }),
    stream_delay: () => ({ kind: 'stream_delay', delayMs: 100, spreadMs: 600, probability: 0.5, seconds: seconds() }),
    stream_reorder: () => ({
      kind: 'stream_reorder',
      window: draw.whole(1, 3),
      delayMs: 500,
      probability: 0.5,
      seconds: seconds(),
    }),
    stream_gap: () => ({ kind: 'stream_gap', probability: 0.5, seconds: seconds() }),
    partial_fill: () => ({ kind: 'partial_fill', seconds: seconds() }),
    halt: () => ({ kind: 'halt', match: { symbol: symbol() }, seconds: seconds() }),
    suspend: () => ({ kind: 'suspend', match: { symbol: symbol() }, seconds: seconds() }),
    price_jump: () => ({ kind: 'price_jump', percent: draw.pick([-5, -3, 3, 5]), match: { symbol: symbol() } }),
  };
  const names = Object.keys(kinds);
  let queue: string[] = [];
  const turnedOn: Record<string, number> = {};

  const add = async (name: string): Promise<void> => {
    const order = kinds[name]!();
    const { seconds: lasts, ...rest } = order;
    const shown = await awkward.add({ ...rest, ...(lasts === undefined ? {} : { seconds: lasts }), seed: seed() });
    told.set(shown.id, shown);
    turnedOn[shown.kind] = (turnedOn[shown.kind] ?? 0) + 1;
  };
  const collect = async (): Promise<void> => {
    const { faults, ended } = await awkward.list();
    for (const fault of [...faults, ...ended]) if (told.has(fault.id)) told.set(fault.id, fault);
  };
  return {
    turnedOn,
    async change(wanted) {
      await collect();
      const count = wanted ?? draw.whole(0, 3);
      for (let i = 0; i < count; i++) {
        if (queue.length === 0) queue = draw.shuffled(names);
        await add(queue.pop()!);
      }
    },
    cause: add,
    jump: () => add('price_jump'),
    async clear() {
      await collect();
      await awkward.clear();
    },
    async hits() {
      await collect();
      const hits: Record<string, number> = {};
      for (const { kind, hits: count } of told.values()) hits[kind] = (hits[kind] ?? 0) + Number(count);
      return hits;
    },
  };
}

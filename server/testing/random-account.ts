import { Big } from '../core/decimal.ts';
import { SeededDraw } from '../exchange/book/seeded-draw.ts';
import type { ManualClock } from './manual-clock.ts';

type Json = Record<string, unknown>;

/** What the account is played on. */
export interface PlayedOn {
  readonly seed: number;
  /** Orders that are taken before it ends. */
  readonly wanted: number;
  readonly clock: ManualClock;
  api(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }>;
  quote(symbol: string, bid: number, ask: number, size: number): Promise<void>;
  /** Stops the exchange, and opens it again on the same books when this much time is gone. */
  restart(afterMs: number): Promise<void>;
}

export interface AnyOrders {
  readonly taken: number;
  /** How often each refusal was given. */
  readonly refused: ReadonlyMap<string, number>;
  /** What each order was for when it was placed, by id. */
  readonly asked: ReadonlyMap<string, Big>;
}

const minuteMs = 60_000;

/** Symbols with their prices of the moment. */
const firstPrices: Readonly<Record<string, number>> = {
  AAPL: 150,
  KO: 62,
  F: 12,
  MSFT: 400,
  'BTC/USD': 60_000,
  'DOGE/USD': 0.15,
};

/**
 * A client that tries everything in a random order, the same for the same seed: orders of every type, side, class and time in force that
 * are more often than not such as the venue takes, replacements, cancellations, closings; on a market that walks, through sessions.
 */
export async function anyOrders(on: PlayedOn): Promise<AnyOrders> {
  return new Player(on).play();
}

class Player {
  readonly #on: PlayedOn;
  readonly #draw: SeededDraw;
  readonly #prices: Record<string, number> = { ...firstPrices };
  readonly #symbols = Object.keys(firstPrices);
  readonly #asked = new Map<string, Big>();
  readonly #refused = new Map<string, number>();
  readonly #sides: Record<string, 'buy' | 'sell'> = {};
  #open: string[] = [];
  #taken = 0;

  constructor(on: PlayedOn) {
    this.#on = on;
    this.#draw = new SeededDraw(on.seed);
  }

  async play(): Promise<AnyOrders> {
    await this.#quoteAll();
    for (let step = 0; this.#taken < this.#on.wanted; step += 1) {
      const draw = this.#draw.next();
      if (draw < 0.6) await this.#place();
      else if (draw < 0.8) await this.#move(this.#one(this.#symbols));
      else if (draw < 0.87) await this.#replace();
      else if (draw < 0.95) await this.#cancel();
      else if (draw < 0.965) await this.#close();
      else if (draw < 0.966) await this.#on.api('DELETE', '/v2/orders');
      else await this.#on.clock.advance(minuteMs * (1 + Math.floor(this.#draw.next() * 3)));
      if (step % 60 === 0) await this.#look();
    }
    return { taken: this.#taken, refused: this.#refused, asked: this.#asked };
  }

  /** Sees which orders are open; now and then goes on, with the exchange stopped meanwhile, to just before the next close or opening. */
  async #look(): Promise<void> {
    const { json } = await this.#on.api('GET', '/v2/orders?status=open&limit=500');
    this.#open = (json as { id: string }[]).map(({ id }) => id);
    if (this.#draw.next() > 0.06) return;
    const clock = (await this.#on.api('GET', '/v2/clock')).json as Record<'next_open' | 'next_close', string>;
    const edge = Math.min(Date.parse(clock.next_open), Date.parse(clock.next_close));
    await this.#on.restart(edge - this.#on.clock.now().getTime() - 5 * minuteMs);
    for (const symbol of this.#symbols) await this.#move(symbol);
  }

  async #quoteAll(): Promise<void> {
    for (const symbol of this.#symbols) await this.#show(symbol, 500);
  }

  async #move(symbol: string): Promise<void> {
    const far = this.#draw.next() < 0.1 ? 0.03 : 0.004;
    const pull = (firstPrices[symbol]! / this.#prices[symbol]! - 1) * 0.05;
    this.#prices[symbol]! *= 1 + pull + (this.#draw.next() - 0.5) * 2 * far;
    await this.#show(symbol, 1 + Math.floor(this.#draw.next() ** 3 * 300));
  }

  #show(symbol: string, size: number): Promise<void> {
    const price = this.#prices[symbol]!;
    return this.#on.quote(symbol, Number(grid(price * 0.9996)), Number(grid(price * 1.0004)), size);
  }

  async #place(): Promise<void> {
    const symbol = this.#one(this.#symbols);
    // One side for a while, and what rests on it goes before the other's turn: an account's own orders must not meet.
    if (this.#draw.next() < 0.03) {
      this.#sides[symbol] = this.#sides[symbol] === 'buy' ? 'sell' : 'buy';
      const { json } = await this.#on.api('GET', `/v2/orders?symbols=${encodeURIComponent(symbol)}&limit=500`);
      for (const { id } of json as { id: string }[]) await this.#on.api('DELETE', `/v2/orders/${id}`);
    }
    const { status, json } = await this.#on.api('POST', '/v2/orders', this.#order(symbol));
    this.#note(status, json as Json);
  }

  async #replace(): Promise<void> {
    const id = this.#one(this.#open);
    if (!id) return;
    const order = (await this.#on.api('GET', `/v2/orders/${id}`)).json as Json;
    const price = (near: unknown): string => grid(Number(near) * (0.985 + 0.03 * this.#draw.next()));
    const change: Json = {
      ...(order.limit_price && this.#draw.next() < 0.7 ? { limit_price: price(order.limit_price) } : {}),
      ...(order.stop_price && !order.trail_price && !order.trail_percent
        ? { stop_price: price(order.stop_price) }
        : {}),
      ...(order.order_class === '' && this.#draw.next() < 0.5
        ? { qty: String(1 + Math.floor(this.#draw.next() * 60)) }
        : {}),
    };
    const { status, json } = await this.#on.api('PATCH', `/v2/orders/${id}`, change);
    this.#note(status, json as Json);
  }

  async #cancel(): Promise<void> {
    const id = this.#one(this.#open);
    if (id) await this.#on.api('DELETE', `/v2/orders/${id}`);
  }

  async #close(): Promise<void> {
    const symbol = encodeURIComponent(this.#one(this.#symbols).replace('/', ''));
    const share = this.#draw.next() < 0.5 ? '' : `?percentage=${1 + Math.floor(this.#draw.next() * 100)}`;
    const { status, json } = await this.#on.api('DELETE', `/v2/positions/${symbol}${share}`);
    this.#note(status, json as Json);
  }

  #note(status: number, json: Json): void {
    if (status !== 200) {
      const why = `${status} ${json.message}`.replace(/[\d.]+|"[^"]*"/g, '#');
      if (status >= 500) throw new Error(`${status}: ${JSON.stringify(json)}`);
      this.#refused.set(why, (this.#refused.get(why) ?? 0) + 1);
      return;
    }
    this.#taken += 1;
    for (const order of [json, ...((json.legs as Json[] | null) ?? [])]) {
      this.#open.push(order.id as string);
      if (order.qty) this.#asked.set(order.id as string, new Big(order.qty as string));
    }
  }

  #order(symbol: string): Json {
    const side = this.#sides[symbol] ?? 'buy';
    const crypto = symbol.includes('/');
    const at = (share: number): string => grid(this.#prices[symbol]! * (side === 'buy' ? 1 + share : 1 - share));
    const draw = (from: number, to: number): number => from + (to - from) * this.#draw.next();
    const whole = String(1 + Math.floor(this.#draw.next() * 60));
    const base = { symbol, side };
    if (crypto) {
      const type = this.#one(['market', 'market', 'limit', 'limit', 'stop_limit']);
      return {
        ...base,
        type,
        qty: (draw(20, 20_000) / this.#prices[symbol]!).toFixed(6),
        time_in_force: this.#one(['gtc', 'gtc', 'ioc']),
        ...(type === 'market' ? {} : { limit_price: at(draw(-0.01, 0.005)) }),
        ...(type === 'stop_limit' ? { stop_price: at(draw(0.001, 0.01)) } : {}),
      };
    }
    const kind = this.#draw.next();
    const life = this.#one(['day', 'day', 'gtc', 'gtc', 'ioc', 'fok', 'opg', 'cls']);
    if (kind < 0.2) return { ...base, type: 'market', qty: whole, time_in_force: life };
    if (kind < 0.27) return { ...base, type: 'market', notional: draw(5, 5000).toFixed(2), time_in_force: 'day' };
    if (kind < 0.33)
      return {
        ...base,
        type: 'limit',
        qty: draw(0.01, 9).toFixed(6),
        time_in_force: 'day',
        limit_price: at(draw(-0.01, 0.003)),
      };
    if (kind < 0.6) {
      const limit = { ...base, type: 'limit', qty: whole, limit_price: at(draw(-0.012, 0.004)) };
      if (this.#draw.next() < 0.15) return { ...limit, time_in_force: 'day', extended_hours: true };
      return { ...limit, time_in_force: life };
    }
    const lasting = this.#one(['day', 'gtc']);
    const stop = { ...base, qty: whole, time_in_force: lasting, stop_price: at(draw(0.002, 0.012)) };
    if (kind < 0.67) return { ...stop, type: 'stop' };
    if (kind < 0.73) return { ...stop, type: 'stop_limit', limit_price: at(draw(0.002, 0.02)) };
    if (kind < 0.79) {
      const trail = this.#one([
        { trail_percent: draw(0.2, 1.5).toFixed(2) },
        { trail_price: grid(this.#prices[symbol]! * 0.004) },
      ]);
      return { ...base, ...trail, type: 'trailing_stop', qty: whole, time_in_force: lasting };
    }
    // From the order's own side: profit lies ahead for a buy that opens, behind for a sell that closes.
    const [profit, loss] = [draw(0.004, 0.012), draw(0.004, 0.012)];
    const exits = {
      take_profit: { limit_price: at(profit) },
      stop_loss: { stop_price: at(-loss), ...(this.#draw.next() < 0.4 ? { limit_price: at(-loss - 0.004) } : {}) },
    };
    const entry =
      this.#draw.next() < 0.5 ? { type: 'market' } : { type: 'limit', limit_price: at(draw(-0.003, 0.002)) };
    const group = { ...base, qty: whole, time_in_force: lasting };
    if (kind < 0.88) return { ...group, ...entry, ...exits, order_class: 'bracket' };
    if (kind < 0.92)
      return {
        ...group,
        ...entry,
        order_class: 'oto',
        ...this.#one([{ take_profit: exits.take_profit }, { stop_loss: exits.stop_loss }]),
      };
    return {
      ...group,
      type: 'limit',
      order_class: 'oco',
      take_profit: { limit_price: at(-profit) },
      stop_loss: { stop_price: at(loss), ...(this.#draw.next() < 0.4 ? { limit_price: at(loss + 0.004) } : {}) },
    };
  }

  #one<T>(list: readonly T[]): T {
    return list[Math.floor(this.#draw.next() * list.length)]!;
  }
}

const grid = (price: number): string => price.toFixed(price < 1 ? 4 : 2);

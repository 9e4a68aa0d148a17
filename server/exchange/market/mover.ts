import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { Market, MarketTick } from './market.ts';

export interface MoverParts {
  readonly market: Market;
  readonly clock: Clock;
  /** Is told what has become the present; the next moment waits until it has seen it. */
  readonly show: (ticks: readonly MarketTick[]) => Promise<void>;
  /** Is told of each minute that ended, by its beginning. */
  readonly endMinute: (minute: number, now: Date) => void;
}

const everyMs = 250;
const minuteMs = 60_000;

/** Lets a market go on with the clock: what happens in it becomes the present one moment after the other. */
export class MarketMover {
  readonly #parts: MoverParts;
  #timer: Timer | null = null;
  #last: Date;
  #moving: Promise<void> | null = null;

  constructor(parts: MoverParts) {
    this.#parts = parts;
    this.#last = parts.clock.now();
  }

  /** Shows the market as it stands; resolves when that was seen, and goes on from there. */
  async start(): Promise<void> {
    await this.#move();
    this.#timer = this.#parts.clock.every(everyMs, () => {
      // A venue that is slow to see one moment gets the next ones together.
      this.#moving ??= this.#move().finally(() => {
        this.#moving = null;
      });
    });
  }

  /** Makes ticks the present, those of one moment together: of no symbol two at once. */
  async see(ticks: readonly MarketTick[]): Promise<void> {
    let round = new Map<string, MarketTick>();
    const rounds = [round];
    for (const tick of ticks) {
      if (round.has(tick.symbol)) {
        round = new Map();
        rounds.push(round);
      }
      round.set(tick.symbol, tick);
    }
    for (const together of rounds) {
      if (together.size === 0) continue;
      for (const tick of together.values()) this.#parts.market.apply(tick);
      await this.#parts.show([...together.values()]);
    }
  }

  async stop(): Promise<void> {
    this.#timer?.cancel();
    await this.#moving;
  }

  async #move(): Promise<void> {
    const { market, clock, endMinute } = this.#parts;
    const now = clock.now();
    await this.see(market.advance(now));
    const minute = Math.floor(now.getTime() / minuteMs) * minuteMs;
    if (this.#last.getTime() < minute) endMinute(minute - minuteMs, now);
    this.#last = now;
  }
}

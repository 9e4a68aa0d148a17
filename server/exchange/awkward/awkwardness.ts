import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Random } from '../../core/ports/random.ts';
import { type SeededRandom, seededRandom } from '../market/seeded-random.ts';
import { type FaultRequest, matches, readFault, type Subject } from './fault.ts';
import { type KindName, kinds } from './kinds.ts';

/** A fault that is on, or was. */
export interface Fault extends FaultRequest {
  readonly id: string;
  readonly since: Date;
  /** What it matched, and what of that it struck. */
  seen: number;
  hits: number;
  /** How it ended; null while it is on. */
  ended: 'count' | 'time' | 'removed' | null;
}

/** What a fault of the market does to the venue while it is on. */
export interface Hold {
  /** Called when the fault begins; what it answers is called when it ends. Throws a `FaultRefusal` when it cannot be. */
  begin(fault: Fault): Promise<() => Promise<void> | void>;
}

const endedKept = 20;

/**
 * The faults that are on. Each has a generator of its own from its seed, drawn once for every request or event it matches, so that
 * the same seed over the same sequence strikes the same ones. Nothing of it outlives the process.
 */
export class Awkwardness {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Log;
  readonly #seed: number;
  readonly #hold: Hold;
  readonly #faults = new Map<
    string,
    { fault: Fault; draw: SeededRandom; timer: Timer | null; release: () => unknown }
  >();
  readonly #ended: Fault[] = [];
  #made = 0;

  constructor(parts: { clock: Clock; random: Random; log: Log; seed: number; hold: Hold }) {
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#log = parts.log;
    this.#seed = parts.seed;
    this.#hold = parts.hold;
  }

  /** Whether anything is on; nothing is looked at otherwise. */
  get calm(): boolean {
    return this.#faults.size === 0;
  }

  /** What is on, oldest first. */
  list(): Fault[] {
    return [...this.#faults.values()].map(({ fault }) => fault);
  }

  /** The last that ended, newest first. */
  past(): readonly Fault[] {
    return this.#ended;
  }

  /** Turns a fault on, from JSON. Throws a `FaultRefusal` that says what is wrong with it. */
  async add(json: unknown): Promise<Fault> {
    const now = this.#clock.now();
    const asked = readFault(json, now, (this.#seed + ++this.#made * 0x9e37_79b1) >>> 0);
    const fault: Fault = { ...asked, id: this.#random.id(), since: now, seen: 0, hits: 0, ended: null };
    const inMarket = kinds[fault.kind].place === 'market';
    const release = inMarket ? await this.#hold.begin(fault) : () => undefined;
    if (inMarket) fault.hits = fault.seen = 1;
    const timer = fault.endsAt
      ? this.#clock.after(fault.endsAt.getTime() - now.getTime(), () => void this.#end(fault, 'time'))
      : null;
    this.#faults.set(fault.id, { fault, draw: seededRandom(fault.seed), timer, release });
    // A jump is over as it happens.
    if (fault.kind === 'price_jump') await this.#end(fault, 'count');
    return fault;
  }

  /** Turns one off; false when it is not on. */
  async remove(id: string): Promise<boolean> {
    const held = this.#faults.get(id);
    if (!held) return false;
    await this.#end(held.fault, 'removed');
    return true;
  }

  async clear(): Promise<void> {
    for (const { fault } of [...this.#faults.values()].reverse()) await this.#end(fault, 'removed');
  }

  /** The faults of a kind that strike this, each asked once. */
  strike(kind: KindName, subject: Subject): { fault: Fault; draw: SeededRandom }[] {
    const struck: { fault: Fault; draw: SeededRandom }[] = [];
    for (const { fault, draw } of [...this.#faults.values()]) {
      if (fault.kind !== kind || !matches(fault.match, subject)) continue;
      fault.seen++;
      // Drawn even where the outcome is sure, so that a changed probability does not shift what else is drawn.
      if (draw.next() >= fault.probability) continue;
      fault.hits++;
      struck.push({ fault, draw });
      if (fault.count !== null && fault.hits >= fault.count) void this.#end(fault, 'count');
    }
    return struck;
  }

  async #end(fault: Fault, how: NonNullable<Fault['ended']>): Promise<void> {
    const held = this.#faults.get(fault.id);
    if (!held) return;
    this.#faults.delete(fault.id);
    held.timer?.cancel();
    fault.ended = how;
    this.#ended.unshift(fault);
    this.#ended.splice(endedKept);
    // What ends by itself has nobody to tell that it could not.
    await Promise.resolve(held.release()).catch((error: unknown) => {
      this.#log.error({ error, kind: fault.kind }, 'a fault of the exchange could not be ended');
    });
  }
}

/** A fault's delay: what is said, and up to its spread more. */
export const delayOf = ({ fault, draw }: { fault: Fault; draw: SeededRandom }): number =>
  Number(fault.parameters.delayMs) + Math.round(draw.next() * Number(fault.parameters.spreadMs ?? 0));

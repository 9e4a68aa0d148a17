import type { Command } from './command.ts';
import { SeededDraw } from './seeded-draw.ts';
import { type Lifetime, lifetime, type Side, side } from './terms.ts';

/** Commands of every kind around a price of 100, many of them at the edge of what is allowed; the same seed gives the same ones. */
export class RandomCommands {
  readonly #draw: SeededDraw;
  readonly #sent: number[] = [];
  #id = 0;
  #time = 0;

  constructor(seed: number) {
    this.#draw = new SeededDraw(seed);
  }

  next(): Command {
    this.#time += 1;
    const time = this.#time;
    const kind = this.#upTo(100);
    if (kind <= 18) return { time, kind: 'cancel', id: this.#earlier() };
    if (kind <= 26) return this.#replacement(time);
    if (kind <= 34) {
      const bid = 85 + this.#upTo(25);
      const ask = bid + this.#upTo(4) - (this.#upTo(20) === 1 ? 3 : 0);
      const size = (): number => (this.#upTo(8) === 1 ? 0 : this.#upTo(60));
      return { time, kind: 'quote', bid, bidLots: size(), ask: Math.max(1, ask), askLots: size() };
    }
    if (kind <= 37) return { time, kind: 'print', tick: 85 + this.#upTo(30) };
    if (kind <= 38) return { time, kind: 'expire', id: this.#earlier() };
    if (kind === 39 && this.#upTo(10) === 1) return { time, kind: 'endOfDay' };
    return this.#entry(time, kind);
  }

  #entry(time: number, kind: number): Command {
    // Now and then an id that is taken.
    const id = this.#upTo(60) === 1 ? this.#earlier() : ++this.#id;
    if (id === this.#id) this.#sent.push(id);
    const way: Side = this.#upTo(2) === 1 ? side.buy : side.sell;
    const life = this.#life();
    const entry = {
      time,
      id,
      owner: this.#upTo(5),
      side: way,
      lots: this.#upTo(50),
      lifetime: life,
      ...(this.#upTo(5) === 1 ? { peer: this.#earlier() } : {}),
    };
    const price = (): number => 88 + this.#upTo(24);
    const collar = this.#upTo(3) === 1 ? { collarPpm: 10_000 * this.#upTo(5) } : {};
    if (kind <= 75) return { ...entry, kind: 'limit', tick: price(), post: this.#upTo(10) === 1 };
    if (kind <= 87) return { ...entry, ...collar, kind: 'market', lots: entry.lots * 2 };
    const stop = way === side.buy ? 98 + this.#upTo(14) : 102 - this.#upTo(14);
    if (kind <= 92) return { ...entry, ...collar, kind: 'stop', stop, tick: 0 };
    if (kind <= 95) return { ...entry, kind: 'stop', stop, tick: price() };
    const share = this.#upTo(2) === 1;
    return {
      ...entry,
      ...collar,
      kind: 'trail',
      trailTicks: share ? 0 : this.#upTo(8),
      trailPpm: share ? 10_000 * this.#upTo(8) : 0,
      mark: this.#upTo(3) === 1 ? price() : 0,
    };
  }

  #replacement(time: number): Command {
    const id = this.#earlier();
    const newId = this.#upTo(4) === 1 ? id : ++this.#id;
    if (newId !== id) this.#sent.push(newId);
    const change = {
      ...(this.#upTo(2) === 1 ? { lots: this.#upTo(50) } : {}),
      ...(this.#upTo(2) === 1 ? { tick: 88 + this.#upTo(24) } : {}),
      ...(this.#upTo(6) === 1 ? { stop: 88 + this.#upTo(24) } : {}),
      ...(this.#upTo(8) === 1 ? { trail: this.#upTo(8) } : {}),
      ...(this.#upTo(8) === 1 ? { lifetime: this.#life() } : {}),
    };
    return { time, kind: 'replace', id, newId, change };
  }

  #life(): Lifetime {
    const draw = this.#upTo(10);
    return draw <= 5 ? lifetime.gtc : draw <= 8 ? lifetime.day : draw === 9 ? lifetime.ioc : lifetime.fok;
  }

  /** An id sent lately, more often than not still open. */
  #earlier(): number {
    const back = Math.floor(this.#draw.next() ** 2 * Math.min(60, this.#sent.length));
    return this.#sent[this.#sent.length - 1 - back] ?? 1;
  }

  #upTo(most: number): number {
    return 1 + Math.floor(this.#draw.next() * most);
  }
}

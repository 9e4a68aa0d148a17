import { SeededDraw } from '../../exchange/book/seeded-draw.ts';
import { type Lifetime, largestKey, largestLots, lifetime, type Side, side } from '../../exchange/book/terms.ts';
import type { Command } from './command.ts';

/**
 * Commands of every kind around a price of 100, many of them at the edge of what is allowed and some beyond it; the same seed gives the
 * same ones. Every other seed trades `thin`: orders cross all the time and few stand; the others `deep`: hundreds of orders stand.
 */
export class RandomCommands {
  readonly #draw: SeededDraw;
  readonly #deep: boolean;
  readonly #sent: number[] = [];
  readonly #sentSides = new Map<number, Side>();
  #id = 0;
  #time = 0;

  constructor(seed: number) {
    this.#draw = new SeededDraw(seed);
    this.#deep = seed % 2 === 0;
  }

  next(): Command {
    this.#time += 1;
    const time = this.#time;
    const kind = this.#upTo(100);
    if (kind <= (this.#deep ? 8 : 18)) return { time, kind: 'cancel', id: this.#earlier() };
    if (kind <= 26) return this.#replacement(time);
    if (kind <= (this.#deep ? 28 : 34)) return this.#quote(time);
    if (kind <= 37) return { time, kind: 'print', tick: this.#seldom(0, 85 + this.#upTo(30)) };
    if (kind <= 38) return { time, kind: 'expire', id: this.#earlier() };
    if (kind === 39 && this.#upTo(this.#deep ? 200 : 10) === 1) return { time, kind: 'endOfDay' };
    return this.#entry(time, kind);
  }

  #quote(time: number): Command {
    const bid = 85 + this.#upTo(25);
    const ask = bid + this.#upTo(4) - (this.#upTo(20) === 1 ? 3 : 0);
    const size = (): number => this.#seldom(-5, this.#upTo(8) === 1 ? 0 : this.#upTo(60));
    return { time, kind: 'quote', bid, bidLots: size(), ask: Math.max(1, ask), askLots: size() };
  }

  #entry(time: number, kind: number): Command {
    const way: Side = this.#upTo(2) === 1 ? side.buy : side.sell;
    // Now and then an id that is taken, or that can be none.
    const draw = this.#upTo(120);
    const id = draw <= 2 ? this.#earlier() : draw === 3 ? this.#impossible() : ++this.#id;
    if (draw > 3) this.#note(id, way);
    const entry = {
      time,
      id,
      owner: this.#upTo(5),
      side: way,
      lots: this.#seldom(this.#impossible(), this.#upTo(50)),
      lifetime: this.#life(),
      ...(this.#upTo(4) === 1 ? { peer: this.#peer(way) } : {}),
    };
    const collar = this.#upTo(3) === 1 ? { collarPpm: 10_000 * this.#upTo(5) } : {};
    if (kind <= 75) return { ...entry, kind: 'limit', tick: this.#price(way), post: this.#upTo(10) === 1 };
    if (kind <= (this.#deep ? 80 : 87)) return { ...entry, ...collar, kind: 'market', lots: entry.lots * 2 };
    const stop = this.#seldom(this.#impossible(), way === side.buy ? 98 + this.#upTo(14) : 102 - this.#upTo(14));
    if (kind <= 92) return { ...entry, ...collar, kind: 'stop', stop, tick: 0 };
    if (kind <= 95) return { ...entry, kind: 'stop', stop, tick: this.#price(way) };
    const share = this.#upTo(2) === 1;
    return {
      ...entry,
      ...collar,
      kind: 'trail',
      trailTicks: share ? 0 : this.#seldom(-1, this.#upTo(8)),
      trailPpm: share ? this.#seldom(1_000_000, 10_000 * this.#upTo(8)) : 0,
      mark: this.#upTo(3) === 1 ? 88 + this.#upTo(24) : 0,
    };
  }

  #replacement(time: number): Command {
    const id = this.#earlier();
    const draw = this.#upTo(12);
    const newId = draw <= 3 ? id : draw === 4 ? this.#earlier() : ++this.#id;
    if (draw > 4) this.#note(newId, this.#sentSides.get(id) ?? side.buy);
    const change = {
      ...(this.#upTo(2) === 1 ? { lots: this.#seldom(0, this.#upTo(50)) } : {}),
      ...(this.#upTo(2) === 1 ? { tick: this.#price(this.#sentSides.get(id) ?? side.buy) } : {}),
      ...(this.#upTo(6) === 1 ? { stop: 88 + this.#upTo(24) } : {}),
      ...(this.#upTo(8) === 1 ? { trail: this.#upTo(8) } : {}),
      ...(this.#upTo(8) === 1 ? { lifetime: this.#life() } : {}),
    };
    return { time, kind: 'replace', id, newId, change };
  }

  #price(way: Side): number {
    if (!this.#deep || this.#upTo(5) === 1) return this.#seldom(this.#impossible(), 88 + this.#upTo(24));
    return way === side.buy ? 102 - this.#upTo(60) : 98 + this.#upTo(60);
  }

  #life(): Lifetime {
    const draw = this.#upTo(10);
    return draw <= 5 ? lifetime.gtc : draw <= 8 ? lifetime.day : draw === 9 ? lifetime.ioc : lifetime.fok;
  }

  #note(id: number, way: Side): void {
    this.#sent.push(id);
    this.#sentSides.set(id, way);
  }

  /** An id sent lately, more often than not still open. */
  #earlier(): number {
    const back = Math.floor(this.#draw.next() ** 2 * Math.min(this.#deep ? 600 : 60, this.#sent.length));
    return this.#sent[this.#sent.length - 1 - back] ?? 1;
  }

  /** Mostly one of the same side, which may be open. */
  #peer(way: Side): number {
    for (let tries = 0; tries < 3; tries += 1) {
      const id = this.#earlier();
      if (this.#sentSides.get(id) === way) return id;
    }
    return this.#earlier();
  }

  #impossible(): number {
    return [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, largestKey + 1, largestLots + 2][this.#upTo(7) - 1]!;
  }

  #seldom(rare: number, usual: number): number {
    return this.#upTo(150) === 1 ? rare : usual;
  }

  #upTo(most: number): number {
    return 1 + Math.floor(this.#draw.next() * most);
  }
}

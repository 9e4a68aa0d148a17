import type { EventKind, Reason, Side } from './terms.ts';
import * as terms from './terms.ts';

const { eventKind, reason } = terms;

const width = 8;

/** One event, as an object. Ids of the simulated market's own quotes are `marketBid` and `marketAsk`. */
export type BookEvent =
  | { readonly kind: 'accepted'; readonly id: number; readonly lots: number }
  | {
      readonly kind: 'trade';
      readonly maker: number;
      readonly taker: number;
      /** The maker's price: who waited sets it. */
      readonly tick: number;
      readonly lots: number;
      readonly makerLeaves: number;
      readonly takerLeaves: number;
      readonly takerSide: Side;
    }
  | { readonly kind: 'canceled'; readonly id: number; readonly lots: number; readonly reason: Reason }
  | { readonly kind: 'expired'; readonly id: number; readonly lots: number }
  | { readonly kind: 'rejected'; readonly id: number; readonly reason: Reason }
  | { readonly kind: 'replaced'; readonly id: number; readonly replaces: number; readonly lots: number }
  | { readonly kind: 'triggered'; readonly id: number; readonly tick: number }
  /** The other order of a pair was filled in part: this one shrank by as much. */
  | { readonly kind: 'reduced'; readonly id: number; readonly lots: number; readonly leaves: number }
  /** A trailing stop moved. `tick` is its stop now, `mark` the best price it has seen. */
  | { readonly kind: 'trailed'; readonly id: number; readonly tick: number; readonly mark: number };

/**
 * What the last command did, in order: rows of eight numbers in one typed array, so that telling it allocates nothing. Read the columns
 * that the kind has, or take `list()` where objects are handier than speed.
 */
export class EventTape {
  #rows = new Float64Array(64 * width);
  count = 0;

  kind(at: number): EventKind {
    return this.#rows[at * width] as EventKind;
  }

  /** The order it is about; of a trade the taker. */
  id(at: number): number {
    return this.#rows[at * width + 1]!;
  }

  /** Of a trade the maker; of a replacement the order it replaces; of a trailing stop its mark. */
  other(at: number): number {
    return this.#rows[at * width + 2]!;
  }

  tick(at: number): number {
    return this.#rows[at * width + 3]!;
  }

  lots(at: number): number {
    return this.#rows[at * width + 4]!;
  }

  /** What the order has left; of a trade the taker. */
  leaves(at: number): number {
    return this.#rows[at * width + 5]!;
  }

  makerLeaves(at: number): number {
    return this.#rows[at * width + 6]!;
  }

  /** The reason; of a trade the taker's side. */
  code(at: number): number {
    return this.#rows[at * width + 7]!;
  }

  push(
    kind: EventKind,
    id: number,
    other: number,
    tick: number,
    lots: number,
    leaves: number,
    makerLeaves: number,
    code: number,
  ): void {
    const at = this.count * width;
    if (at === this.#rows.length) this.#grow();
    const rows = this.#rows;
    rows[at] = kind;
    rows[at + 1] = id;
    rows[at + 2] = other;
    rows[at + 3] = tick;
    rows[at + 4] = lots;
    rows[at + 5] = leaves;
    rows[at + 6] = makerLeaves;
    rows[at + 7] = code;
    this.count += 1;
  }

  /** The event that every order begins with, and so the most frequent: only the columns that it has. */
  pushAccepted(id: number, lots: number): void {
    const at = this.count * width;
    if (at === this.#rows.length) this.#grow();
    const rows = this.#rows;
    rows[at] = eventKind.accepted;
    rows[at + 1] = id;
    rows[at + 4] = lots;
    this.count += 1;
  }

  list(): BookEvent[] {
    return Array.from({ length: this.count }, (_, at) => this.#event(at));
  }

  #event(at: number): BookEvent {
    const id = this.id(at);
    const lots = this.lots(at);
    switch (this.kind(at)) {
      case eventKind.accepted:
        return { kind: 'accepted', id, lots };
      case eventKind.trade:
        return {
          kind: 'trade',
          maker: this.other(at),
          taker: id,
          tick: this.tick(at),
          lots,
          makerLeaves: this.makerLeaves(at),
          takerLeaves: this.leaves(at),
          takerSide: this.code(at) as Side,
        };
      case eventKind.canceled:
        return { kind: 'canceled', id, lots, reason: this.code(at) as Reason };
      case eventKind.expired:
        return { kind: 'expired', id, lots };
      case eventKind.rejected:
        return { kind: 'rejected', id, reason: this.code(at) as Reason };
      case eventKind.replaced:
        return { kind: 'replaced', id, replaces: this.other(at), lots };
      case eventKind.triggered:
        return { kind: 'triggered', id, tick: this.tick(at) };
      case eventKind.reduced:
        return { kind: 'reduced', id, lots, leaves: this.leaves(at) };
      case eventKind.trailed:
        return { kind: 'trailed', id, tick: this.tick(at), mark: this.other(at) };
    }
  }

  #grow(): void {
    const rows = new Float64Array(this.#rows.length * 2);
    rows.set(this.#rows);
    this.#rows = rows;
  }
}

/** The name of a reason, for people. */
export const reasonName = (code: number): string =>
  Object.entries(reason).find(([, value]) => value === code)?.[0] ?? 'none';

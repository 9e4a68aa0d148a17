import { SvelteMap } from 'svelte/reactivity';
import { live } from '../api/live.svelte.ts';
import { compare } from '../format/decimal.ts';
import { price as priceText } from '../format/number.ts';
import { finalStates } from '../format/states.ts';
import { clock } from '../state/clock.svelte.ts';
import { notices } from '../state/notices.svelte.ts';
import { movedWords } from './line-words.ts';
import type { PriceLine } from './price-lines.ts';

interface Asked {
  readonly line: PriceLine;
  readonly to: string;
}
interface Sent extends Asked {
  readonly sentMs: number;
}

/** As long as an order may stand there as if nobody had asked, before that is said. */
const patienceMs = 30_000;

const works: readonly string[] = ['held', 'accepted', 'partially_filled'];

/**
 * Lines that are being moved: first proposed by hand, then asked about in a sheet, then on their way to the broker. The broker's word ends
 * it: another order took the place, or the line goes back to where it stands, and it is said why.
 */
export class Moves {
  /** Where a line was drawn to; nothing has been sent. */
  proposed = $state.raw<{ id: string; to: string } | null>(null);
  asked = $state.raw<Asked | null>(null);
  readonly #sent = new SvelteMap<string, Sent>();
  /** Where lines are on their way to, by the order's id. */
  readonly pending = $derived(new Map([...this.#sent].map(([id, { to }]) => [id, to])));

  propose(line: PriceLine, to: string): void {
    this.proposed = { id: line.id, to };
  }

  ask(line: PriceLine): void {
    const to = this.proposed?.id === line.id ? this.proposed.to : null;
    if (to === null || compare(to, line.price) === 0) this.back();
    else this.asked = { line, to };
  }

  /** Nothing of it: the line stands where it stood. */
  back(): void {
    this.proposed = null;
    this.asked = null;
  }

  /** The server did not take it: the line goes back, the sheet says why. */
  refused(): void {
    this.proposed = null;
  }

  /** The broker is asked. */
  sent(line: PriceLine, to: string): void {
    this.#sent.set(line.id, { line, to, sentMs: clock.nowMs });
    this.back();
  }

  /** Sees what became of what was sent; called whenever orders change. */
  look(): void {
    for (const [id, { line, to, sentMs }] of this.#sent) {
      const now = live.orders.get(id);
      if (!now || now.status === 'pending_replace') continue;
      const changed = now.updatedAt !== line.order?.updatedAt;
      if (now.status === 'replaced') {
        // Until the order that took its place is told of, the line stands where it will.
        if (!live.orders.items.some(({ replacesId }) => replacesId === id)) continue;
        notices.done(movedWords(line.kind, now.symbol, priceText(to)));
      } else if (finalStates.includes(now.status)) {
        notices.problem(`The order ended before it could be moved to ${priceText(to)}: it is ${now.status}.`);
      } else if (works.includes(now.status) && changed && now.problem !== null) {
        notices.problem(`Not moved: ${now.problem} It stays at ${priceText(line.price)}.`);
      } else if (works.includes(now.status) && clock.nowMs - sentMs > patienceMs) {
        // Asked for the same as before, which the broker has refused, the order stays as it is.
        notices.problem(
          `Not moved: the order in ${now.symbol} is as it was, at ${priceText(line.price)}. Look at its life for what the broker said.`,
        );
      } else continue;
      this.#sent.delete(id);
    }
  }
}

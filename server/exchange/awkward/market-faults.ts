import type { Hold } from './awkwardness.ts';
import { FaultRefusal } from './fault.ts';

/** What the venue and its market let faults do. Whatever begins answers what ends it. */
export interface VenueControls {
  lists(symbol: string): boolean;
  /** Nothing trades in the symbol until it is resumed. */
  halt(symbol: string): Promise<() => Promise<void>>;
  /** New orders in the symbol are refused until it is reinstated. */
  suspend(symbol: string): Promise<() => Promise<void>>;
  /** Fills a share of the orders in part, in millionths; null: in every symbol. */
  fillInPart(symbol: string | null, partialPpm: number): Promise<() => Promise<void>>;
  /** Ends the session under way at a moment; null: none is under way, or it is always open. */
  closeEarly(at: Date): (() => void) | null;
  /** Moves the market of a symbol at once. */
  jump(symbol: string, percent: number): Promise<void>;
}

/** Carries the faults of the market out. */
export function marketFaults(controls: VenueControls, now: () => Date): Hold {
  return {
    async begin({ kind, match: { symbol = '' }, parameters, probability }) {
      const everywhere = kind === 'early_close' || (kind === 'partial_fill' && symbol === '');
      if (!everywhere && !controls.lists(symbol)) {
        throw new FaultRefusal(`match.symbol: ${symbol} is not listed here`);
      }
      switch (kind) {
        case 'halt':
          return controls.halt(symbol);
        case 'partial_fill':
          return controls.fillInPart(symbol || null, Math.round(probability * 1_000_000));
        case 'suspend':
          return controls.suspend(symbol);
        case 'early_close': {
          const reopen = controls.closeEarly(new Date(now().getTime() + Number(parameters.inSeconds) * 1000));
          if (!reopen) {
            throw new FaultRefusal(
              'early_close: no session is under way that could close early; an exchange that is open round the clock has none',
            );
          }
          return reopen;
        }
        case 'price_jump':
          await controls.jump(symbol, Number(parameters.percent));
          return () => undefined;
        default:
          throw new FaultRefusal(`${kind} is no fault of the market`);
      }
    },
  };
}

/** Counts who holds a symbol, so that of two faults on it the first to end does not end the other. */
export class Holders {
  readonly #counts = new Map<string, number>();

  has(symbol: string): boolean {
    return this.#counts.has(symbol);
  }

  symbols(): readonly string[] {
    return [...this.#counts.keys()];
  }

  take(symbol: string): void {
    this.#counts.set(symbol, (this.#counts.get(symbol) ?? 0) + 1);
  }

  /** Whether nobody holds it any more. */
  release(symbol: string): boolean {
    const left = (this.#counts.get(symbol) ?? 1) - 1;
    if (left > 0) this.#counts.set(symbol, left);
    else this.#counts.delete(symbol);
    return left <= 0;
  }
}

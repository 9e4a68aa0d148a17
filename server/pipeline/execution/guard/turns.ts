import type { Clock, Timer } from '../../../core/ports/clock.ts';

/** What goes first. Leaving a position cannot wait for anything; asking how things stand waits for everything. */
export const urgencies = ['exit', 'protection', 'entry', 'read'] as const;
export type Urgency = (typeof urgencies)[number];

/** Whether it is one's turn; if not, in how long it is worth asking again. */
export type Turn = { readonly granted: true } | { readonly granted: false; readonly afterMs: number };

/** The line before a broker that takes only so many requests a minute. */
export interface Turns {
  /**
   * Waits for a turn, at most `atMostMs`. Whoever is more urgent goes first, and who came first among equals. With 0 it is now or not.
   */
  take(urgency: Urgency, atMostMs: number): Promise<Turn>;
  /** The broker said to wait: everything but exits, or everything. Exits are the first afterwards. */
  pause(ms: number, exitsToo: boolean): void;
  /** More requests were made than turns were taken: pages of a list. */
  charge(requests: number): void;
  /** How long nothing but exits is let through; 0: it is not paused. */
  pausedMs(): number;
  /** How many stand in line. */
  waiting(): number;
}

/** How much longer than exits the others are held after a pause, so that exits that come back for another try find the line empty. */
export const exitsFirstMs = 250;

/**
 * A token bucket whose last tokens are kept for what is urgent. A quarter of a minute's requests may go at once, the rest is spread over the
 * minute: bucket and refill together are never over the limit in any 60 seconds. `perMinute` may change; null: there is no limit.
 */
export function createTurns(parts: { readonly clock: Clock; perMinute(): number | null }): Turns {
  const { clock } = parts;
  const lines: Record<Urgency, Waiter[]> = { exit: [], protection: [], entry: [], read: [] };
  let tokens = Number.POSITIVE_INFINITY;
  let filledAtMs = clock.monotonicMs();
  let heldUntilMs = Number.NEGATIVE_INFINITY;
  let exitsHeldUntilMs = Number.NEGATIVE_INFINITY;
  let timer: Timer | null = null;

  const bucket = (): { size: number; perMs: number } | null => {
    const perMinute = parts.perMinute();
    if (perMinute === null) return null;
    const size = Math.max(1, Math.floor(perMinute / 4));
    return { size, perMs: Math.max(perMinute - size, 1) / 60_000 };
  };

  function fill(): void {
    const now = clock.monotonicMs();
    const of = bucket();
    if (of) tokens = Math.min(of.size, tokens + (now - filledAtMs) * of.perMs);
    else tokens = Number.POSITIVE_INFINITY;
    filledAtMs = now;
  }

  /** What must be left in the bucket after this one. */
  const keeps = (urgency: Urgency, size: number): number =>
    Math.floor(size * { exit: 0, protection: 0.1, entry: 0.25, read: 0.5 }[urgency]);

  const heldMs = (urgency: Urgency): number =>
    Math.max(0, (urgency === 'exit' ? exitsHeldUntilMs : heldUntilMs) - clock.monotonicMs());

  /** How long until there is a token for this one, when nobody else takes it; 0: now. */
  function lacksMs(urgency: Urgency, ahead = 0): number {
    const of = bucket();
    if (!of) return 0;
    const missing = keeps(urgency, of.size) + 1 + ahead - tokens;
    // A hair more: the bucket is filled in fractions.
    return missing <= 1e-9 ? 0 : missing / of.perMs + 1;
  }

  const ahead = (urgency: Urgency): number =>
    urgencies.slice(0, urgencies.indexOf(urgency) + 1).reduce((sum, one) => sum + lines[one].length, 0);

  /** Whether somebody who goes first stands in line and is not held. */
  const first = (urgency: Urgency): boolean =>
    urgencies.slice(0, urgencies.indexOf(urgency)).some((one) => lines[one].length > 0 && heldMs(one) === 0);

  function serve(): void {
    timer?.cancel();
    timer = null;
    fill();
    let wakeMs = Number.POSITIVE_INFINITY;
    for (const urgency of urgencies) {
      const line = lines[urgency];
      const held = heldMs(urgency);
      while (line.length > 0 && held === 0 && lacksMs(urgency) === 0) {
        tokens -= 1;
        line.shift()!.settle({ granted: true });
      }
      if (line.length === 0) continue;
      wakeMs = Math.min(wakeMs, held > 0 ? held : lacksMs(urgency));
      // What is less urgent does not get the token that this one waits for.
      if (held === 0) break;
    }
    if (wakeMs < Number.POSITIVE_INFINITY) timer = clock.after(Math.max(1, Math.ceil(wakeMs)), serve);
  }

  return {
    take(urgency, atMostMs) {
      fill();
      if (heldMs(urgency) === 0 && lines[urgency].length === 0 && !first(urgency) && lacksMs(urgency) === 0) {
        tokens -= 1;
        return Promise.resolve({ granted: true });
      }
      const afterMs = Math.max(1, Math.ceil(Math.max(heldMs(urgency), lacksMs(urgency, ahead(urgency)))));
      if (atMostMs <= 0) return Promise.resolve({ granted: false, afterMs });
      return new Promise((resolve) => {
        const waiter: Waiter = {
          settle(turn) {
            giveUp.cancel();
            resolve(turn);
          },
        };
        const giveUp = clock.after(atMostMs, () => {
          const line = lines[urgency];
          const place = line.indexOf(waiter);
          if (place < 0) return;
          line.splice(place, 1);
          fill();
          waiter.settle({
            granted: false,
            afterMs: Math.max(1, Math.ceil(Math.max(heldMs(urgency), lacksMs(urgency)))),
          });
          serve();
        });
        lines[urgency].push(waiter);
        serve();
      });
    },
    pause(ms, exitsToo) {
      const now = clock.monotonicMs();
      heldUntilMs = Math.max(heldUntilMs, now + ms + (exitsToo ? exitsFirstMs : 0));
      if (exitsToo) exitsHeldUntilMs = Math.max(exitsHeldUntilMs, now + ms);
      serve();
    },
    charge(requests) {
      fill();
      tokens -= requests;
    },
    pausedMs: () => heldMs('entry'),
    waiting: () => ahead('read'),
  };
}

interface Waiter {
  settle(turn: Turn): void;
}

import type { Outage } from './unprotected.ts';
import type { EndedRequest } from './venue-proxy.ts';
import type { VenueRecord } from './venue-record.ts';

/**
 * How long after each of these nothing can be done for shares without a stop, in milliseconds: the times that docs/failure-modes.md states.
 * An order without a clear answer: 8 s until it is given up, and 10 s until the broker's not knowing it is believed.
 */
const unclearOrderMs = 18_000;
/** A question that was refused or lost is asked again. */
const lostReadMs = 2000;
/** A request that nobody answers is given up after 8 s, and asked again. */
const frozenRequestsMs = 10_000;
/** Connections to a database that is back are found, and what was asked is asked again. */
const databaseBackMs = 5000;
/** A dead connection to the database is noticed within 12 s. */
const frozenDatabaseMs = 14_000;

/** Writes down when the server was away, or the database or the venue refused or did not answer. */
export interface Outages {
  /** The server was killed, or ended. It is away until its books were compared after it was last started. */
  serverDown(): void;
  databaseDown(fromMs: number): void;
  databaseFrozen(): void;
  databaseReset(): void;
  requestsFrozen(): void;
  request(ended: EndedRequest): void;
  /** All of them, once everything is over. `comparedMs`: when each comparison of the books succeeded. */
  all(comparedMs: readonly number[], record: VenueRecord): Outage[];
}

export function createOutages(): Outages {
  const down: number[] = [];
  const whole: Outage[] = [];
  const ofOrders: EndedRequest[] = [];
  const note = (fromMs: number, toMs: number) => whole.push({ symbol: null, fromMs, toMs });
  const from = (lastsMs: number) => note(Date.now(), Date.now() + lastsMs);

  /** Whose order a request was about; null: it does not say, or nobody knows the order. */
  function symbolOf({ errand, path, body }: EndedRequest, symbols: ReadonlyMap<string, string>): string | null {
    if (errand !== 'submit') return symbols.get(/\/v2\/orders\/([^/?]+)/.exec(path)?.[1] ?? '') ?? null;
    try {
      return (JSON.parse(body.toString()) as { symbol?: string }).symbol ?? null;
    } catch {
      return null;
    }
  }

  return {
    serverDown: () => void down.push(Date.now()),
    databaseDown: (fromMs) => void note(fromMs, Date.now() + databaseBackMs),
    databaseFrozen: () => void from(frozenDatabaseMs),
    databaseReset: () => void from(lostReadMs),
    requestsFrozen: () => void from(frozenRequestsMs),
    request(ended) {
      const { errand, status, fromMs, toMs } = ended;
      const ofOrder = errand === 'submit' || errand === 'cancel' || errand === 'replace';
      const lost = status === null || status === 429 || status >= 500;
      if (ofOrder && (lost || status >= 400)) ofOrders.push(ended);
      else if (lost) note(fromMs, toMs + lostReadMs);
      // The venue takes its time.
      if (!lost && toMs - fromMs > 250) note(fromMs, toMs);
    },
    all(comparedMs, record) {
      const orders = record.orders.flatMap((order) => [order, ...(order.legs ?? [])]);
      const symbols = new Map(orders.map((order) => [order.id, order.symbol]));
      return [
        ...whole,
        ...down.map((fromMs) => ({
          symbol: null,
          fromMs,
          toMs: comparedMs.find((at) => at > fromMs) ?? Number.POSITIVE_INFINITY,
        })),
        ...ofOrders.map((ended) => ({
          symbol: symbolOf(ended, symbols),
          fromMs: ended.fromMs,
          toMs: ended.toMs + unclearOrderMs,
        })),
        // Taken, and refused afterwards: to be tried in another way.
        ...orders
          .filter((order) => order.failed_at !== null)
          .map((order) => ({
            symbol: order.symbol,
            fromMs: Date.parse(order.submitted_at),
            toMs: Date.parse(order.failed_at!) + lostReadMs,
          })),
      ];
    },
  };
}

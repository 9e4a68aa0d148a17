import type { Price } from '../../core/decimal.ts';
import type { BrokerOrder, BrokerUpdate } from '../../core/model/broker-order.ts';
import type { Broker } from '../../core/ports/broker.ts';

/** A broker with a fresh account that holds cash and nothing else. */
export interface BrokerUnderTest {
  readonly broker: Broker;
  /** A symbol whose market orders fill soon. */
  readonly symbol: string;
  /** About what it trades at. */
  readonly market: Price;
  /** A pair of coins, where the venue trades any, and about what it trades at. */
  readonly pair?: { readonly symbol: string; readonly market: Price };
  /** Shares an order is for; 10 unless told. */
  readonly shares?: string;
  /** Another adapter for the same account, as after a restart: it remembers nothing. */
  again?(): Broker;
  /** The venue can be made to misbehave in these ways; what is missing is to be named among what it lacks. */
  readonly faults?: VenueFaults;
  close(): Promise<void>;
}

/** What cases need of a venue: fills, a pair of coins, or that it can be made to misbehave in some way. */
export type Need = 'fills' | 'pair' | keyof VenueFaults;

/** What each numbered case needs; one that is not here needs nothing. */
export const needsOfCases: Readonly<Record<string, readonly Need[]>> = {
  B10: ['fills'],
  B11: ['fills'],
  B13: ['fills'],
  B14: ['fills'],
  B15: ['fills'],
  B20: ['fills', 'fillPart'],
  B21: ['loseNext'],
  B22: ['loseNext'],
  B23: ['limitNext'],
  B24: ['dropStream'],
  B26: ['fills', 'bust'],
  B27: ['fills'],
  B28: ['fills', 'pair'],
};

/** What a venue under test can be made to do. */
export interface VenueFaults {
  /** The next one is lost: before the venue has it, after it took it, or its answer takes longer than the adapter waits. */
  loseNext?(what: 'order' | 'replacement', how: 'before' | 'after' | 'timeout'): Promise<void>;
  /** The next order is answered 429. */
  limitNext?(retryAfterSeconds: number): Promise<void>;
  /** Fills a part of a resting order. */
  fillPart?(order: BrokerOrder, shares: string): Promise<void>;
  /** Loses the stream's connection and what would have been told meanwhile; it comes back by itself. */
  dropStream?(meanwhile: () => Promise<void>): Promise<void>;
  /** Takes a trade back. */
  bust?(executionId: string): Promise<void>;
}

/** What a broker's stream tells, kept and waited for. */
export function collectUpdates(broker: Broker) {
  const seen: BrokerUpdate[] = [];
  const connected = Promise.withResolvers<void>();
  let connections = 0;
  const waiting = new Set<{ accept(update: BrokerUpdate): boolean; resolve(update: BrokerUpdate): void }>();
  const stream = broker.stream({
    onUpdate(update) {
      seen.push(update);
      for (const one of waiting) {
        if (!one.accept(update)) continue;
        waiting.delete(one);
        one.resolve(update);
      }
    },
    onConnected() {
      connections++;
      connected.resolve();
    },
    onDisconnected: () => undefined,
  });
  return {
    seen,
    connected: connected.promise,
    /** How often the stream was confirmed. */
    connections: () => connections,
    /** The first update that is accepted, seen already or to come. */
    until(accept: (update: BrokerUpdate) => boolean): Promise<BrokerUpdate> {
      const known = seen.find(accept);
      return known ? Promise.resolve(known) : new Promise((resolve) => waiting.add({ accept, resolve }));
    },
    close: () => stream.close(),
  };
}

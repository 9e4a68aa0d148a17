import { createRequire } from 'node:module';
import { DoubleAuction } from '../server/exchange/book/double-auction.ts';
import { eventKind, lifetime, type Side, side } from '../server/exchange/book/terms.ts';
import { type Messages, messageKind } from './matching-messages.ts';

/** What a book did with the messages. */
export interface Outcome {
  /** Per level of the bids and then of the asks, best first: the price and the lots that stand there. */
  readonly levels: readonly (readonly [number, number])[];
  /** Events, or what the other calls its answer's entries, that were read. */
  readonly told: number;
  /** The book itself, so that it lives until its memory was measured. */
  readonly book: object;
}

/** A matching engine that is handed messages and reads whatever comes of each. */
export interface Contestant {
  readonly name: string;
  run(messages: Messages, ids: readonly string[]): Outcome;
}

export const ours: Contestant = {
  name: 'signalbox',
  run(messages) {
    const { count, kind, side: sides, tick, lots, target } = messages;
    const book = new DoubleAuction();
    let told = 0;
    let traded = 0;
    for (let at = 0; at < count; at += 1) {
      const what = kind[at]!;
      const tape =
        what === messageKind.limit
          ? book.limit(at, at + 1, 1, sides[at] as Side, tick[at]!, lots[at]!, lifetime.gtc)
          : what === messageKind.cancel
            ? book.cancel(at, target[at]!)
            : book.market(at, at + 1, 1, sides[at] as Side, lots[at]!, lifetime.ioc);
      told += tape.count;
      for (let event = 0; event < tape.count; event += 1) {
        if (tape.kind(event) === eventKind.trade) traded += tape.lots(event);
      }
    }
    if (traded === 0) throw new Error('nothing traded');
    const levels = [side.buy, side.sell].flatMap((way) =>
      book.depth(way).map((level) => [level.tick, level.lots] as const),
    );
    return { levels, told, book };
  },
};

/** What is used of nodejs-order-book, whose package names a file of types that it does not have. */
interface NodejsOrderBook {
  limit(order: { side: string; id: string; size: number; price: number }): Answer;
  market(order: { side: string; size: number }): Answer;
  cancel(id: string): unknown;
  depth(): [asks: [number, number][], bids: [number, number][]];
}
interface Answer {
  readonly done: readonly { readonly size: number }[];
  readonly partial: unknown;
}

export const theirs: Contestant = {
  name: 'nodejs-order-book',
  run(messages, ids) {
    const { OrderBook } = createRequire(import.meta.url)('nodejs-order-book') as {
      OrderBook: new () => NodejsOrderBook;
    };
    const { count, kind, side: sides, tick, lots, target } = messages;
    const book = new OrderBook();
    let told = 0;
    for (let at = 0; at < count; at += 1) {
      const way = sides[at] === side.buy ? 'buy' : 'sell';
      const what = kind[at]!;
      if (what === messageKind.cancel) {
        if (book.cancel(ids[target[at]!]!)) told += 1;
        continue;
      }
      const answer =
        what === messageKind.limit
          ? book.limit({ side: way, id: ids[at + 1]!, size: lots[at]!, price: tick[at]! })
          : book.market({ side: way, size: lots[at]! });
      told += answer.done.length + (answer.partial ? 1 : 0);
    }
    const [asks, bids] = book.depth();
    const bestFirst = (a: [number, number], b: [number, number]): number => b[0] - a[0];
    return { levels: [...[...bids].sort(bestFirst), ...[...asks].sort(bestFirst).reverse()], told, book };
  },
};

/** The ids as the texts that nodejs-order-book keys its orders by, made before anything is measured. */
export const textIds = (count: number): string[] => Array.from({ length: count + 1 }, (_, id) => String(id));

import { DoubleAuction } from '../server/exchange/book/double-auction.ts';
import { ours, textIds, theirs } from './matching-contestants.ts';
import { makeMessages, shapes } from './matching-messages.ts';

/** What one book takes, measured in a process of its own. */
export interface Memory {
  /** Heap and array buffers that the book keeps when the messages are done, after a collection. */
  readonly keptBytes: number;
  readonly open: number;
}

const [, , who, shapeName, count] = process.argv;
const shape = shapes.find(({ name }) => name === shapeName);
const collect = globalThis.gc;
if (!shape || !collect || !count)
  throw new Error('usage: node --expose-gc matching-memory.ts <contestant> <shape> <count>');

const held = (): number => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
const messages = makeMessages(Number(count), 7, shape);
const ids = textIds(messages.count);
const contestant = who === ours.name ? ours : theirs;
const before = held();
const outcome = contestant.run(messages, ids);
const keptBytes = held() - before;
const open = outcome.book instanceof DoubleAuction ? outcome.book.openOrders : 0;
// The ids are the messages': kept alive so that they count for neither side.
if (ids.length === 0) throw new Error('no ids');
console.log(JSON.stringify({ keptBytes, open } satisfies Memory));

import type { Side } from '../../../core/model/signal.ts';
import { type Asked, nothingAsked } from '../blank-signal.ts';
import type { FieldReader } from '../field-reader.ts';
import { readOrder } from './read-order.ts';
import { readExitSize } from './read-quantity.ts';

/**
 * An exit of all that is held or a part of it. `side` is the order's, where only a position on one side is meant and some of it is to be
 * left: then it takes a quantity. `whole`: whatever quantity is named.
 */
export function readExit(fields: FieldReader, side: Side | null, { whole = false } = {}): Asked {
  const { orderType, limitPrice, timeInForce, extendedHours, entryPrice } = readOrder(fields);
  if (orderType !== null && orderType !== 'market' && orderType !== 'limit') {
    const sentence = `expected market or limit to exit, found ${orderType}: what stops a position is its stopLoss`;
    fields.problem('orderType', 'not_supported', sentence);
  }
  if (side !== null && !fields.has('quantity')) {
    const sentence = `expected a quantity: a ${side} after which the position is still ${side === 'sell' ? 'long' : 'short'} exits a part of it`;
    fields.problem('quantity', 'contradictory', sentence);
  }
  const size = whole ? {} : readExitSize(fields);
  // A limit that is not named is the price at which the alert fired.
  const limit = orderType === 'limit' ? (limitPrice ?? entryPrice) : null;
  return { ...nothingAsked, ...size, orderType, limitPrice: limit, timeInForce, extendedHours, side };
}

import type { Price } from '../../../core/decimal.ts';
import { orderTypes, timesInForce } from '../../../core/model/order.ts';
import type { SignalTerms } from '../../../core/model/signal-terms.ts';
import type { FieldReader } from '../field-reader.ts';
import { readPercent, readWord } from '../read-terms.ts';

/** How an order is sent. */
export type OrderAsked = Pick<
  SignalTerms,
  'orderType' | 'limitPrice' | 'stopPrice' | 'entryTrailAmount' | 'entryTrailPercent' | 'timeInForce' | 'extendedHours'
> & { readonly entryPrice: Price | null };

/**
 * The type of an order and the prices of that type; those of other types are ignored, as one template serves them all. Without a type, a
 * limit makes it a limit order, and what looks like a trigger is refused, since it may be meant for the protective stop.
 */
export function readOrder(fields: FieldReader): OrderAsked {
  const before = fields.problems.length;
  const named = readWord(fields, 'orderType', orderTypes);
  const wrong = fields.problems.length > before;
  const [limitPrice, stopPrice] = [readPrice(fields, 'limitPrice'), readPrice(fields, 'stopPrice')];
  const trailAmount = fields.positive(['trailAmount'], 'an amount a share') as Price | null;
  const trailPercent = readPercent(fields, 'trailPercent', '100');
  const type = named ?? (limitPrice && !stopPrice ? 'limit' : null);
  if (type === null && !wrong) {
    for (const name of ['stopPrice', 'trailAmount', 'trailPercent']) {
      if (!fields.has(name)) continue;
      const sentence = `expected an orderType with ${name}; the protective stop is stopLoss`;
      fields.problem('orderType', 'required', sentence);
    }
  }
  if ((type === 'stop' || type === 'stop_limit') && !fields.has('stopPrice')) {
    fields.problem(
      'stopPrice',
      'required',
      `expected the price that triggers it with orderType ${type}, found nothing`,
    );
  }
  if (type === 'stop_limit' && !fields.has('limitPrice')) {
    fields.problem('limitPrice', 'required', 'expected a limit with orderType stop_limit, found nothing');
  }
  if (type === 'trailing_stop' && fields.has('trailAmount') === fields.has('trailPercent')) {
    const found = fields.has('trailAmount') ? 'both' : 'neither';
    fields.problem('trailAmount', 'contradictory', `expected trailAmount or trailPercent, found ${found}`);
  }
  const entryPrice = readSignalPrice(fields);
  refuseMarketPrice(fields, type === 'limit' && limitPrice === null && entryPrice === null);
  const trails = type === 'trailing_stop';
  return {
    orderType: type,
    limitPrice: type === 'limit' || type === 'stop_limit' ? limitPrice : null,
    stopPrice: type === 'stop' || type === 'stop_limit' ? stopPrice : null,
    entryTrailAmount: trails ? trailAmount : null,
    entryTrailPercent: trails ? trailPercent : null,
    timeInForce: readWord(fields, 'timeInForce', timesInForce),
    extendedHours: fields.flag(['extendedHours']) ?? false,
    entryPrice,
  };
}

const readPrice = (fields: FieldReader, name: string): Price | null =>
  fields.positive([name], 'a price') as Price | null;

/** `price` is what it was called before; where both are there, the new name counts. */
const readSignalPrice = (fields: FieldReader): Price | null =>
  readPrice(fields, fields.has('signalPrice') ? 'signalPrice' : 'price');

/** A limit that is to be worked out from one side of the quote is another order than one at the side that we take. */
function refuseMarketPrice(fields: FieldReader, limitUnknown: boolean): void {
  if (!limitUnknown || !fields.has('marketPriceType')) return;
  const sentence = 'expected limitPrice or signalPrice: a limit by marketPriceType is not worked out here';
  fields.problem('marketPriceType', 'not_supported', sentence);
}

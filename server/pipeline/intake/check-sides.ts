import { type Price, text } from '../../core/decimal.ts';
import type { Side } from '../../core/model/signal.ts';
import type { FieldReader } from './field-reader.ts';

/** A stop loses and a target wins: both must be on their side of the entry, and of each other when there is no entry. */
export function checkSides(fields: FieldReader, side: Side, prices: Levels): void {
  const { entryPrice, stopLoss, stopField = 'stopLoss' } = prices;
  const losing = side === 'buy' ? 'below' : 'above';
  if (entryPrice && stopLoss) {
    const entry = text(entryPrice);
    if (stopLoss.eq(entryPrice)) {
      fields.problem(
        stopField,
        'equal_to_entry',
        `expected a price other than the entry ${entry}: the risk per share would be zero`,
      );
    } else if (wins(side, stopLoss, entryPrice)) {
      fields.problem(
        stopField,
        'wrong_side',
        `expected a price ${losing} the entry ${entry} of a ${side}, found ${text(stopLoss)}`,
      );
    }
  }
  checkTarget(fields, side, prices);
}

/** Where an entry, its stop and its target are; null: not named. */
export interface Levels {
  readonly entryPrice: Price | null;
  readonly stopLoss: Price | null;
  readonly takeProfit: Price | null;
  /** What the target's field is called. */
  readonly field: string;
  /** What the stop's is called; absent: `stopLoss`. */
  readonly stopField?: string;
}

const wins = (side: Side, price: Price, than: Price): boolean => (side === 'buy' ? price.gt(than) : price.lt(than));

/** The target alone, as one of several is looked at. */
export function checkTarget(
  fields: FieldReader,
  side: Side,
  { entryPrice, stopLoss, takeProfit, field }: Levels,
): void {
  const winning = side === 'buy' ? 'above' : 'below';
  if (entryPrice && takeProfit && !wins(side, takeProfit, entryPrice)) {
    const found = text(takeProfit);
    fields.problem(
      field,
      'wrong_side',
      `expected a price ${winning} the entry ${text(entryPrice)} of a ${side}, found ${found}`,
    );
  }
  if (!entryPrice && stopLoss && takeProfit && !wins(side, takeProfit, stopLoss)) {
    const found = text(takeProfit);
    fields.problem(
      field,
      'wrong_side',
      `expected a price ${winning} the stop ${text(stopLoss)} of a ${side}, found ${found}`,
    );
  }
}

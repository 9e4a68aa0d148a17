import { type Quantity, quantity, text, zeroQuantity } from '../../core/decimal.ts';
import { type PreviousPosition, previousPositions, type Side, type TradeSignal } from '../../core/model/signal.ts';
import type { FieldReader } from './field-reader.ts';
import { quoted } from './problem-code.ts';

/** A position as TradingView tells it: its side, and its size without sign where it is told. */
export interface ToldPosition {
  readonly way: PreviousPosition;
  readonly size: Quantity | null;
}

/**
 * `{{strategy.market_position}}` beside `{{strategy.market_position_size}}`, or the same of the position before; null when neither is there, or
 * (with a problem) they cannot be read or do not fit each other.
 */
export function readToldPosition(fields: FieldReader, position: string, size: string): ToldPosition | null {
  const found = fields.text([position], 64);
  const shares = fields.decimal([size], 'a number of shares, 0 when flat') as Quantity | null;
  if (shares?.lt('0')) return fields.problem(size, 'out_of_range', `expected no sign, found ${text(shares)}`);
  if (found === null) return shares?.eq('0') ? { way: 'flat', size: shares } : null;
  const way = previousPositions.find((one) => one === found.text.toLowerCase());
  if (way === undefined) {
    return fields.problem(position, 'unknown_value', `expected long, short or flat, found ${quoted(found.text)}`);
  }
  if (shares && (way === 'flat') !== shares.eq('0')) {
    return fields.problem(size, 'contradictory', `expected a size that fits ${way}, found ${text(shares)}`);
  }
  return { way, size: way === 'flat' ? zeroQuantity : shares };
}

/** With its sign, negative when short; null when its size is not told. */
export const signedSize = ({ way, size }: ToldPosition): Quantity | null =>
  size && (way === 'short' ? quantity(size.neg()) : size);

export const wayOf = (shares: Quantity): PreviousPosition =>
  shares.gt('0') ? 'long' : shares.lt('0') ? 'short' : 'flat';

type Order = Pick<TradeSignal, 'action' | 'side' | 'quantity' | 'opposite' | 'previousPosition' | 'previousSize'>;

/**
 * What a script's order was for, by its position before and after it: an entry, an addition, the exit of all or of a part, or a reversal, whose
 * quantity is what is held after it. `side` is the side of the order.
 */
export function orderBetween(side: Side, before: Quantity, after: Quantity): Order {
  const said = { side, previousPosition: wayOf(before), previousSize: before.abs() as Quantity, opposite: null };
  if (after.eq('0')) return { ...said, action: 'exit', quantity: null };
  const more = after.abs().minus(before.abs());
  if (before.times(after).lt('0')) {
    return { ...said, action: side, opposite: 'reverse', quantity: after.abs() as Quantity };
  }
  if (more.gt('0')) return { ...said, action: side, quantity: more as Quantity };
  return { ...said, action: 'exit', quantity: more.abs() as Quantity };
}

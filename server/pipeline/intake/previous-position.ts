import { type Quantity, text, tryDecimal, zeroQuantity } from '../../core/decimal.ts';
import { type PreviousPosition, previousPositions, type TradeSignal } from '../../core/model/signal.ts';
import type { FieldReader } from './field-reader.ts';
import { quoted } from './problem-code.ts';

/**
 * What a script says it held before its alert: `previousPosition` as long, short or flat, which is TradingView's
 * `{{strategy.prev_market_position}}`, or as a number of shares that is negative when short; and `previousSize`, its number without sign.
 */
export function readPrevious(fields: FieldReader): Pick<TradeSignal, 'previousPosition' | 'previousSize'> {
  const size = readShares(fields, 'previousSize', 'a number of shares, 0 when flat');
  if (size?.lt('0')) fields.problem('previousSize', 'out_of_range', `expected no sign, found ${text(size)}`);
  const { way, shares } = readPosition(fields);
  if (shares && size && !shares.eq(size)) {
    fields.problem(
      'previousSize',
      'contradictory',
      `expected ${text(shares)} as in previousPosition, found ${text(size)}`,
    );
  } else if (way !== null && size && (way === 'flat') !== size.eq('0')) {
    fields.problem('previousSize', 'contradictory', `expected a size that fits ${way}, found ${text(size)}`);
  }
  return { previousPosition: way ?? (size?.eq('0') ? 'flat' : null), previousSize: shares ?? size };
}

interface Previous {
  readonly way: PreviousPosition | null;
  /** Without sign; null: it is named by its side alone. */
  readonly shares: Quantity | null;
}

function readPosition(fields: FieldReader): Previous {
  const found = fields.text(['previousPosition'], 64);
  if (found === null) return { way: null, shares: null };
  const way = previousPositions.find((one) => one === found.text.toLowerCase());
  if (way) return { way, shares: way === 'flat' ? zeroQuantity : null };
  const shares = readShares(fields, 'previousPosition', 'long, short, flat or a number of shares, negative when short');
  if (shares === null) return { way: null, shares: null };
  return { way: shares.gt('0') ? 'long' : shares.lt('0') ? 'short' : 'flat', shares: shares.abs() as Quantity };
}

/** As large and as fine as any other number of an alert may be. */
function readShares(fields: FieldReader, field: string, expected: string): Quantity | null {
  const found = fields.text([field], 64);
  if (found === null) return null;
  const number = tryDecimal(found.text);
  if (number === null)
    return fields.problem(field, 'not_a_number', `expected ${expected}, found ${quoted(found.text)}`);
  // Looked at before anything prints the number: 1e999999 is nine characters here and a megabyte written out.
  if (number.e > 12) {
    return fields.problem(field, 'too_large', `expected ${expected}, below 10^13, found ${quoted(found.text)}`);
  }
  if (number.c.length - 1 - number.e > 9) {
    return fields.problem(field, 'too_precise', `expected at most 9 decimals, found ${quoted(found.text)}`);
  }
  return number as Quantity;
}

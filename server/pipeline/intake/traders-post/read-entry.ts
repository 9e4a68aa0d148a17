import type { Side } from '../../../core/model/signal.ts';
import { whenHeldWays } from '../../../core/model/signal-terms.ts';
import { type Asked, nothingAsked } from '../blank-signal.ts';
import { checkSides } from '../check-sides.ts';
import type { FieldReader } from '../field-reader.ts';
import { readWord } from '../read-terms.ts';
import { readOrder } from './read-order.ts';
import { readStopLoss, readTakeProfit } from './read-protection.ts';
import { readEntrySize } from './read-quantity.ts';

/**
 * An entry as TradersPost carries it out: open entries in the ticker are cancelled, what is held on the other side is closed and that is
 * waited for, then it is entered; what is held on its own side already is not added to, unless the alert says so.
 */
export function readEntry(fields: FieldReader, action: 'buy' | 'sell' | 'add' | 'reverse'): Asked {
  const side: Side | null = action === 'buy' || action === 'sell' ? action : null;
  const order = readOrder(fields);
  const stop = readStopLoss(fields);
  const target = readTakeProfit(fields);
  if ((stop.trailAmount || stop.trailPercent) && fields.has('takeProfit')) {
    const sentence = 'expected no takeProfit with a stop that trails: shares that a target holds have no such stop';
    fields.problem('stopLoss.type', 'not_supported', sentence);
  }
  const size = readEntrySize(fields, action, fields.has('stopLoss'));
  const entryPrice = order.limitPrice ?? order.stopPrice ?? order.entryPrice;
  const { stopLoss } = stop;
  const checked = side ?? (entryPrice && stopLoss ? (stopLoss.lt(entryPrice) ? 'buy' : 'sell') : null);
  if (checked !== null) {
    const { takeProfit } = target;
    const names = { field: 'takeProfit.limitPrice', stopField: 'stopLoss.stopPrice' };
    checkSides(fields, checked, { entryPrice, stopLoss, takeProfit, ...names });
  }
  return {
    ...nothingAsked,
    ...order,
    ...stop,
    ...target,
    ...size,
    side,
    opposite: side === null ? null : 'reverse',
    whenHeld: side === null ? null : (readWord(fields, 'whenHeld', whenHeldWays) ?? 'reject'),
    cancelFirst: fields.flag(['cancel']) ?? true,
    ignoreTradingWindows: fields.flag(['ignoreTradingWindows']) ?? false,
  };
}

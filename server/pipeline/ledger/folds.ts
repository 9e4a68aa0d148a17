import type { Money, Quantity } from '../../core/decimal.ts';
import type { LedgerLine, OpenPosition } from '../../core/model/posting.ts';
import { flat } from './post-fill.ts';

/** Positions by symbol, from the lines alone: what the table of positions holds can be made anew by this. */
export function foldPositions(
  lines: Iterable<LedgerLine>,
  start: ReadonlyMap<string, OpenPosition> = new Map(),
): Map<string, OpenPosition> {
  const positions = new Map(start);
  for (const line of lines) {
    if (line.symbol === null || (line.book !== 'securities' && line.book !== 'realized_pnl')) continue;
    const before = positions.get(line.symbol) ?? flat;
    positions.set(
      line.symbol,
      line.book === 'securities'
        ? {
            ...before,
            quantity: before.quantity.plus(line.quantity ?? '0') as Quantity,
            cost: before.cost.plus(line.amount) as Money,
          }
        : { ...before, realizedPnl: before.realizedPnl.minus(line.amount) as Money },
    );
  }
  return positions;
}

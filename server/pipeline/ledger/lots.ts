import { type Money, money, price, type Quantity, quantity, zeroMoney, zeroQuantity } from '../../core/decimal.ts';
import { externalStrategy, type LedgerLine, type OpenPosition } from '../../core/model/posting.ts';
import { foldPositions } from './folds.ts';
import { flat, postFill } from './post-fill.ts';

/** What each strategy has open, by `lotKey`. */
export type Lots = ReadonlyMap<string, OpenPosition>;

/** The name of a strategy's shares in one symbol of one account. A symbol has no space in it. */
export const lotKey = (strategy: string, symbol: string): string => `${symbol} ${strategy}`;

/** The strategy and the symbol of a name made by `lotKey`. */
export function ofLotKey(key: string): { readonly strategy: string; readonly symbol: string } {
  const at = key.indexOf(' ');
  return { symbol: key.slice(0, at), strategy: key.slice(at + 1) };
}

/** Whose a line is: what no strategy is named for belongs to nobody here. */
const ownerOf = (line: LedgerLine): string => line.strategy ?? externalStrategy;

/**
 * The lots after one transaction of the books. A fill closes its strategy's shares at that strategy's own average cost, whatever the
 * account's is; an opening or a correction moves them by what its lines say. Over all strategies the quantities add up to the
 * account's, and so does cost less realized profit, which is what was paid for it all: the rest differs only in when a profit counts.
 */
export function foldLots(kind: 'opening' | 'fill' | 'correction', lines: readonly LedgerLine[], start: Lots): Lots {
  const lots = new Map(start);
  const owners = Map.groupBy(
    lines.filter((line) => line.symbol !== null),
    ownerOf,
  );
  for (const [strategy, own] of owners) {
    for (const [symbol, together] of Map.groupBy(own, (line) => line.symbol!)) {
      const key = lotKey(strategy, symbol);
      const before = lots.get(key) ?? flat;
      const moves = together.some((line) => line.book === 'securities' || line.book === 'realized_pnl');
      if (!moves) continue;
      const after = kind === 'fill' ? traded(before, symbol, together) : moved(before, symbol, together);
      lots.set(key, after);
    }
  }
  return lots;
}

const moved = (before: OpenPosition, symbol: string, lines: readonly LedgerLine[]): OpenPosition =>
  foldPositions(lines, new Map([[symbol, before]])).get(symbol)!;

/** The fill read back from the account's lines: what was paid is what securities and realized profit took together. */
function traded(before: OpenPosition, symbol: string, lines: readonly LedgerLine[]): OpenPosition {
  let shares: Quantity = zeroQuantity;
  let paid: Money = zeroMoney;
  for (const line of lines) {
    if (line.book !== 'securities' && line.book !== 'realized_pnl') continue;
    if (line.quantity) shares = quantity(shares.plus(line.quantity));
    paid = money(paid.plus(line.amount));
  }
  if (shares.eq('0')) return moved(before, symbol, lines);
  return postFill(before, {
    symbol,
    side: shares.gt('0') ? 'buy' : 'sell',
    quantity: quantity(shares.abs()),
    // Exact: it is the price that the amount was made of.
    price: price(paid.div(shares)),
    fee: zeroMoney,
  }).position;
}

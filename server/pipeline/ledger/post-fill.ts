import {
  type Big,
  type Money,
  money,
  notional,
  type Quantity,
  quantity,
  rounding,
  zeroMoney,
} from '../../core/decimal.ts';
import type { FillToPost, LedgerLine, OpenPosition, Posting } from '../../core/model/posting.ts';

/** Nothing open, nothing ever realized. */
export const flat: OpenPosition = { quantity: quantity('0'), cost: zeroMoney, realizedPnl: zeroMoney };

/**
 * Decimals of the cost of shares that leave a position. Fine enough that thousands of partial closes stay far below a cent;
 * the remainder stays in the open position, so that closing the rest leaves exactly nothing.
 */
export const closedCostDecimals = 8;

/**
 * Double entry of one fill at weighted average cost, as Alpaca computes its average entry price. A fill against the position
 * closes shares at their average cost and books the difference to realized profit; what goes past zero opens the other way at
 * the fill's price. Debits are positive, credits negative: the lines add up to zero.
 *
 * @throws RangeError when quantity or price is not positive, or the fee is negative
 */
export function postFill(before: OpenPosition, fill: FillToPost): Posting {
  if (fill.quantity.lte('0') || fill.price.lte('0') || fill.fee.lt('0')) {
    throw new RangeError(`not a fill: ${fill.side} ${fill.quantity} ${fill.symbol} at ${fill.price}, fee ${fill.fee}`);
  }
  const signed = (fill.side === 'buy' ? fill.quantity : fill.quantity.neg()) as Quantity;
  const closing = closedBy(before, signed);
  const opening = signed.minus(closing) as Quantity;

  const closedCost = costOfClosed(before, closing);
  const proceeds = notional(fill.price, closing).neg() as Money;
  const realizedPnl = proceeds.plus(closedCost) as Money;
  const openedCost = notional(fill.price, opening);

  const lines: LedgerLine[] = [];
  if (!closing.eq('0')) lines.push(securities(fill.symbol, closedCost, closing));
  if (!opening.eq('0')) lines.push(securities(fill.symbol, openedCost, opening));
  lines.push(line('cash', null, notional(fill.price, signed).neg()));
  if (!realizedPnl.eq('0')) lines.push(line('realized_pnl', fill.symbol, realizedPnl.neg()));
  if (!fill.fee.eq('0')) lines.push(line('fees', fill.symbol, fill.fee), line('cash', null, fill.fee.neg()));

  return {
    lines,
    realizedPnl,
    position: {
      quantity: before.quantity.plus(signed) as Quantity,
      cost: before.cost.plus(closedCost).plus(openedCost) as Money,
      realizedPnl: before.realizedPnl.plus(realizedPnl) as Money,
    },
  };
}

/** The part of a signed quantity that goes against the position, no more than what is open; zero when it adds to it. */
function closedBy(before: OpenPosition, signed: Quantity): Quantity {
  if (before.quantity.times(signed).gte('0')) return quantity('0');
  return signed.abs().lte(before.quantity.abs()) ? signed : (before.quantity.neg() as Quantity);
}

/** What leaves `securities` with the shares, opposite in sign to the position's cost: all of it when all are closed. */
function costOfClosed(before: OpenPosition, closing: Quantity): Money {
  if (closing.eq('0')) return zeroMoney;
  if (closing.abs().eq(before.quantity.abs())) return before.cost.neg() as Money;
  return before.cost.times(closing).div(before.quantity).round(closedCostDecimals, rounding.halfAwayFromZero) as Money;
}

const line = (book: LedgerLine['book'], symbol: string | null, amount: Big): LedgerLine => ({
  book,
  symbol,
  amount: money(amount),
  quantity: null,
});

const securities = (symbol: string, amount: Money, moved: Quantity): LedgerLine => ({
  book: 'securities',
  symbol,
  amount,
  quantity: moved,
});

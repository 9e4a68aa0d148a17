import { money, notional, type Price, type Quantity, quantity, rounding } from '../../core/decimal.ts';
import { externalStrategy, type LedgerLine, type OpenPosition } from '../../core/model/posting.ts';
import type { Side } from '../../core/model/signal.ts';
import { closedCostDecimals } from './post-fill.ts';

const securities = (
  symbol: string,
  strategy: string,
  amount: Quantity | LedgerLine['amount'],
  moved: Quantity,
): LedgerLine => ({
  book: 'securities',
  symbol,
  strategy,
  amount: money(amount),
  quantity: moved,
});

/**
 * Gives a fill that was booked to nobody here to the strategy whose it is: nobody undoes the trade at its price, the strategy makes it. The
 * account is as before. To be folded as a fill.
 */
export function attributeFill(
  fill: { readonly symbol: string; readonly side: Side; readonly quantity: Quantity; readonly price: Price },
  strategy: string,
): LedgerLine[] {
  const signed = quantity(fill.side === 'buy' ? fill.quantity : fill.quantity.neg());
  const paid = notional(fill.price, signed);
  return [
    securities(fill.symbol, externalStrategy, money(paid.neg()), quantity(signed.neg())),
    securities(fill.symbol, strategy, paid, signed),
  ];
}

/**
 * Moves shares from one strategy to another at what they cost, so that neither gains. To be folded as a correction.
 *
 * @param moved signed like the giver's position, and no more than it
 * @throws RangeError when the giver has not so much
 */
export function transferLots(
  symbol: string,
  giver: { readonly strategy: string; readonly lot: OpenPosition },
  taker: string,
  moved: Quantity,
): LedgerLine[] {
  const { lot } = giver;
  if (moved.eq('0') || moved.times(lot.quantity).lt('0') || moved.abs().gt(lot.quantity.abs())) {
    throw new RangeError(`${giver.strategy} has ${lot.quantity} ${symbol}, not ${moved}`);
  }
  const cost = moved.eq(lot.quantity)
    ? lot.cost
    : money(lot.cost.times(moved).div(lot.quantity).round(closedCostDecimals, rounding.halfAwayFromZero));
  return [
    securities(symbol, giver.strategy, money(cost.neg()), quantity(moved.neg())),
    securities(symbol, taker, cost, moved),
  ];
}

import {
  type Big,
  decimal,
  type Money,
  money,
  type Price,
  type Quantity,
  zeroQuantity,
} from '../../../core/decimal.ts';
import type { Side } from '../../../core/model/signal.ts';

/** A fill of a strategy's order, as far as a trade is told by it. */
export interface TradeFill {
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Money;
  readonly at: Date;
  /** The signal whose order it was; null: an order of our own, which only protects. */
  readonly signalId: string | null;
}

/** From nothing held to nothing held again, in one account and symbol. */
export interface RoundTrip {
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
  /** The signal of the fill that opened it. */
  readonly signalId: string | null;
  readonly openedAt: Date;
  readonly closedAt: Date;
  /** Shares opened over its life, without sign. */
  readonly quantity: Quantity;
  /** What came in less what went out, and fees: exact, whatever way cost is averaged in the books. */
  readonly pnl: Money;
}

/** What was held before the first of the fills, in one account and symbol; negative when short. */
export interface HeldBefore {
  readonly accountId: string;
  readonly symbol: string;
  readonly quantity: Quantity;
}

interface Open {
  side: Side;
  /** Whether it was opened by one of the fills: of one that was there before, nobody here knows what came in. */
  known: boolean;
  signalId: string | null;
  openedAt: Date;
  held: Big;
  opened: Big;
  cash: Big;
}

/**
 * Folds a strategy's fills, oldest first, into the trades that are closed: each call answers with those that its fill has closed. A fill
 * that goes through nothing closes one trade and opens the next; its fee is shared by quantity. What is still open is left out, and so
 * is what was opened before: the fills since a moment, with what was held then, give the trades opened since, as all fills do.
 */
export function foldRoundTrips(before: Iterable<HeldBefore> = []): (fill: TradeFill) => RoundTrip[] {
  const open = new Map<string, Open>();
  for (const { accountId, symbol, quantity } of before) {
    if (quantity.eq('0')) continue;
    open.set(`${accountId} ${symbol}`, {
      side: quantity.gt('0') ? 'buy' : 'sell',
      known: false,
      signalId: null,
      openedAt: new Date(0),
      held: quantity.abs(),
      opened: quantity.abs(),
      cash: decimal('0'),
    });
  }
  return (fill) => {
    const closed: RoundTrip[] = [];
    const key = `${fill.accountId} ${fill.symbol}`;
    let left: Big = fill.quantity;
    const trade = open.get(key);
    if (trade && trade.side !== fill.side) {
      const taken = left.lt(trade.held) ? left : trade.held;
      book(trade, fill, taken);
      trade.held = trade.held.minus(taken);
      left = left.minus(taken);
      if (trade.held.eq('0')) {
        open.delete(key);
        if (trade.known)
          closed.push({
            accountId: fill.accountId,
            symbol: fill.symbol,
            side: trade.side,
            signalId: trade.signalId,
            openedAt: trade.openedAt,
            closedAt: fill.at,
            quantity: trade.opened as Quantity,
            pnl: money(trade.cash),
          });
      }
    }
    if (left.eq('0')) return closed;
    const grown: Open = open.get(key) ?? {
      side: fill.side,
      known: true,
      signalId: fill.signalId,
      openedAt: fill.at,
      held: zeroQuantity,
      opened: zeroQuantity,
      cash: decimal('0'),
    };
    book(grown, fill, left);
    grown.held = grown.held.plus(left);
    grown.opened = grown.opened.plus(left);
    open.set(key, grown);
    return closed;
  };
}

/** All of the trades that fills have closed. */
export const roundTrips = (fills: readonly TradeFill[], before: Iterable<HeldBefore> = []): RoundTrip[] =>
  fills.flatMap(foldRoundTrips(before));

/** The money of a part of a fill. */
function book(trade: Open, fill: TradeFill, part: Big): void {
  const value = fill.price.times(part);
  const fee = part.eq(fill.quantity) ? fill.fee : fill.fee.times(part).div(fill.quantity);
  trade.cash = (fill.side === 'sell' ? trade.cash.plus(value) : trade.cash.minus(value)).minus(fee);
}

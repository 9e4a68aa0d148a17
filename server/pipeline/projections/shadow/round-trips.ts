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

/** A trade that is not closed yet. */
export interface OpenTrade {
  readonly side: Side;
  /** Whether it was opened by one of the fills: of one that was there before, nobody here knows what came in. */
  readonly known: boolean;
  readonly signalId: string | null;
  readonly openedAt: Date;
  /** Shares still held, without sign. */
  readonly held: Big;
  /** Shares opened so far, without sign. */
  readonly opened: Big;
  /** What came in less what went out, and fees. */
  readonly cash: Big;
}

/**
 * The next fill of one account and symbol, given what is open of them: what is open after it, and the trade that it has closed, if any. A
 * fill that goes through nothing closes one trade and opens the next; its fee is shared by quantity.
 */
export function stepRoundTrip(
  trade: OpenTrade | null,
  fill: TradeFill,
): { readonly open: OpenTrade | null; readonly closed: RoundTrip | null } {
  if (trade === null || trade.side === fill.side) return { open: grown(trade, fill, fill.quantity), closed: null };
  const taken: Big = fill.quantity.lt(trade.held) ? fill.quantity : trade.held;
  const cash = booked(trade.cash, fill, taken);
  const held = trade.held.minus(taken);
  if (held.gt('0')) return { open: { ...trade, held, cash }, closed: null };
  const left = fill.quantity.minus(taken);
  return {
    open: left.eq('0') ? null : grown(null, fill, left),
    closed: trade.known
      ? {
          accountId: fill.accountId,
          symbol: fill.symbol,
          side: trade.side,
          signalId: trade.signalId,
          openedAt: trade.openedAt,
          closedAt: fill.at,
          quantity: trade.opened as Quantity,
          pnl: money(cash),
        }
      : null,
  };
}

function grown(trade: OpenTrade | null, fill: TradeFill, shares: Big): OpenTrade {
  const before = trade ?? {
    side: fill.side,
    known: true,
    signalId: fill.signalId,
    openedAt: fill.at,
    held: zeroQuantity,
    opened: zeroQuantity,
    cash: decimal('0'),
  };
  return {
    ...before,
    held: before.held.plus(shares),
    opened: before.opened.plus(shares),
    cash: booked(before.cash, fill, shares),
  };
}

/** The money after a part of a fill. */
function booked(cash: Big, fill: TradeFill, part: Big): Big {
  const value = fill.price.times(part);
  const fee = part.eq(fill.quantity) ? fill.fee : fill.fee.times(part).div(fill.quantity);
  return (fill.side === 'sell' ? cash.plus(value) : cash.minus(value)).minus(fee);
}

/**
 * Folds a strategy's fills, oldest first, into the trades that are closed: each call answers with those that its fill has closed. What
 * is still open is left out, and so is what was opened before: the fills since a moment, with what was held then, give the trades opened since, as all fills do.
 */
export function foldRoundTrips(before: Iterable<HeldBefore> = []): (fill: TradeFill) => RoundTrip[] {
  const open = new Map<string, OpenTrade>();
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
    const key = `${fill.accountId} ${fill.symbol}`;
    const after = stepRoundTrip(open.get(key) ?? null, fill);
    if (after.open) open.set(key, after.open);
    else open.delete(key);
    return after.closed ? [after.closed] : [];
  };
}

/** All of the trades that fills have closed. */
export const roundTrips = (fills: readonly TradeFill[], before: Iterable<HeldBefore> = []): RoundTrip[] =>
  fills.flatMap(foldRoundTrips(before));

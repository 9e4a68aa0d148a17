import { side as sides } from '../book/terms.ts';
import type { Phase } from '../calendar/sessions.ts';
import type { Books } from './books.ts';
import { isFinal, isWaiting, type VenueOrder } from './model.ts';
import { dollars } from './money.ts';
import { qtyText } from './quantity.ts';

/** An account's order as the book shows it. */
export interface BookOrder {
  readonly id: string;
  readonly accountNumber: string | null;
  readonly side: 'buy' | 'sell';
  readonly type: VenueOrder['type'];
  /** What is still to be filled, in shares or coins. */
  readonly quantity: string;
  readonly limit: string | null;
  readonly stop: string | null;
}

export interface BookLevel {
  readonly price: string;
  /** All of it; null: without end. */
  readonly quantity: string | null;
  /** Whether the simulated market's own quote is part of it. */
  readonly market: boolean;
  /** Those of accounts, in the order in which they would be filled. */
  readonly orders: readonly BookOrder[];
}

/** A symbol's book at a moment: the best levels first, and what waits outside of it. */
export interface BookView {
  readonly symbol: string;
  readonly at: string;
  readonly phase: Phase;
  readonly open: boolean;
  readonly halted: boolean;
  readonly tradable: boolean;
  readonly last: string | null;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  /** Orders that wait for a price, for their hours, for their entry or for the symbol to trade again. */
  readonly waiting: readonly BookOrder[];
}

/** What the book of a symbol shows; null: it is not listed. */
export function bookView(books: Books, symbol: string, levels: number, at: Date): BookView | null {
  const { state, matching, market, hours } = books;
  const instrument = market.instruments.find((one) => one.symbol === symbol);
  if (!instrument) return null;
  const open = state.open().filter((order) => order.symbol === symbol && !isFinal(order.status));
  const bySequence = new Map(open.map((order) => [order.sequence, order]));
  const shown = (order: VenueOrder): BookOrder => ({
    ...{ id: order.id, side: order.side, type: order.type },
    accountNumber: state.accounts.get(order.accountId)?.number ?? null,
    quantity: qtyText(symbol, order.qty - order.filledQty),
    limit: order.limitPrice === null ? null : dollars(order.limitPrice),
    stop: order.stopPrice === null ? null : dollars(order.stopPrice),
  });
  const rested = new Set<VenueOrder>();
  const sideOf = (side: 'buy' | 'sell'): BookLevel[] =>
    matching.depth(symbol, sides[side], levels).map(({ tick, lots, ids }) => {
      const own = ids.flatMap((id) => bySequence.get(id) ?? []);
      for (const order of own) rested.add(order);
      return {
        price: dollars(tick),
        quantity: Number.isFinite(lots) ? qtyText(symbol, lots) : null,
        market: own.length < ids.length,
        orders: own.map(shown),
      };
    });
  const [bids, asks] = [sideOf('buy'), sideOf('sell')];
  const last = matching.lastTrade(symbol) ?? market.lastTrade(symbol)?.price ?? null;
  return {
    ...{ symbol, at: at.toISOString(), bids, asks },
    phase: hours.sessions.phase(at),
    open: hours.sessions.isOpen(at, instrument.assetClass),
    halted: matching.isHalted(symbol),
    tradable: books.isTradable(symbol),
    last: last === null ? null : dollars(last),
    // Beyond the levels shown, an order rests and does not wait.
    waiting: open
      .filter(
        (order) => !rested.has(order) && (isWaiting(order.status) || waitsForPrice(order) || matching.isHalted(symbol)),
      )
      .map(shown),
  };
}

const waitsForPrice = (order: VenueOrder): boolean => order.stopPrice !== null && !order.elected;

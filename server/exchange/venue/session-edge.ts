import { auctionPrice } from './auction-price.ts';
import type { Books } from './books.ts';
import { isForAuction } from './hours.ts';
import { byTurn, type VenueOrder } from './model.ts';
import { isCrypto } from './quantity.ts';

/**
 * Does what the hours ask for at a moment, whatever was missed before it: auctions are held, lives end, cancellations that waited go through, what may not
 * trade now leaves the book and what may comes into it, in the order of their turns. Where nothing is due it does nothing.
 */
export function workOffHours(books: Books, at: Date): void {
  const { state, matching, hours } = books;
  const now = at.toISOString();
  const due: { order: VenueOrder; end: Date }[] = [];
  for (const order of state.open()) {
    const end = hours.end(order, new Date(order.createdAt));
    if (end <= at) due.push({ order, end });
    else if (order.expiresAt !== end.toISOString()) {
      // The hours were changed, or it comes from a time before this was kept.
      order.expiresAt = end.toISOString();
      state.touch(order, now);
    }
  }
  for (const order of state.open()) if (order.status === 'pending_cancel') matching.cancel(order, now);
  due.sort((a, b) => a.end.getTime() - b.end.getTime() || byTurn(a.order, b.order));
  for (const { order, end } of due) if (isForAuction(order)) holdAuction(books, order, end, at);
  matching.expire(
    due.map(({ order }) => order).filter((order) => !isForAuction(order)),
    now,
  );
  for (const order of state.open()) if (!hours.trades(order, at)) matching.withdraw(order);
  const comers = state
    .open()
    .filter((order) => hours.trades(order, at) && matching.isOutside(order))
    .sort(byTurn);
  // The opening trade comes before whatever it elects: stops look at regular hours' trades, not at those of the night.
  for (const symbol of new Set(comers.map((order) => order.symbol))) openMarket(books, symbol, at);
  for (const order of comers) matching.begin(order, now);
}

function holdAuction({ matching, market }: Books, order: VenueOrder, held: Date, at: Date): void {
  const auction = order.timeInForce === 'opg' ? 'opg' : 'cls';
  const price = matching.isHalted(order.symbol) ? null : auctionPrice(market, order.symbol, auction, held, at);
  matching.auction(order, price, at.toISOString());
}

function openMarket({ matching, hours, market }: Books, symbol: string, at: Date): void {
  if (isCrypto(symbol) || hours.sessions.alwaysOpen || hours.sessions.phase(at) !== 'regular') return;
  const price = auctionPrice(market, symbol, 'opg', at, at);
  if (price !== null) matching.print(symbol, price, at.toISOString());
}

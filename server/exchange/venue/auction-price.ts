import { newYork, wallTime } from '../calendar/civil-day.ts';
import type { Market } from '../market/market.ts';
import type { Ticks } from './model.ts';

/** An auction that is held this late was missed: the venue was not running. */
const missedAfterMs = 60_000;

/**
 * The one price of an opening or closing auction in ticks; null: the symbol has no market. It is the last trade before it, brought within
 * the quote: nobody in the auction would have traded beyond that. Of one that was missed it is the day's official open or close, as far as the
 * market knows it.
 */
export function auctionPrice(
  market: Market,
  symbol: string,
  auction: 'opg' | 'cls',
  held: Date,
  now: Date,
): Ticks | null {
  if (now.getTime() - held.getTime() > missedAfterMs) {
    const bar = market.history.dayBar(symbol, wallTime(held.getTime(), newYork).day, now);
    if (bar) return Math.round(auction === 'opg' ? bar.open : bar.close);
  }
  const quote = market.quote(symbol);
  if (!quote) return null;
  const last = market.lastTrade(symbol)?.price ?? quote.bid;
  return Math.min(quote.ask, Math.max(quote.bid, last));
}

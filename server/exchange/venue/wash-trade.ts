import { isFinal, type OrderRequest, type VenueOrder } from './model.ts';
import { refuse } from './refusal.ts';
import type { VenueState } from './state.ts';

type Priced = Pick<VenueOrder, 'side' | 'type' | 'limitPrice' | 'orderClass'>;

/** Complex orders look after themselves, and a trailing stop's price is not known yet. */
const isExempt = ({ type, orderClass }: { readonly type: string; readonly orderClass: string }): boolean =>
  type === 'trailing_stop' || (orderClass !== '' && orderClass !== 'simple');

/** The price beyond which an order does not trade; null: it takes any, when its time comes. */
const limitOf = ({ type, limitPrice }: Priced): number | null =>
  type === 'limit' || type === 'stop_limit' ? limitPrice : null;

/**
 * Refuses an order that could trade with one of the same account, by Alpaca's table. Where either is a market or a stop order: always (the
 * table's row for a stop against a limit says so whichever came first). Where both have limits: when the buyer's reaches the seller's.
 */
export function checkWashTrade(
  state: VenueState,
  accountId: string,
  request: Priced & Pick<OrderRequest, 'symbol'>,
  /** The order that this one takes the place of. */
  replaced: VenueOrder | null = null,
): void {
  if (isExempt(request)) return;
  for (const other of state.openOn(accountId, request.symbol, request.side === 'buy' ? 'sell' : 'buy')) {
    if (other === replaced || isFinal(other.status) || isExempt(other)) continue;
    const [mine, theirs] = [limitOf(request), limitOf(other)];
    if (mine !== null && theirs !== null) {
      const [bid, ask] = request.side === 'buy' ? [mine, theirs] : [theirs, mine];
      if (bid < ask) continue;
    }
    throw refuse.forbidden('potential wash trade detected. use complex orders', {
      existing_order_id: other.id,
      reject_reason: theirs === null ? 'opposite side market/stop order exists' : 'opposite side limit order exists',
    });
  }
}

import { termsOf } from './asset-terms.ts';
import type { OrderRequest } from './model.ts';
import { isCrypto, isWhole } from './quantity.ts';
import { refuse } from './refusal.ts';

/** Whether an order is for a fraction of a share, or for dollars, which come to one. */
export const isFractional = ({ symbol, qty, notional }: Pick<OrderRequest, 'symbol' | 'qty' | 'notional'>): boolean =>
  !isCrypto(symbol) && (notional !== null || !isWhole(symbol, qty));

/** Refuses an order for a fraction that is more than a simple one of today's. Crypto is always traded in fractions: nothing is asked of it. */
export function checkFraction(request: OrderRequest): void {
  if (!isFractional(request)) return;
  const { symbol, type, timeInForce, orderClass } = request;
  if (!termsOf(symbol).fractionable) throw refuse.forbidden(`asset "${symbol}" is not fractionable`);
  if (timeInForce !== 'day') throw refuse.unprocessable('fractional orders must be DAY orders');
  if (orderClass !== '' && orderClass !== 'simple')
    throw refuse.unprocessable('fractional orders must be simple orders');
  if (!['market', 'limit', 'stop', 'stop_limit'].includes(type)) {
    throw refuse.unprocessable('fractional orders must be market, limit, stop, or stop_limit orders');
  }
}

/** Refuses what a pair cannot be ordered with: it trades by market, limit and stop-limit, good till cancelled or immediate, and singly. */
export function checkPair(request: OrderRequest): void {
  if (!isCrypto(request.symbol)) return;
  if (!['market', 'limit', 'stop_limit'].includes(request.type)) throw refuse.malformed('invalid crypto order type');
  if (!['gtc', 'ioc'].includes(request.timeInForce)) throw refuse.malformed('invalid crypto time_in_force');
  if (request.orderClass !== '' && request.orderClass !== 'simple') {
    throw refuse.unprocessable('crypto orders must be simple orders');
  }
  if (request.extendedHours) throw refuse.unprocessable('crypto orders must not have extended_hours');
}

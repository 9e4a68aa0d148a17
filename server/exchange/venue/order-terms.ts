import type { OrderRequest } from './model.ts';
import { refuse } from './refusal.ts';

type Terms = Pick<OrderRequest, 'type' | 'timeInForce' | 'orderClass' | 'extendedHours'>;

/** Refuses what Alpaca's table of types and times in force does not have. What crypto and fractions may not, see `checkPair`, `checkFraction`. */
export function checkTerms({ type, timeInForce, orderClass, extendedHours }: Terms): void {
  const simple = orderClass === '' || orderClass === 'simple';
  const lasting = timeInForce === 'day' || timeInForce === 'gtc';
  if (type === 'trailing_stop' && !simple) throw refuse.unprocessable('trailing stop orders must be simple orders');
  // Whatever waits for a trade needs the time to wait.
  if (!lasting && (!simple || (type !== 'market' && type !== 'limit'))) throw refuse.malformed('invalid time_in_force');
  if (!extendedHours) return;
  if (type !== 'limit' || !lasting) throw refuse.unprocessable('extended hours order must be DAY or GTC limit orders');
  if (!simple) throw refuse.unprocessable('extended hours orders must be simple orders');
}

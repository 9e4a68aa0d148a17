import type { Price } from '../decimal.ts';
import type { OrderClass, OrderType, TimeInForce, Trail } from './order.ts';

/** How an order is to be sent, beside its side and its quantity. Prices are on the venue's grid. */
export interface OrderTerms {
  readonly type: OrderType;
  readonly limitPrice: Price | null;
  /** What triggers it. */
  readonly stopPrice: Price | null;
  /** Of a trailing stop. */
  readonly trail: Trail | null;
  /** As the alert has it; null: as the order needs it. */
  readonly timeInForce: TimeInForce | null;
  readonly extendedHours: boolean;
  /** Whether the alert itself names the type: the strategy's own is sent as it always was. */
  readonly named: boolean;
}

/** At the market, for as long as it needs. */
export const atMarket: OrderTerms = {
  type: 'market',
  limitPrice: null,
  stopPrice: null,
  trail: null,
  timeInForce: null,
  extendedHours: false,
  named: false,
};

/** What an order's class depends on. */
interface Grouped {
  readonly intent: 'entry' | 'exit';
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly extendedHours?: boolean;
  readonly stopLoss: Price | null;
  readonly takeProfit: Price | null;
}

/**
 * What an order is sent as. An entry brings its stop and target along only at the market or with a limit, until cancelled and for regular
 * hours: legs have the time in force of their entry, and must not end with the day. Any other entry goes alone, and the watch over
 * protection places its stop with each fill and watches for its target.
 */
export function orderClassOf({ intent, type, timeInForce, extendedHours, stopLoss, takeProfit }: Grouped): OrderClass {
  if (intent === 'exit') return stopLoss && takeProfit ? 'oco' : 'simple';
  // At the market it is done at once: only what waits can end with the day before it has bought anything.
  const lasts = timeInForce === 'gtc' || (timeInForce === 'day' && type === 'market');
  const takesLegs = (type === 'market' || type === 'limit') && lasts && extendedHours !== true;
  if (!takesLegs || (!stopLoss && !takeProfit)) return 'simple';
  return stopLoss && takeProfit ? 'bracket' : 'oto';
}

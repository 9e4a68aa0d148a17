import { text, wholeShares } from '../../../core/decimal.ts';
import type { OrderType } from '../../../core/model/order.ts';
import type { OrderTerms } from '../../../core/model/order-terms.ts';
import { isPair } from '../../../core/pairs.ts';
import { marketZone, wallClock } from '../../../core/zoned-day.ts';
import { breach, notApplicable, orderRule, pass, type RiskContext } from '../rule.ts';
import { clockText } from '../venue-hours.ts';

/** Alpaca takes orders for the opening auction but from 09:28 to 19:00, for the closing one but from 15:50 to 19:00, in New York. */
const auctions = { opg: { name: 'opening', from: 9 * 60 + 28 }, cls: { name: 'closing', from: 15 * 60 + 50 } } as const;
const auctionsUntil = 19 * 60;
const coinTypes: readonly OrderType[] = ['market', 'limit', 'stop_limit'];

/** What an alert asks of its order, as Alpaca's tables of types, times in force and hours have it. What the alert leaves open is sent as it fits. */
export const rule = orderRule({
  key: 'order-terms',
  order: 665,
  name: 'Order type and time in force as the venue takes them',
  says: 'Order type, time in force and extended hours that an alert names must be such as the venue takes together.',
  parameters: {},
  scopes: ['everything'],
  severities: ['deny'],
  on: 'always',
  evaluate(context) {
    const { terms } = context.sized;
    if (!terms || (!terms.named && terms.timeInForce === null && !terms.extendedHours))
      return notApplicable('The alert leaves it to us how the order is sent.');
    const { type, timeInForce, extendedHours } = terms;
    const inputs = { type, timeInForce, extendedHours };
    const problem = isPair(context.signal.ticker) ? ofCoins(terms) : ofShares(terms, context);
    if (problem) return breach('RISK_TERMS_NOT_TAKEN', problem, inputs);
    return pass('The venue takes the order as the alert wants it.', inputs);
  },
});

const words = (type: OrderType): string => type.replaceAll('_', ' ');

function ofCoins({ type, timeInForce, extendedHours }: OrderTerms): string | null {
  if (extendedHours) return 'coins are traded at all hours: there are no extended ones to ask for.';
  if (!coinTypes.includes(type)) return `of coins the venue takes no ${words(type)} orders.`;
  const lasts = timeInForce === null || timeInForce === 'gtc' || timeInForce === 'ioc';
  // At the market it is done at once, whatever the day.
  if (lasts || (timeInForce === 'day' && type === 'market')) return null;
  return `orders for coins are until cancelled (gtc) or at once (ioc), and not ${timeInForce}.`;
}

function ofShares({ type, timeInForce, extendedHours }: OrderTerms, { sized, now }: RiskContext): string | null {
  const lasts = timeInForce === null || timeInForce === 'day' || timeInForce === 'gtc';
  if (extendedHours && (type !== 'limit' || !lasts)) {
    return `extended hours take limit orders for the day or until cancelled, and not a ${words(type)} order${lasts ? '' : ` that is ${timeInForce}`}.`;
  }
  if (type !== 'market' && type !== 'limit' && !lasts) {
    return `a ${words(type)} order is for the day or until cancelled, and not ${timeInForce}.`;
  }
  const isPart = !sized.quantity.eq(wholeShares(sized.quantity));
  if (isPart && type === 'trailing_stop')
    return `a trailing stop is for whole shares, and not for ${text(sized.quantity)}.`;
  if (isPart && !lasts) return `orders for parts of a share are for the day, and not ${timeInForce}.`;
  if (timeInForce !== 'opg' && timeInForce !== 'cls') return null;
  const { minutes } = wallClock(now, marketZone);
  const { name, from } = auctions[timeInForce];
  if (minutes < from || minutes >= auctionsUntil) return null;
  return `it is ${clockText(minutes)} in New York; orders for the ${name} auction are not taken from ${clockText(from)} to ${clockText(auctionsUntil)}.`;
}

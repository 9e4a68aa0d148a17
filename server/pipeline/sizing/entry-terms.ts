import { type Price, price, text } from '../../core/decimal.ts';
import type { Trail } from '../../core/model/order.ts';
import type { OrderTerms } from '../../core/model/order-terms.ts';
import type { Side } from '../../core/model/signal.ts';
import type { SizingContext } from './context.ts';
import { limitOnGrid, triggerOnGrid } from './grid.ts';
import { type NoSize, noSize } from './method.ts';

/** How an entry is sent, and at what price it can fill. */
export interface EntryTerms {
  readonly terms: OrderTerms;
  /** What relative levels are measured from: the alert's entry price, or else the price it can fill at. */
  readonly reference: Price | null;
  /** The worst price it is filled at as far as its order says: the limit, the trigger, or the market's. Null: there is none. */
  readonly fill: Price | null;
  readonly fillFrom: 'alert' | 'quote' | null;
  /** Where it rests until the market comes to it; null: it is for the market as it is. */
  readonly restsAt: Price | null;
  readonly problem: NoSize | null;
}

/** Reads the order type of an entry: the alert's own, or else the strategy's. */
export function entryTerms(side: Side, { signal, strategy, quote }: SizingContext): EntryTerms {
  const buy = side === 'buy';
  const live = quote && (buy ? quote.ask : quote.bid);
  const near = signal.entryPrice ?? live;
  const nearFrom = signal.entryPrice ? 'alert' : live ? 'quote' : null;
  const type = signal.orderType ?? strategy.entryType;
  const plain = {
    limitPrice: null,
    stopPrice: null,
    trail: null,
    timeInForce: signal.timeInForce,
    extendedHours: signal.extendedHours,
    named: signal.orderType !== null,
  };
  const at = (
    about: Partial<OrderTerms>,
    fill: Price | null,
    from: EntryTerms['fillFrom'],
    rests: boolean,
  ): EntryTerms => ({
    terms: { ...plain, type, ...about },
    reference: signal.entryPrice ?? fill,
    fill,
    fillFrom: fill && from,
    restsAt: rests ? fill : null,
    problem: null,
  });
  const lacks = (what: string): EntryTerms => ({
    ...at({}, near, nearFrom, false),
    problem: noSize('RISK_NO_ORDER_PRICE', `a ${inWords(type)} order needs ${what}, and the alert names none.`),
  });
  const stopPrice = signal.stopPrice && triggerOnGrid(buy, signal.stopPrice);
  switch (type) {
    case 'market':
      return at({}, near, nearFrom, false);
    case 'limit': {
      const limit = signal.orderType === null ? near : (signal.limitPrice ?? near);
      const limitPrice = limit && limitOnGrid(buy, limit);
      if (signal.limitPrice === null || signal.orderType === null) return at({ limitPrice }, near, nearFrom, false);
      return at({ limitPrice }, limitPrice, 'alert', true);
    }
    case 'stop': {
      if (!stopPrice) return lacks('the price that triggers it');
      const terms = at({ stopPrice }, stopPrice, 'alert', true);
      // The venue refuses a stop that the market has passed already.
      const passed = live && (buy ? stopPrice.lte(live) : stopPrice.gte(live));
      if (!passed) return terms;
      const where = buy ? 'above the ask' : 'below the bid';
      const sentence = `the price ${text(stopPrice)} that triggers it is not ${where} ${text(live)}: it would be triggered at once.`;
      return { ...terms, problem: noSize('RISK_TRIGGER_SIDE', sentence) };
    }
    case 'stop_limit': {
      if (!stopPrice) return lacks('the price that triggers it');
      if (!signal.limitPrice) return lacks('a limit');
      const limitPrice = limitOnGrid(buy, signal.limitPrice);
      return at({ stopPrice, limitPrice }, limitPrice, 'alert', true);
    }
    case 'trailing_stop': {
      const trail = entryTrail(signal.entryTrailAmount, signal.entryTrailPercent as Price | null);
      if (!trail) return lacks('the distance at which it trails');
      const from = live ?? near;
      if (!from) return at({ trail }, null, null, false);
      const away = 'price' in trail ? trail.price : from.times(trail.percent).div('100');
      const there = triggerOnGrid(buy, price((buy ? from.plus(away) : from.minus(away)).round(9, 1)));
      if (there.lte('0')) return lacks('a distance that leaves a price');
      return at({ trail }, there, live ? 'quote' : nearFrom, true);
    }
  }
}

const entryTrail = (amount: Price | null, percent: Price | null): Trail | null =>
  amount ? { price: amount } : percent ? { percent } : null;

/** "stop-limit". */
export const inWords = (type: OrderTerms['type']): string =>
  type.replace('_', '-').replace('trailing-stop', 'trailing stop');

/** What the receipt says of an order that is not simply sent: "Sent as a limit order at 149, for the day." Null: there is nothing to say. */
export function termsInWords({
  type,
  limitPrice,
  stopPrice,
  trail,
  timeInForce,
  extendedHours,
  named,
}: OrderTerms): string | null {
  if (!named && timeInForce === null && !extendedHours) return null;
  const how = [
    `Sent as a ${inWords(type)} order`,
    ...(stopPrice ? [`triggered at ${text(stopPrice)}`] : []),
    ...(limitPrice ? [stopPrice ? `with a limit of ${text(limitPrice)}` : `at ${text(limitPrice)}`] : []),
    ...(trail
      ? [`that keeps ${'price' in trail ? `${text(trail.price)} a share` : `${text(trail.percent)} %`} from the market`]
      : []),
    ...(timeInForce ? [timesInWords[timeInForce]] : []),
    ...(extendedHours ? ['in extended hours too'] : []),
  ];
  return `${how.join(', ').replace(/, (at|that|triggered|with) /g, ' $1 ')}.`;
}

const timesInWords = {
  day: 'for the day',
  gtc: 'until cancelled',
  ioc: 'to be filled at once as far as it can be',
  fok: 'to be filled at once and whole',
  opg: 'for the opening auction',
  cls: 'for the closing auction',
} as const;

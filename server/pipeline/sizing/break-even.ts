import { type Price, price, text } from '../../core/decimal.ts';
import type { Quote } from '../../core/model/market.ts';
import type { TradeSignal } from '../../core/model/signal.ts';
import { protectionOnGrid } from './grid.ts';
import { adjusting, type Holding, type StopMove } from './holding.ts';
import type { Sizing } from './size.ts';

/**
 * Moves the stops of what is held to what it cost on average, and the alert's offset beyond: only where that betters the stop, and only
 * while the market is beyond it, as a stop on the wrong side of the market would close the position at once.
 */
export function breakEven(
  signal: TradeSignal,
  quote: Quote | null,
  { held, cost, open }: Holding,
): { sized: Sizing; moves: readonly StopMove[] } {
  const { ticker } = signal;
  const refused = (code: NonNullable<Sizing['problem']>['code'], why: string) => {
    const sentence = `Not sent: ${why}`;
    return { sized: adjusting(signal, 'break_even', sentence, { code, sentence }), moves: [] };
  };
  if (held.eq('0')) return refused('RISK_NOTHING_TO_MOVE', `there is no ${ticker} position whose stop could be moved.`);
  const long = held.gt('0');
  const average = cost.div(held.abs());
  const offset = signal.breakEvenOffset ?? price('0');
  const to = protectionOnGrid(long, 'stop', price((long ? average.plus(offset) : average.minus(offset)).round(9, 1)));
  if (quote === null) return refused('RISK_NO_QUOTE', `${ticker} has no fresh quote to hold break-even against.`);
  const market = long ? quote.bid : quote.ask;
  if (long ? market.lte(to) : market.gte(to)) {
    const side = long ? 'below' : 'above';
    return refused(
      'RISK_BREAK_EVEN_SIDE',
      `the market ${text(market)} is not beyond ${text(to)}: a stop there must be ${side} it.`,
    );
  }
  const stops = open.filter(
    (order) => order.role === 'stop_loss' && order.stopPrice !== null && movable.has(order.status),
  );
  const betters = (stop: Price): boolean => (long ? to.gt(stop) : to.lt(stop));
  // One that we move after the market trails as much as one that the venue moves.
  const fixed = stops.filter((order) => order.type !== 'trailing_stop' && order.trail === null);
  const worse = fixed.filter((order) => betters(order.stopPrice!));
  if (worse.length === 0) {
    const why =
      stops.length === 0
        ? `no stop of ${ticker} rests at the broker.`
        : fixed.length === 0
          ? `the stop of ${ticker} trails by itself.`
          : `the stop of ${ticker} is at ${text(fixed[0]!.stopPrice!)} already, which is no worse than ${text(to)}.`;
    return refused('RISK_NOTHING_TO_MOVE', why);
  }
  const what = worse.length === 1 ? 'the stop' : `${worse.length} stops`;
  const sentence = `Moves ${what} of ${text(held.abs())} ${ticker} ${long ? 'long' : 'short'} to ${text(to)}.`;
  return {
    sized: { ...adjusting(signal, 'break_even', sentence, null), stopLoss: to },
    moves: worse.map(({ orderId, stopPrice, limitPrice }) => ({
      orderId,
      stopPrice: to,
      limitPrice: limitPrice && protectionOnGrid(long, 'stop', price(limitPrice.plus(to).minus(stopPrice!))),
    })),
  };
}

/** Statuses in which the broker has it and takes a change. A stop of a bracket may be held until its time comes. */
const movable: ReadonlySet<string> = new Set(['held', 'accepted', 'partially_filled']);

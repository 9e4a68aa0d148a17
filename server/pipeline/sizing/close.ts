import { quantity, text, zeroQuantity } from '../../core/decimal.ts';
import type { Quote } from '../../core/model/market.ts';
import type { RefusalCode } from '../../core/model/refusals.ts';
import { opposite, type Side, type TradeSignal } from '../../core/model/signal.ts';
import type { SizingContext } from './context.ts';
import { adjusting, type Holding, type StopMove } from './holding.ts';
import { nearOf } from './near.ts';
import type { Sizing } from './size.ts';
import { type Closing, sizeExit } from './size-exit.ts';

/** What an action comes to: what is closed, then what is opened, and what happens to orders that are there. */
export interface Acting {
  /** What the decision is made on: the entry of a reversal, else the one thing there is. */
  readonly sized: Sizing;
  /** The exit that comes before the entry of a reversal. */
  readonly first: Sizing | null;
  /** Open entries to be cancelled. */
  readonly cancels: readonly string[];
  readonly moves: readonly StopMove[];
  /** Of the cancelled ones, one that the entry waits for, until none of them is open any more; absent: it waits for none. */
  readonly clears?: string;
}

/** One order, and nothing else. */
export const only = (sized: Sizing): Acting => ({ sized, first: null, cancels: [], moves: [] });

/** The side the strategy is on, by what it holds, else by what it is about to; null: none. */
export function sideOf({ held, entering }: Holding): Side | null {
  const way = held.eq('0') ? entering : held;
  return way.eq('0') ? null : way.gt('0') ? 'buy' : 'sell';
}

/** The open entries, by their ids. */
export const entriesOf = ({ open }: Holding): string[] =>
  open.filter((order) => order.role === 'entry').map((order) => order.orderId);

/** All that is held, and what open entries may still add to it. */
export function closeAll(
  signal: TradeSignal,
  quote: Quote | null,
  { held, entering }: Holding,
  side: Side,
  asked: Pick<Closing, 'terms' | 'problem'> = {},
): Sizing {
  // Only what would add to it: an entry to the other side is none of this position.
  const adding = (side === 'buy') === entering.gt('0') ? entering : zeroQuantity;
  return sizeExit(opposite(side), signal, asked.terms?.limitPrice ?? nearOf(opposite(side), quote), {
    held,
    coming: quantity(held.plus(adding)),
    wanted: null,
    method: 'close_position',
    levels: null,
    ...asked,
  });
}

/** Closes what is held, and cancels open entries. */
export function flatten(signal: TradeSignal, quote: Quote | null, holding: Holding): Acting {
  const cancels = entriesOf(holding);
  const side = sideOf(holding);
  if (side === null && cancels.length > 0) return { sized: cancel(signal, holding), first: null, cancels, moves: [] };
  const sized =
    side === null
      ? refused(signal, 'RISK_NOTHING_TO_CLOSE', `there is no ${signal.ticker} position or entry to end.`)
      : closeAll(signal, quote, holding, side);
  return { sized, first: null, cancels, moves: [] };
}

/** Closes the position, and then enters the other side. */
export function closeThen(side: Side, { signal, quote, holding }: SizingContext, entry: Sizing): Acting {
  const first = closeAll(signal, quote, holding, side);
  const record = {
    ...entry.record,
    closesFirst: text(first.quantity),
    sentence: `${first.record.sentence} Then: ${entry.record.sentence}`,
  };
  return { ...only({ ...entry, record }), first };
}

/** Cancels open entries. */
export function cancel(signal: TradeSignal, holding: Holding): Sizing {
  const count = entriesOf(holding).length;
  if (count === 0)
    return refused(signal, 'RISK_NOTHING_TO_CANCEL', `there is no open ${signal.ticker} entry to cancel.`);
  const what = count === 1 ? 'the open entry' : `${count} open entries`;
  return adjusting(signal, 'cancel_entries', `Cancels ${what} in ${signal.ticker}.`, null);
}

/** An action that does not fit what is held. */
export function refused(signal: TradeSignal, code: RefusalCode, why: string, intent?: 'entry'): Sizing {
  const sentence = `Not sent: ${why}`;
  return {
    ...adjusting(signal, 'cancel_entries', sentence, { code, sentence }),
    ...methodOf(signal),
    ...(intent && { intent }),
  };
}

/** An action that would have sent an order is on record as that, though it sends none. */
function methodOf(signal: TradeSignal): Partial<Sizing> {
  return signal.action === 'cancel' ? {} : { intent: signal.action === 'add' ? 'entry' : 'exit' };
}

import { type Price, price, type Quantity, quantity, text, wholeShares, zeroQuantity } from '../../core/decimal.ts';
import type { Quote } from '../../core/model/market.ts';
import type { RefusalCode } from '../../core/model/refusals.ts';
import type { StrategySettings } from '../../core/model/settings.ts';
import { opposite, type Side, type TradeSignal } from '../../core/model/signal.ts';
import { breakEven } from './break-even.ts';
import { adjusting, type Holding, type StopMove } from './holding.ts';
import { type Sizing, size, sizeEntry, sizeExit } from './size.ts';

/** What an action comes to: what is closed, then what is opened, and what happens to orders that are there. */
export interface Acting {
  /** What the decision is made on: the entry of a reversal, else the one thing there is. */
  readonly sized: Sizing;
  /** The exit that comes before the entry of a reversal. */
  readonly first: Sizing | null;
  /** Open entries to be cancelled. */
  readonly cancels: readonly string[];
  readonly moves: readonly StopMove[];
}

/** Works out what a signal's action means for what the strategy has in its ticker. */
export function act(signal: TradeSignal, strategy: StrategySettings, quote: Quote | null, holding: Holding): Acting {
  const only = (sized: Sizing): Acting => ({ sized, first: null, cancels: [], moves: [] });
  switch (signal.action) {
    case 'buy':
    case 'sell':
      return only(size(signal, strategy, quote, { quantity: holding.held }, holding.entering));
    case 'add':
      return only(add(signal, strategy, quote, holding));
    case 'exit':
      return only(exit(signal, quote, holding));
    case 'flatten':
      return flatten(signal, quote, holding);
    case 'reverse':
      return reverse(signal, strategy, quote, holding);
    case 'cancel':
      return { ...only(cancel(signal, holding)), cancels: entriesOf(holding) };
    case 'breakeven': {
      const { sized, moves } = breakEven(signal, quote, holding);
      return { ...only(sized), moves };
    }
  }
}

/** The side the strategy is on, by what it holds, else by what it is about to; null: none. */
export function sideOf({ held, entering }: Holding): Side | null {
  const way = held.eq('0') ? entering : held;
  return way.eq('0') ? null : way.gt('0') ? 'buy' : 'sell';
}

const entriesOf = ({ open }: Holding): string[] =>
  open.filter((order) => order.role === 'entry').map((order) => order.orderId);

const inWords = (side: Side): string => (side === 'buy' ? 'long' : 'short');

function add(signal: TradeSignal, strategy: StrategySettings, quote: Quote | null, holding: Holding): Sizing {
  const side = sideOf(holding);
  if (side === null) {
    return refused(signal, 'RISK_NOTHING_TO_ADD_TO', `there is no ${signal.ticker} position to add to.`);
  }
  if (signal.side !== null && signal.side !== side) {
    const sentence = `the position in ${signal.ticker} is ${inWords(side)}, and the alert adds to a ${inWords(signal.side)}.`;
    return refused(signal, 'RISK_OTHER_SIDE', sentence);
  }
  return sizeEntry(side, signal, strategy, quote);
}

function exit(signal: TradeSignal, quote: Quote | null, holding: Holding): Sizing {
  const side = sideOf(holding);
  if (side === null) return refused(signal, 'RISK_NOTHING_TO_CLOSE', `there is no ${signal.ticker} position to close.`);
  const part = signal.portion?.lt('1') === true;
  if (!part && signal.quantity === null) return closeAll(signal, quote, holding, side);
  if (holding.held.eq('0')) {
    const sentence = `nothing of the ${signal.ticker} entry is filled yet, so there is no part of it to close.`;
    return refused(signal, 'RISK_NOTHING_TO_CLOSE', sentence);
  }
  // Of what is held: what may still be filled is nothing to take a part of.
  const wanted = signal.quantity ?? partOf(holding.held, signal.portion!);
  return sizeExit(opposite(side), signal, nearOf(opposite(side), quote), {
    held: holding.held,
    coming: holding.held,
    wanted,
    method: 'close_part',
    levels: null,
  });
}

/** Whole shares of a position in whole shares; nine decimals of one that is not, as venues count coins. */
function partOf(held: Quantity, portion: NonNullable<TradeSignal['portion']>): Quantity {
  const part = held.abs().times(portion);
  return wholeShares(held).eq(held) ? wholeShares(part) : quantity(part.round(9, 0));
}

function closeAll(signal: TradeSignal, quote: Quote | null, { held, entering }: Holding, side: Side): Sizing {
  // Only what would add to it: an entry to the other side is none of this position.
  const adding = (side === 'buy') === entering.gt('0') ? entering : zeroQuantity;
  return sizeExit(opposite(side), signal, nearOf(opposite(side), quote), {
    held,
    coming: quantity(held.plus(adding)),
    wanted: null,
    method: 'close_position',
    levels: null,
  });
}

const nearOf = (side: Side, quote: Quote | null): Price | null =>
  quote && price(side === 'buy' ? quote.ask : quote.bid);

function flatten(signal: TradeSignal, quote: Quote | null, holding: Holding): Acting {
  const cancels = entriesOf(holding);
  const side = sideOf(holding);
  if (side === null && cancels.length > 0) return { sized: cancel(signal, holding), first: null, cancels, moves: [] };
  const sized =
    side === null
      ? refused(signal, 'RISK_NOTHING_TO_CLOSE', `there is no ${signal.ticker} position or entry to end.`)
      : closeAll(signal, quote, holding, side);
  return { sized, first: null, cancels, moves: [] };
}

function reverse(signal: TradeSignal, strategy: StrategySettings, quote: Quote | null, holding: Holding): Acting {
  const side = sideOf(holding);
  const only = (sized: Sizing): Acting => ({ sized, first: null, cancels: [], moves: [] });
  if (side === null) {
    return only(refused(signal, 'RISK_NOTHING_TO_REVERSE', `there is no ${signal.ticker} position to reverse.`));
  }
  const to = opposite(side);
  if (signal.side !== null && signal.side !== to) {
    const sentence = `the position in ${signal.ticker} is ${inWords(side)} already.`;
    return only(refused(signal, 'RISK_OTHER_SIDE', sentence));
  }
  const first = closeAll(signal, quote, holding, side);
  const entry = sizeEntry(to, signal, strategy, quote);
  const record = {
    ...entry.record,
    closesFirst: text(first.quantity),
    sentence: `${first.record.sentence} Then: ${entry.record.sentence}`,
  };
  return { sized: { ...entry, record }, first, cancels: [], moves: [] };
}

function cancel(signal: TradeSignal, holding: Holding): Sizing {
  const count = entriesOf(holding).length;
  if (count === 0)
    return refused(signal, 'RISK_NOTHING_TO_CANCEL', `there is no open ${signal.ticker} entry to cancel.`);
  const what = count === 1 ? 'the open entry' : `${count} open entries`;
  return adjusting(signal, 'cancel_entries', `Cancels ${what} in ${signal.ticker}.`, null);
}

/** An action that does not fit what is held. */
export function refused(signal: TradeSignal, code: RefusalCode, why: string): Sizing {
  const sentence = `Not sent: ${why}`;
  return { ...adjusting(signal, 'cancel_entries', sentence, { code, sentence }), ...methodOf(signal) };
}

/** An action that would have sent an order is on record as that, though it sends none. */
function methodOf(signal: TradeSignal): Partial<Sizing> {
  return signal.action === 'cancel' ? {} : { intent: signal.action === 'add' ? 'entry' : 'exit' };
}

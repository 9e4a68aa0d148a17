import { type Quantity, quantity, text, wholeShares, zeroQuantity } from '../../core/decimal.ts';
import type { Quote } from '../../core/model/market.ts';
import { opposite, type Side, type TradeSignal } from '../../core/model/signal.ts';
import { breakEven } from './break-even.ts';
import { type Acting, cancel, closeAll, closeThen, entriesOf, flatten, only, refused, sideOf } from './close.ts';
import { comeTo, towardOf } from './come-to.ts';
import type { SizingContext } from './context.ts';
import { exitTerms } from './exit-terms.ts';
import type { Holding } from './holding.ts';
import { nearOf } from './near.ts';
import { type Sizing, size, sizeEntry } from './size.ts';
import { sizeExit } from './size-exit.ts';

export type { Acting } from './close.ts';

/** Works out what a signal's action means for what the strategy has in its ticker. */
export function act(asked: SizingContext): Acting {
  if (!asked.signal.cancelFirst) return carriedOut(asked);
  // What is cancelled is not there to be added to, closed or counted once more.
  const cancels = entriesOf(asked.holding);
  const acting = carriedOut({ ...asked, holding: withoutEntries(asked.holding) });
  const [clears] = cancels;
  return { ...acting, cancels: [...new Set([...cancels, ...acting.cancels])], ...(clears && { clears }) };
}

function carriedOut(context: SizingContext): Acting {
  const { signal, quote, holding } = context;
  const held = ofWhatIsHeld(context);
  if (held) return held;
  const toward = towardOf(context);
  if (toward !== null) return comeTo(toward, context);
  switch (signal.action) {
    case 'buy':
    case 'sell':
      return only(size(context));
    case 'add':
      return only(add(context));
    case 'exit':
      return only(exit(signal, quote, holding));
    case 'flatten':
      return flatten(signal, quote, holding);
    case 'reverse':
      return reverse(context);
    case 'cancel':
      return cancelNamed(signal, holding);
    case 'breakeven': {
      const { sized, moves } = breakEven(signal, quote, holding);
      return { ...only(sized), moves };
    }
  }
}

/** What a buy or a sell says of what is held already: to go through zero, or that it is not to be done; null: it is an order as any. */
function ofWhatIsHeld(context: SizingContext): Acting | null {
  const { signal, holding } = context;
  const { side, ticker } = signal;
  if ((signal.action !== 'buy' && signal.action !== 'sell') || side === null || signal.targetPosition !== null)
    return null;
  const coming = holding.held.plus(holding.entering);
  if (coming.eq('0')) return null;
  const onSide = coming.gt('0') ? 'buy' : 'sell';
  const what = `${text(coming.abs())} ${ticker} ${inWords(onSide)} are held or coming`;
  if (onSide === side) {
    if (signal.whenHeld !== 'reject') return null;
    return only(refused(signal, 'RISK_ALREADY_HELD', `${what}, and the alert does not add to it.`, 'entry'));
  }
  if (signal.opposite === 'reject') {
    return only(refused(signal, 'RISK_OPPOSITE_HELD', `${what}, and the alert does not close it.`, 'entry'));
  }
  return signal.opposite === 'reverse' ? closeThen(onSide, context, sizeEntry(side, context)) : null;
}

/** Open entries, on the side that the alert names if it names one. */
function cancelNamed(signal: TradeSignal, holding: Holding): Acting {
  const open = holding.open.filter(({ side }) => signal.side === null || side === signal.side);
  const named = { ...holding, open };
  return { ...only(cancel(signal, named)), cancels: entriesOf(named) };
}

/** What there will be once the open entries are cancelled. */
function withoutEntries(holding: Holding): Holding {
  const entries = new Set(entriesOf(holding));
  const open = holding.open.filter(
    ({ orderId, parentId }) => !entries.has(orderId) && !(parentId && entries.has(parentId)),
  );
  return { ...holding, entering: zeroQuantity, open };
}

const inWords = (side: Side): string => (side === 'buy' ? 'long' : 'short');

function add(context: SizingContext): Sizing {
  const { signal, holding } = context;
  const side = sideOf(holding);
  if (side === null) {
    return refused(signal, 'RISK_NOTHING_TO_ADD_TO', `there is no ${signal.ticker} position to add to.`);
  }
  if (signal.side !== null && signal.side !== side) {
    const sentence = `the position in ${signal.ticker} is ${inWords(side)}, and the alert adds to a ${inWords(signal.side)}.`;
    return refused(signal, 'RISK_OTHER_SIDE', sentence);
  }
  return sizeEntry(side, context);
}

function exit(signal: TradeSignal, quote: Quote | null, holding: Holding): Sizing {
  const side = sideOf(holding);
  if (side === null) return refused(signal, 'RISK_NOTHING_TO_CLOSE', `there is no ${signal.ticker} position to close.`);
  if (signal.side === side) {
    const sentence = `the position in ${signal.ticker} is ${inWords(side)}, and the alert closes a ${inWords(opposite(side))} one.`;
    return refused(signal, 'RISK_OTHER_SIDE', sentence);
  }
  const part = signal.portion?.lt('1') === true;
  const near = nearOf(opposite(side), quote);
  const { terms, problem } = exitTerms(opposite(side), signal, near);
  if (!part && signal.quantity === null) return closeAll(signal, quote, holding, side, { terms, problem });
  if (holding.held.eq('0')) {
    const sentence = `nothing of the ${signal.ticker} entry is filled yet, so there is no part of it to close.`;
    return refused(signal, 'RISK_NOTHING_TO_CLOSE', sentence);
  }
  // Of what is held: what may still be filled is nothing to take a part of.
  const wanted = signal.quantity ?? partOf(holding.held, signal.portion!);
  return sizeExit(opposite(side), signal, terms.limitPrice ?? near, {
    ...{ terms, problem },
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

function reverse(context: SizingContext): Acting {
  const { signal, holding } = context;
  const side = sideOf(holding);
  if (side === null) {
    return only(refused(signal, 'RISK_NOTHING_TO_REVERSE', `there is no ${signal.ticker} position to reverse.`));
  }
  const to = opposite(side);
  if (signal.side !== null && signal.side !== to) {
    const sentence = `the position in ${signal.ticker} is ${inWords(side)} already.`;
    return only(refused(signal, 'RISK_OTHER_SIDE', sentence));
  }
  return closeThen(side, context, sizeEntry(to, context));
}

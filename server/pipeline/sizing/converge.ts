import { type Big, money, quantity, text, zeroQuantity } from '../../core/decimal.ts';
import type { Sequence } from '../../core/model/sequence.ts';
import { opposite, type PreviousPosition, type Side, type TradeSignal } from '../../core/model/signal.ts';
import { type Acting, act } from './act.ts';
import { closeAll, closeThen, entriesOf, only, refused, sideOf } from './close.ts';
import { comeTo, towardOf } from './come-to.ts';
import type { SizingContext } from './context.ts';
import type { Holding } from './holding.ts';
import { type Sizing, sizeEntry } from './size.ts';

/**
 * What an alert comes to for a strategy that does not hold what its script held: what is held on another side is closed first, and then it is
 * what it would be had nothing been missed. A missed entry is not made up for: nothing is opened but what the alert itself asks for.
 */
export function converge(context: SizingContext, gap: Pick<Sequence, 'kind' | 'said' | 'saidSize'>): Acting {
  const { signal, quote, holding } = context;
  const { said } = gap;
  // A position to come to is a way there from anywhere.
  if (said === null || towardOf(context) !== null) return act(context);
  if (gap.kind === 'size') return bySize(context, gap);
  const ours = sideOf(holding);
  if (ours === null) return fromNothing(said, context);
  const entry = entryAfter(said, { ...context, holding: nothing });
  const cancels = entriesOf(holding);
  if (entry === null) return { ...only(closeAll(signal, quote, holding, ours)), cancels };
  return { ...closeThen(ours, context, entry), cancels };
}

const nothing: Holding = { held: zeroQuantity, cost: money('0'), entering: zeroQuantity, open: [] };

function fromNothing(said: PreviousPosition, context: SizingContext): Acting {
  const { signal } = context;
  const entry = entryAfter(said, context);
  if (entry !== null) return only(entry);
  const { action, ticker } = signal;
  if (action !== 'buy' && action !== 'sell') return act(context);
  // Without this, a sell that ends a long which is not there would open a short.
  return only(refused(signal, 'RISK_NOTHING_TO_CLOSE', `there is no ${ticker} position to close.`));
}

/** The entry that the alert means by what its script held, sized as it asks; null: it opens nothing. */
function entryAfter(said: PreviousPosition, context: SizingContext): Sizing | null {
  const { signal } = context;
  const held = sideNamed(said);
  const side = sideAfter(signal, held);
  if (side === null) return null;
  const entry = sizeEntry(side, context);
  // A sell without prices, where no short may be opened, means to close.
  return entry.problem?.code === 'RISK_NOTHING_TO_CLOSE' ? null : entry;
}

function sideAfter({ action, side, opposite: against }: TradeSignal, held: Side | null): Side | null {
  switch (action) {
    case 'buy':
    case 'sell':
      if (side === null) return null;
      return held === null || side === held || against === 'reverse' ? side : null;
    case 'add':
      return held !== null && (side === null || side === held) ? held : null;
    case 'reverse': {
      const to = held === null ? side : opposite(held);
      return side === null || side === to ? to : null;
    }
    default:
      return null;
  }
}

const sideNamed = (way: PreviousPosition): Side | null => (way === 'flat' ? null : way === 'long' ? 'buy' : 'sell');

/** On the same side, with more than the script held: what is too much is taken off the order, or sold. Less is not made up for. */
function bySize(context: SizingContext, { said, saidSize }: Pick<Sequence, 'said' | 'saidSize'>): Acting {
  const { signal, holding } = context;
  const ours = sideOf(holding);
  if (saidSize === null || ours === null || said === null) return act(context);
  const coming = holding.held.plus(holding.entering).abs();
  if (coming.lte(saidSize)) return act(context);
  const wanted = sizeAfter(said, saidSize, context);
  if (wanted === null) return act(context);
  const signed = quantity(ours === 'buy' ? wanted : wanted.neg());
  const sum = `${text(wanted)} ${signal.ticker}, as the script holds after it`;
  return comeTo({ found: 'position', position: signed, sum, inputs: {}, as: 'target_position' }, context);
}

/** How much the script holds once its order is done; null: the order is not about how much, or all of it is closed anyway. */
function sizeAfter(said: PreviousPosition, before: Big, context: SizingContext): Big | null {
  const { signal } = context;
  const held = sideNamed(said);
  const side = sideAfter(signal, held);
  if (side !== null && side === held) {
    const entry = sizeEntry(side, context);
    return entry.problem === null ? before.plus(entry.quantity) : null;
  }
  if (signal.action !== 'exit') return null;
  const part = signal.quantity ?? (signal.portion?.lt('1') ? before.times(signal.portion) : null);
  if (part === null) return null;
  const left = before.minus(part);
  return left.gt('0') ? left : zeroQuantity;
}

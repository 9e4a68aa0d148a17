import { type Big, decimal, type Quantity, quantity, text, zeroQuantity } from '../../core/decimal.ts';
import type { SizingMethod } from '../../core/model/decision.ts';
import { opposite, type Side } from '../../core/model/signal.ts';
import { isPair } from '../../core/pairs.ts';
import { methodFor } from './chosen-method.ts';
import { type Acting, cancel, closeThen, entriesOf, flatten, only, refused, sideOf } from './close.ts';
import type { SizingContext } from './context.ts';
import type { Holding } from './holding.ts';
import { lotOf, lotOfHeld, lotsIn, smallestLot } from './lots.ts';
import { isNoSize, type Toward } from './method.ts';
import { towardPosition } from './methods/target-position.ts';
import { nearOf } from './near.ts';
import { entryOf, type Sizing, sizeEntry } from './size.ts';
import { sizeExit } from './size-exit.ts';

/** Where the position is wanted, and what the receipt calls it. */
type Wanted = Toward & { readonly as: SizingMethod };

/** Where the alert, or the strategy's method, wants the position; null: the alert is an order by itself. */
export function towardOf(context: SizingContext): Wanted | null {
  const { signal } = context;
  if (signal.targetPosition !== null) return { ...towardPosition(signal.targetPosition), as: 'target_position' };
  const chosen = methodFor(context);
  if (isNoSize(chosen)) return null;
  const toward = chosen.method.toward?.(context, chosen.values as never) ?? null;
  return toward && { ...toward, as: chosen.method.recordAs };
}

/**
 * Brings the position to where it is wanted: the order is the difference to what is held and coming. Through zero it is a reversal, and no
 * order is ever larger than the difference. Open entries that would carry it too far are cancelled.
 */
export function comeTo({ position, sum, inputs, as }: Wanted, before: SizingContext): Acting {
  const context = { ...before, holding: onceClosed(before.holding) };
  const { signal, quote, holding } = context;
  const { held, entering } = holding;
  const side = sideOf(holding);
  const coming = quantity(held.plus(entering));
  const there = (): Acting =>
    only(refused(signal, 'RISK_AT_TARGET', `${sum}, and ${text(coming)} ${signal.ticker} are held or coming.`));
  if (position.eq('0'))
    return side === null && entriesOf(holding).length === 0 ? there() : flatten(signal, quote, holding);
  const to: Side = position.gt('0') ? 'buy' : 'sell';
  const enter = (shares: Big, said = sum): Sizing => sizeEntry(to, context, entryOf(as, shares, said, inputs));
  if (side === null) return only(enter(position.abs()));
  if (side !== to) return closeThen(side, context, enter(position.abs()));
  const more = position.abs().minus(coming.abs());
  const lot = isPair(signal.ticker) ? smallestLot : lotOfHeld(coming);
  if (more.gt('0')) {
    if (lotsIn(more, decimal('1'), lotOf(context, to)).eq('0')) return there();
    return only(enter(more, as === 'target_position' ? `${sum}, less ${text(coming)} held or coming` : sum));
  }
  const less = lotsIn(more.neg(), decimal('1'), lot);
  if (less.eq('0')) return there();
  const cancels = entriesOf(holding);
  // Of what is held: what is not filled is cancelled, and nothing to take a part of.
  const wanted = cancels.length > 0 ? lotsIn(held.abs().minus(position.abs()), decimal('1'), lot) : less;
  if (wanted.eq('0')) return { ...only(cancel(signal, holding)), cancels };
  const closing = { held, coming: held, wanted, method: exitMethodOf(as), sum, inputs, levels: null };
  return { ...only(sizeExit(opposite(side), signal, nearOf(opposite(side), quote), closing)), cancels };
}

const exitMethodOf = (as: SizingMethod): 'percent_of_position' | 'target_position' =>
  as === 'percent_of_position' ? as : 'target_position';

/** What there will be when the exits that work are through: what they close is not there to be closed, or counted, again. */
function onceClosed(holding: Holding): Holding {
  const closing = holding.open
    .filter((order) => order.role === 'exit')
    .reduce<Big>((sum, order) => (order.side === 'buy' ? sum.plus(order.remaining) : sum.minus(order.remaining)), none);
  if (closing.eq('0')) return holding;
  const { left: held, rest } = closed(holding.held, closing);
  return { ...holding, held, entering: closed(holding.entering, rest).left };
}

const none = decimal('0');

/** What an exit leaves of a quantity, at least nothing; and what it could not find there. */
function closed(of: Quantity, by: Big): { readonly left: Quantity; readonly rest: Big } {
  if (of.times(by).gte('0')) return { left: of, rest: by };
  const left = of.plus(by);
  return left.times(of).gt('0') ? { left: quantity(left), rest: none } : { left: zeroQuantity, rest: left };
}

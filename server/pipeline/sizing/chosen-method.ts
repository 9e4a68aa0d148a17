import { decimal, minimum, rounding, text } from '../../core/decimal.ts';
import type { ChosenMethod } from '../../core/model/settings.ts';
import type { SizeBy } from '../../core/model/signal-terms.ts';
import { chosenOf } from './book.ts';
import type { SizingContext } from './context.ts';
import { type Method, type NoSize, noSize } from './method.ts';

interface Chosen {
  readonly method: Method;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The method that sizes an entry: the one the alert names with its own value, or else the strategy's. */
export function methodFor({
  signal,
  strategy,
  book,
}: Pick<SizingContext, 'signal' | 'strategy' | 'book'>): Chosen | NoSize {
  const { sizeBy } = signal;
  const chosen = chosenOf<Method>(book.methods, sizeBy ? methodOf(sizeBy) : strategy.sizing);
  if (typeof chosen !== 'string') return chosen;
  return sizeBy
    ? noSize('RISK_NO_SIZE', `the size that the alert names cannot be used: ${chosen}.`)
    : noSize('RISK_SIZING_UNREADABLE', `its sizing cannot be read: ${chosen}.`);
}

/** A quantity kind of an alert as a method of the same name; percents become fractions. */
function methodOf({ kind, value }: SizeBy): ChosenMethod {
  const share = value.div('100').round(9, rounding.towardZero);
  switch (kind) {
    case 'notional':
      return { method: 'fixed-notional', parameters: { value: text(value) } };
    case 'percent_of_equity':
      return { method: 'percent-of-equity', parameters: { share: text(share) } };
    case 'percent_risk':
      return { method: 'percent-risk', parameters: { share: text(share) } };
    case 'percent_of_position':
      // Of what is held, no more than all can be closed.
      return {
        method: 'percent-of-position',
        parameters: { scaleIn: text(share), scaleOut: text(minimum(share, decimal('1'))) },
      };
  }
}

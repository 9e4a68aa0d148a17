import { type Big, decimal, type Money, money, rounding, text } from '../../../core/decimal.ts';
import { type LimitScope, type LimitSubject, scopeInWords } from '../../../core/model/risk-limit.ts';
import type { LimitBeside, LimitState } from '../../../core/model/risk-overview.ts';
import type { HeldLimit, LimitBook } from '../limit-book.ts';

/** Of a rule, which parameter is the limit, and for which scopes it counts beside a figure; absent: all of them. */
export interface LimitOf {
  readonly rule: string;
  readonly parameter: string;
  readonly scopes?: readonly LimitScope['kind'][];
}

/** A limit that is held, as the number its rule reads. */
export interface FoundLimit {
  readonly held: HeldLimit;
  readonly value: Big;
}

/** The strictest of the limits that are held for any of the subjects; null: none is on. */
export function strictest(
  book: LimitBook,
  subjects: readonly LimitSubject[],
  wanted: readonly LimitOf[],
): FoundLimit | null {
  let found: FoundLimit | null = null;
  for (const subject of subjects) {
    for (const held of book.heldFor(subject)) {
      const of = wanted.find(
        ({ rule, scopes }) => rule === held.rule.key && (scopes?.includes(held.scope.kind) ?? true),
      );
      if (!of) continue;
      const read = held.values[of.parameter];
      const value = typeof read === 'number' ? decimal(String(read)) : (read as Big);
      if (found === null || value.lt(found.value)) found = { held, value };
    }
  }
  return found;
}

const nearFrom = decimal('0.8');

/** `within`, `near` or `over`; of the limit itself: the rules let what is exactly at it pass, so that it is near. */
export function stateOf(value: Big, limit: Big): LimitState {
  if (value.gt(limit)) return 'over';
  return value.gt('0') && value.gte(limit.times(nearFrom)) ? 'near' : 'within';
}

/** A fraction as it is told: six decimals. */
export const fractionText = (value: Big): string => text(value.round(6, rounding.halfAwayFromZero));

/** A figure beside a limit that is a share of equity. A share of what is not above zero is not known. */
export function besideShare({ held, value: share }: FoundLimit, figure: Money | null, equity: Money): LimitBeside {
  const known = equity.gt('0');
  return beside(held, figure, known ? money(equity.times(share)) : null, text(share));
}

/** A figure beside a limit in its own unit. */
export const besideValue = ({ held, value }: FoundLimit, figure: Big | null): LimitBeside =>
  beside(held, figure, value, null);

function beside(held: HeldLimit, figure: Big | null, limit: Big | null, ofEquity: string | null): LimitBeside {
  return {
    rule: held.rule.key,
    name: held.rule.name,
    scope: scopeInWords(held.scope),
    severity: held.severity,
    ofEquity,
    value: limit && text(limit),
    use: figure && limit?.gt('0') ? fractionText(figure.div(limit)) : null,
    state: figure === null || limit === null ? 'unknown' : stateOf(figure, limit),
  };
}

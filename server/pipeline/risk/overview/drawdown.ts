import { type Big, type Money, money, rounding, text, toCents } from '../../../core/decimal.ts';
import type { DrawdownFigures, DrawdownPoint } from '../../../core/model/risk-overview.ts';
import { type Drawdown, drawdownFrom } from '../../../core/risk-figures/drawdown.ts';
import { type DrawdownStep, sizeAtDrawdown } from '../../../core/risk-figures/drawdown-steps.ts';
import { defaultOf, type HeldLimit, type LimitBook } from '../limit-book.ts';
import type { Rule } from '../rule.ts';
import { fractionText } from './limits-beside.ts';

/** A stretch of an account's equity: where it ended, and how far it went. */
export interface EquityStretch {
  readonly at: Date;
  readonly last: Money;
  readonly lowest: Money;
  readonly highest: Money;
}

/** What an account's equity has been. */
export interface EquityMarks {
  /** The highest equity ever recorded; null: none was. */
  readonly peak: Money | null;
  readonly peakAt: Date | null;
  /** In order of time. */
  readonly curve: readonly EquityStretch[];
}

/** Where an account stands below its highest equity, and on which of the steps of the rule `drawdown`. */
export function drawdownOf(
  marks: EquityMarks,
  equity: Money,
  limits: { readonly book: LimitBook; readonly accountId: string; readonly rule: Rule },
): DrawdownFigures {
  const held = heldFor(limits);
  const limit = held ?? defaultOf(limits.rule);
  const steps = stepsOf(limit);
  const now = marks.peak && drawdownFrom(marks.peak, equity);
  const curve = curveOf(marks);
  const deepest = curve.reduce<DrawdownPoint | null>(
    (most, point) => (most === null || money(point.fraction).gt(most.fraction) ? point : most),
    null,
  );
  return {
    equity: text(equity),
    peak: now && text(now.peak),
    peakAt: now && (equity.gte(now.peak) ? null : (marks.peakAt?.toISOString() ?? null)),
    amount: now && text(toCents(now.amount)),
    fraction: now && fractionText(now.fraction),
    deepest: deepest && money(deepest.fraction).gt('0') ? { fraction: deepest.fraction, at: deepest.at } : null,
    on: held !== null,
    severity: limit.severity,
    steps: steps.map(({ atOrOver, factor }) => ({
      from: text(atOrOver),
      factor: text(factor),
      equity: now && text(now.peak.minus(now.peak.times(atOrOver)).round(2, rounding.halfAwayFromZero)),
    })),
    factor: held && now ? text(sizeAtDrawdown(now, steps).factor) : '1',
    curve,
    missing: now ? null : 'no highest equity is on record',
  };
}

function heldFor({ book, accountId, rule }: Parameters<typeof drawdownOf>[2]): HeldLimit | null {
  const subject = { accountId, strategy: '', sector: '', symbol: '' };
  return book.heldFor(subject).find((one) => one.rule.key === rule.key) ?? null;
}

const stepsOf = ({ values }: HeldLimit): readonly DrawdownStep[] =>
  (values.steps as readonly { readonly from: Big; readonly factor: Big }[]).map(({ from, factor }) => ({
    atOrOver: from,
    factor,
  }));

/**
 * The drawdown of each stretch, at least: from the peak before it to its lowest, or from the peak within it to its end, whichever is deeper.
 * What fell and rose again within one stretch from a peak of the same stretch is not seen.
 */
function curveOf({ peak: ever, peakAt, curve }: EquityMarks): DrawdownPoint[] {
  const [first] = curve;
  let peak: Money | null = first && ever && peakAt && peakAt < first.at && ever.gt(first.highest) ? ever : null;
  return curve.map(({ at, last, lowest, highest }) => {
    const before: Drawdown | null = peak && drawdownFrom(peak, lowest);
    peak = peak === null || highest.gt(peak) ? highest : peak;
    const within = drawdownFrom(peak, last);
    const fractions = [before, within].flatMap((one) => (one ? [one.fraction] : []));
    const deepest = fractions.reduce<Big | null>((most, one) => (most === null || one.gt(most) ? one : most), null);
    return { at: at.toISOString(), equity: text(toCents(last)), fraction: fractionText(deepest ?? money('0')) };
  });
}

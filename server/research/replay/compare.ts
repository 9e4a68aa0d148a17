import type { DecisionSummary, OrderSummary } from '../../core/model/kept-facts.ts';

/**
 * How two decisions differ, by what comes first: the outcome, why it is refused, how many, and on which terms. `not_replayed`: it could not
 * be made again.
 */
export const differenceKinds = ['decision', 'code', 'quantity', 'terms', 'not_replayed'] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

/** A decision as a replay has it; an alert that is not understood has none, and an alert that is understood only today has no facts. */
export type Outcome =
  | DecisionSummary
  | { readonly outcome: 'refused'; readonly code: string; readonly sentence: string }
  | { readonly outcome: 'understood' };

/** How they differ; null: they come to the same. What is not sent has no quantity to differ in. */
export function differenceOf(was: Outcome, wouldBe: Outcome): DifferenceKind | null {
  if (was.outcome !== wouldBe.outcome) return 'decision';
  if (was.outcome === 'understood' || wouldBe.outcome === 'understood') return null;
  if (was.code !== wouldBe.code) return 'code';
  if (was.outcome === 'refused' || wouldBe.outcome === 'refused') return null;
  if (was.outcome === 'denied') return null;
  if (was.outcome === 'held') return was.quantity === wouldBe.quantity && was.side === wouldBe.side ? null : 'quantity';
  if (quantitiesOf(was) !== quantitiesOf(wouldBe)) return 'quantity';
  return termsOf(was) === termsOf(wouldBe) ? null : 'terms';
}

const quantitiesOf = ({ orders }: DecisionSummary): string => orders.map((order) => order.quantity).join(' ');

const orderFields = [
  'intent',
  'side',
  'type',
  'reference',
  'timeInForce',
  'limit',
  'stop',
  'stopLoss',
  'takeProfit',
  'trail',
  'role',
  'after',
] as const satisfies readonly (keyof OrderSummary)[];

/** By their names: a summary that was kept has its fields in the order of then. */
const termsOf = ({ mode, orders, cancels, moves, withheld }: DecisionSummary): string =>
  JSON.stringify([
    mode,
    orders.map((order) => orderFields.map((field) => order[field] ?? null)),
    cancels,
    moves,
    withheld ?? null,
  ]);

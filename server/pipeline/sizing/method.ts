import { type Big, type Price, type Quantity, rounding, text } from '../../core/decimal.ts';
import type { RuleInput, SizingMethod } from '../../core/model/decision.ts';
import type { RefusalCode } from '../../core/model/refusals.ts';
import type { Side } from '../../core/model/signal.ts';
import type { Parameters, ValuesOf } from '../../core/parameters.ts';
import type { SizingContext } from './context.ts';

/** What an entry is sized by: its side, and prices that are there and on their sides of each other. */
export interface EntryFacts {
  readonly context: SizingContext;
  readonly side: Side;
  readonly entry: Price;
  readonly stop: Price;
  /** The distance between them; above 0. */
  readonly riskPerShare: Big;
}

type Inputs = Readonly<Record<string, RuleInput>>;

/** Why there is no size. The sentence goes on after "Not sent: ". What is missing never means any size. */
export interface NoSize {
  readonly found: 'nothing';
  readonly code: RefusalCode;
  readonly sentence: string;
}

/** A size before it is brought to lots and bounds: an amount, over what a share takes of it. */
export interface Wish {
  readonly found: 'size';
  readonly amount: Big;
  /** Above 0. */
  readonly per: Big;
  /** The sum in words, without its result: "100 at risk / 1.75 a share (entry 150.25, stop 148.5)". */
  readonly sum: string;
  /** What was looked at beside the prices. */
  readonly inputs: Inputs;
}

/** Where the strategy's position is to be, negative when short; the order is the difference. */
export interface Toward {
  readonly found: 'position';
  readonly position: Quantity;
  /** "50 % more of the 57 held". */
  readonly sum: string;
  readonly inputs: Inputs;
}

interface MethodShape<P extends Parameters> {
  /** The name of its file in methods/. */
  readonly key: string;
  /** Its place in lists. */
  readonly order: number;
  /** A few words for a form. */
  readonly name: string;
  /** One line for the form and the documentation. */
  readonly says: string;
  /** What stands on the receipt. */
  readonly recordAs: SizingMethod;
  readonly parameters: P;
  /** Whether a quantity that the alert names is the method's to read, in place of being the size. */
  readonly readsQuantity: boolean;
  /** How large an entry is. */
  wish(facts: EntryFacts, parameters: ValuesOf<P>): Wish | NoSize;
  /** For methods that say where the position is to be; null: they do not say so for this alert, which is then an order by itself. */
  toward?(context: SizingContext, parameters: ValuesOf<P>): Toward | null;
}

/** A way to size an entry: one file in methods/, which exports it as `method`. Make it by `sizingMethod`. */
export type Method = MethodShape<Parameters>;

export const sizingMethod = <P extends Parameters>(
  method: Omit<MethodShape<P>, 'readsQuantity'> & { readonly readsQuantity?: boolean },
): MethodShape<P> => ({ readsQuantity: false, ...method });

export const size = (amount: Big, per: Big, sum: string, inputs: Inputs = {}): Wish => ({
  found: 'size',
  amount,
  per,
  sum,
  inputs,
});

export const noSize = (code: RefusalCode, sentence: string): NoSize => ({ found: 'nothing', code, sentence });

/** So much at risk, up to the stop. */
export const byRisk = ({ entry, stop, riskPerShare }: EntryFacts, risk: Big, from = '', inputs: Inputs = {}): Wish =>
  size(
    risk,
    riskPerShare,
    `${text(risk)} at risk${from} / ${text(riskPerShare)} a share (entry ${text(entry)}, stop ${text(stop)})`,
    inputs,
  );

/** So much to be worth. */
export const byValue = ({ entry }: EntryFacts, value: Big, from = '', inputs: Inputs = {}): Wish =>
  size(value, entry, `${text(value)}${from} / ${text(entry)} a share`, inputs);

/** An amount in whole cents, never more than it is. */
export const inCents = (value: Big): Big => value.round(2, rounding.towardZero);

/** "0.5 %" of a fraction. */
export const percentOf = (share: Big): string => `${text(share.times('100'))} %`;

/** A weighted part of equity, in cents; refused where there is none. */
export function partOfEquity({ equity, weight }: SizingContext, share: Big): Big | NoSize {
  if (equity.lte('0'))
    return noSize('RISK_NO_EQUITY', `equity is ${text(equity)}, and there is no part of it to take.`);
  return inCents(equity.times(share).times(weight));
}

export const isNoSize = (value: object): value is NoSize => 'found' in value && value.found === 'nothing';

import type { Big, Price } from '../../core/decimal.ts';
import type { Bar } from '../../core/indicators/bar.ts';
import type { Side } from '../../core/model/signal.ts';
import type { Parameters, ValuesOf } from '../../core/parameters.ts';

/** What a stop is placed by. */
export interface StopFacts {
  /** Of the entry. */
  readonly side: Side;
  readonly symbol: string;
  readonly entry: Price;
  /** The strategy's distance, as a fraction of the entry. */
  readonly stopDistance: string;
  /** Finished daily bars, the oldest first; null: not known, or too old to use. */
  readonly bars: readonly Bar[] | null;
}

/** Where the stop is, before it is brought to the tick, and how it came about; or why there is none, which is never a guess. */
export type Placed =
  | { readonly found: 'stop'; readonly at: Big; readonly how: string }
  | { readonly found: 'nothing'; readonly sentence: string };

interface StopShape<P extends Parameters> {
  /** The name of its file in stops/. */
  readonly key: string;
  readonly order: number;
  readonly name: string;
  readonly says: string;
  readonly parameters: P;
  place(facts: StopFacts, parameters: ValuesOf<P>): Placed;
}

/** A way to place a stop: one file in stops/, which exports it as `stop`. Make it by `stopMethod`. */
export type StopMethod = StopShape<Parameters>;

export const stopMethod = <P extends Parameters>(method: StopShape<P>): StopShape<P> => method;

export const stopAt = (at: Big, how: string): Placed => ({ found: 'stop', at, how });
export const noStop = (sentence: string): Placed => ({ found: 'nothing', sentence });

/** That a figure needs more bars than there are. */
export const tooFewBars = ({ symbol, bars }: Pick<StopFacts, 'symbol' | 'bars'>, needed: number): string =>
  bars === null
    ? `the daily bars of ${symbol} are not known, and ${needed} are needed.`
    : `${bars.length} daily bars of ${symbol} are known, and ${needed} are needed.`;

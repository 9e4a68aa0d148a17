/** A bar as a chart's indicators see it. They are drawn and never traded on, so they are doubles; an order's figures are not made of them. */
export interface SeriesBar {
  /** The trading day it belongs to, in New York: where figures of a session begin anew. */
  readonly day: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** A value for each bar; null: too few bars came before it. */
export type Series = readonly (number | null)[];

export interface SeriesParameter {
  /** A code, as `period`. */
  readonly name: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Whether it counts bars; else it has up to two decimals. */
  readonly whole: boolean;
}

export interface SeriesLine {
  readonly name: string;
  readonly kind: 'line' | 'histogram';
}

/** One indicator of charts: a file of `series/`. */
export interface SeriesIndicator {
  /** Its file's name. */
  readonly key: string;
  /** Over the prices, in their scale, or in a pane of its own. */
  readonly place: 'overlay' | 'pane';
  /** In the order in which they are written: `bollinger:20:2`. */
  readonly parameters: readonly SeriesParameter[];
  readonly lines: readonly SeriesLine[];
  /** Heights that mean something, drawn as thin lines: 30 and 70. */
  readonly levels: readonly number[];
  /** How many bars before the first that is shown its value needs, to be what it would be with all of the past. */
  warmUp(values: readonly number[]): number;
  /** One series for each line, in their order, each as long as the bars. */
  compute(bars: readonly SeriesBar[], values: readonly number[]): readonly Series[];
}

export const period = (fallback: number, name = 'period'): SeriesParameter => ({
  name,
  default: fallback,
  min: 1,
  max: 400,
  whole: true,
});

export const factor = (fallback: number, name = 'multiple'): SeriesParameter => ({
  name,
  default: fallback,
  min: 0.1,
  max: 20,
  whole: false,
});

/** What Wilder's and exponential averages started from has faded to less than a thousandth after this many periods. */
export const settlePeriods = 8;

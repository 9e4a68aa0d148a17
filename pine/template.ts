/** What a parameter is in Pine and in a form. A `timeframe` is written as TradingView writes it: 5, 240, D, W. */
export type ParameterKind = 'int' | 'float' | 'bool' | 'choice' | 'text' | 'timeframe';
export type ParameterValue = number | boolean | string;

/**
 * One parameter of a template. Its name is the variable's in the script, the word after `--set`, and the one that a strategy on the server which
 * does the same carries.
 */
export interface TemplateParameter {
  readonly name: string;
  readonly kind: ParameterKind;
  readonly default: ParameterValue;
  /** Of an int or a float, both ends included. */
  readonly min?: number;
  readonly max?: number;
  /** Of a choice. */
  readonly options?: readonly string[];
  /** What it does, for people: a sentence. */
  readonly says: string;
}

/**
 * A trading idea as Pine. `rules` is the body of a Pine function without arguments that is called once a bar, and is the same text in every
 * version: it ends in the tuple `[goLong, goShort, leaveLong, leaveShort, longStop, shortStop]`. It must read nothing but the bars of its own
 * context and the parameters, so that a scanner can have it evaluated for another ticker.
 */
export interface Template {
  readonly key: string;
  readonly name: string;
  /** Three sentences: when it enters, when it leaves, where the stop is. */
  readonly says: readonly [string, string, string];
  /** Its own parameters; those that every template has are in `shared-parameters.ts`. */
  readonly parameters: readonly TemplateParameter[];
  /** Lines of Pine, indented by what their blocks need beyond the function's own four spaces. */
  readonly rules: readonly string[];
}

export const int = (name: string, fallback: number, min: number, max: number, says: string): TemplateParameter => ({
  name,
  kind: 'int',
  default: fallback,
  min,
  max,
  says,
});

export const float = (name: string, fallback: number, min: number, max: number, says: string): TemplateParameter => ({
  name,
  kind: 'float',
  default: fallback,
  min,
  max,
  says,
});

export const choice = (name: string, options: readonly [string, ...string[]], says: string): TemplateParameter => ({
  name,
  kind: 'choice',
  default: options[0],
  options,
  says,
});

/** The stop of templates that have none of their own: a distance in average true ranges. */
export const rangeStop: readonly TemplateParameter[] = [
  int('stopLength', 14, 1, 500, 'Bars of the average true range that the stop is measured in.'),
  float('stopMultiple', 2, 0.1, 50, 'The stop is so many average true ranges away from the entry.'),
];

/** Lines for `rules` that compute `longStop` and `shortStop` from `rangeStop`. */
export const rangeStopRules: readonly string[] = [
  'stopRange = stopMultiple * ta.atr(stopLength)',
  'longStop = close - stopRange',
  'shortStop = close + stopRange',
];

import { z } from 'zod';
import type { AlertMemory, AlertScope } from '../../core/model/alert-rule.ts';
import type { ParameterValue } from '../../core/model/risk-limit.ts';
import type { Parameter } from '../../core/parameters.ts';
import type { AlertReadings } from './readings.ts';

/** What one look at a rule's condition has come to. */
export type Looked =
  | {
      /**
       * `between`: neither surely one nor the other, so that what hovers around a limit is told once.
       */
      readonly kind: 'holds' | 'between' | 'over';
      /** For people: what was found. */
      readonly value: string;
      /** The whole of it, for a trader: with what was found and the limit. */
      readonly sentence: string;
      /** What to remember; left out: nothing. */
      readonly memory?: AlertMemory;
    }
  | { readonly kind: 'unreadable'; readonly sentence: string; readonly memory?: AlertMemory };

type Need = 'needed' | 'allowed' | 'none';
type Values<P> = { [K in keyof P]: P[K] extends Parameter<infer V> ? V : never };

/** A rule as its kind sees it. */
export interface Watched<V> {
  readonly values: V;
  readonly scope: AlertScope;
  /** Since when the rule is as it is. */
  readonly since: Date;
  readonly memory: AlertMemory | null;
}

/** One kind of condition: a file of `kinds`, found by its folder's loader. */
// biome-ignore lint/suspicious/noExplicitAny: a list holds kinds of any parameters
export interface AlertKind<P extends Readonly<Record<string, Parameter<any>>> = any> {
  /** Its file's name. */
  readonly key: string;
  /** For people. */
  readonly name: string;
  readonly says: string;
  readonly scope: { readonly account: Need; readonly strategy: Need; readonly symbol: Need };
  readonly parameters: P;
  /** `holds`: its alarm is open while the condition is; `happens`: until somebody has seen it. */
  readonly ends: 'holds' | 'happens';
  /** Whether it is looked at with every price of its symbol; else on a timer alone. */
  readonly everyQuote: boolean;
  look(readings: AlertReadings, watched: Watched<Values<P>>): Promise<Looked>;
  /**
   * When it would have begun to hold in a span, where there is a record of what it looks at; null: there is none.
   */
  past?(readings: AlertReadings, watched: Watched<Values<P>>, from: Date, until: Date): Promise<readonly Date[] | null>;
}

/** Keeps the parameters' types apart from those of other kinds. */
// biome-ignore lint/suspicious/noExplicitAny: what each parameter is, it says itself
export const alertKind = <P extends Readonly<Record<string, Parameter<any>>>>(kind: AlertKind<P>): AlertKind<P> => kind;

/** A rule's parameters as its kind reads them, and as they are stored; or what is wrong, by name. */
export function readParameters(
  kind: AlertKind,
  given: Readonly<Record<string, unknown>>,
):
  | { readonly values: Readonly<Record<string, unknown>>; readonly stored: Readonly<Record<string, ParameterValue>> }
  | { readonly problems: readonly { readonly name: string; readonly message: string }[] } {
  const known = Object.entries(kind.parameters as Readonly<Record<string, Parameter>>);
  const problems = Object.keys(given)
    .filter((name) => !known.some(([one]) => one === name))
    .map((name) => ({ name, message: `this kind of rule has no parameter ${name}` }));
  const values: Record<string, unknown> = {};
  const stored: Record<string, ParameterValue> = {};
  for (const [name, parameter] of known) {
    const read = z.safeParse(parameter.schema, given[name] ?? parameter.default);
    if (!read.success) problems.push({ name, message: read.error.issues[0]?.message ?? 'cannot be used' });
    else {
      stored[name] = read.data;
      values[name] = parameter.read(read.data);
    }
  }
  return problems.length > 0 ? { problems } : { values, stored };
}

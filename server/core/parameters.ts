import { z } from 'zod';
import { type Big, decimal, text } from './decimal.ts';
import type { ParameterValue } from './model/risk-limit.ts';

/** What a parameter is, for a form and for the documentation. */
export const parameterKinds = [
  'share',
  'money',
  'multiple',
  'count',
  'seconds',
  'flag',
  'names',
  'times',
  'steps',
] as const;
export type ParameterKind = (typeof parameterKinds)[number];

/** One parameter of a rule or a way of sizing: what it may be, what it is unless somebody says otherwise, and how it is read. */
export interface Parameter<Value = unknown> {
  readonly kind: ParameterKind;
  /** For people: "Largest share of equity". */
  readonly label: string;
  readonly default: ParameterValue;
  /** Which way it lets less through; null: neither, or it cannot be said. */
  readonly stricter: 'lower' | 'higher' | null;
  /** What may be stored. Its messages say what was expected. */
  readonly schema: z.ZodType<ParameterValue>;
  /** From what is stored. */
  read(value: ParameterValue): Value;
}

type Stricter = Parameter['stricter'];
interface Bounds {
  readonly min?: string;
  readonly max?: string;
}

function decimalParameter(
  kind: 'share' | 'money' | 'multiple',
  label: string,
  fallback: string,
  stricter: Stricter,
  { min = '0', max = '1000000000000' }: Bounds = {},
): Parameter<Big> {
  const expected = `${label}: a decimal from ${min} to ${max}, as text`;
  const schema = z.string({ error: expected }).transform((value, context) => {
    const read = /^-?\d{1,15}(\.\d{1,9})?$/.test(value) ? decimal(value) : null;
    if (read === null || read.lt(min) || read.gt(max)) {
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    }
    return text(read);
  });
  return { kind, label, default: fallback, stricter, schema, read: (value) => decimal(value as string) };
}

function integerParameter(
  kind: 'count' | 'seconds',
  label: string,
  fallback: number,
  stricter: Stricter,
  { min = 0, max = 1_000_000 }: { readonly min?: number; readonly max?: number } = {},
): Parameter<number> {
  const error = `${label}: a whole number from ${min} to ${max}`;
  const schema = z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
  return { kind, label, default: fallback, stricter, schema, read: (value) => value as number };
}

/** A fraction: "0.2" is 20 %. */
export const share = (label: string, fallback: string, stricter: Stricter, bounds: Bounds = { min: '0', max: '1' }) =>
  decimalParameter('share', label, fallback, stricter, bounds);
/** In the account's currency. */
export const amountOf = (label: string, fallback: string, stricter: Stricter, bounds?: Bounds) =>
  decimalParameter('money', label, fallback, stricter, bounds);
/** So many times something. */
export const multiple = (label: string, fallback: string, stricter: Stricter, bounds?: Bounds) =>
  decimalParameter('multiple', label, fallback, stricter, bounds);
export const count = (label: string, fallback: number, stricter: Stricter, bounds?: { min?: number; max?: number }) =>
  integerParameter('count', label, fallback, stricter, bounds);
export const seconds = (label: string, fallback: number, stricter: Stricter, bounds?: { min?: number; max?: number }) =>
  integerParameter('seconds', label, fallback, stricter, bounds);

export const flag = (label: string, fallback: boolean): Parameter<boolean> => ({
  kind: 'flag',
  label,
  default: fallback,
  stricter: null,
  schema: z.boolean({ error: `${label}: true or false` }),
  read: (value) => value as boolean,
});

/** A list of names, such as tickers: each once, in their order. */
export const names = (label: string, fallback: readonly string[] = []): Parameter<readonly string[]> => ({
  kind: 'names',
  label,
  default: fallback,
  stricter: null,
  schema: z
    .array(z.string().trim().min(1).max(64), { error: `${label}: a list of names` })
    .max(5000, { error: `${label}: at most 5,000 names` })
    .transform((list) => [...new Set(list)]),
  read: (value) => value as readonly string[],
});

const span = /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/;
const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** Minutes of New York's day, from `from` up to but not including `to`. */
export interface DaySpan {
  readonly from: number;
  readonly to: number;
}

/** Spans of the day in New York, as "09:35-15:50"; none: at no time. */
export const times = (label: string, fallback: readonly string[]): Parameter<readonly DaySpan[]> => ({
  kind: 'times',
  label,
  default: fallback,
  stricter: null,
  schema: z
    .array(
      z
        .string()
        .regex(span, { error: `${label}: spans as 09:30-16:00, in New York’s time`, abort: true })
        .refine((one) => minutes(one.slice(0, 5)) < minutes(one.slice(6)), {
          error: `${label}: a span ends after it begins`,
        }),
      { error: `${label}: spans as 09:30-16:00, in New York’s time` },
    )
    .max(24),
  read: (value) =>
    (value as readonly string[]).map((one) => ({ from: minutes(one.slice(0, 5)), to: minutes(one.slice(6)) })),
});

/** From what it reaches on, by how much it counts: both fractions. */
export interface Step {
  readonly from: Big;
  readonly factor: Big;
}
const step = /^0(\.\d{1,6})?:(0(\.\d{1,6})?|1)$/;

/** Steps, as "0.05:0.5" for half the size from 5 % on; each begins above the one before it and has a smaller factor. */
export const steps = (label: string, fallback: readonly string[]): Parameter<readonly Step[]> => {
  const read = (value: ParameterValue): readonly Step[] =>
    (value as readonly string[]).map((one) => {
      const [from, factor] = one.split(':');
      return { from: decimal(from!), factor: decimal(factor!) };
    });
  return {
    kind: 'steps',
    label,
    default: fallback,
    stricter: null,
    schema: z
      .array(z.string().regex(step, { error: `${label}: steps as 0.05:0.5` }), {
        error: `${label}: a list of steps as 0.05:0.5`,
      })
      .max(20)
      .refine(
        // Asked even of a list with a step that is none, of which has been told already.
        (list) =>
          !list.every((one) => step.test(one)) ||
          read(list).every(
            (one, i, all) => i === 0 || (one.from.gt(all[i - 1]!.from) && one.factor.lt(all[i - 1]!.factor)),
          ),
        { error: `${label}: each step begins above the one before it, and lets less through` },
      ),
    read,
  };
};

/** By their names. */
export type Parameters = Readonly<Record<string, Parameter>>;
/** The values of parameters, as they are read. */
export type ValuesOf<P> = { readonly [K in keyof P]: P[K] extends Parameter<infer Value> ? Value : never };

/** What is wrong with a parameter, for a person: each sentence once, however many of its values are wrong in that way. */
export const problemOf = (name: string, error: z.ZodError): string =>
  [...new Set(error.issues.map((issue) => `${name}: ${issue.message}`))].join('; ');

/** What is stored, over the defaults, as it is read; a text says what is wrong with it, for a person. */
export function readParameters<P extends Parameters>(
  parameters: P,
  stored: Readonly<Record<string, ParameterValue>>,
  whose: string,
): ValuesOf<P> | string {
  const strange = Object.keys(stored).filter((name) => !Object.hasOwn(parameters, name));
  if (strange.length > 0) {
    const has = Object.keys(parameters).join(', ') || 'none';
    return `${whose} has no parameter ${strange.join(', ')}; it has ${has}`;
  }
  const values: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const wanted = stored[name];
    const read = parameter.schema.safeParse(wanted === undefined ? parameter.default : wanted);
    if (!read.success) return problemOf(name, read.error);
    values[name] = parameter.read(read.data);
  }
  return values as ValuesOf<P>;
}

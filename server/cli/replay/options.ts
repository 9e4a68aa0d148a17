import { parseArgs } from 'node:util';
import { z } from 'zod';
import { marketZone, startOfDay } from '../../core/zoned-day.ts';

export const usage = `npm run replay -- --from 2026-11-01 --config candidate.yaml

  Makes the decisions on stored alerts again, by today's parser, sizing and rules, and prints what would be otherwise.
  Each alert is judged with its account as it was then. Nothing is written and nothing is sent.

  --from DATE         the first day, in New York, or a moment as 2026-11-01T14:30:00Z
  --to DATE           the last day, or the moment before which it ends (now)
  --config FILE       what is changed, as YAML; without it today's code is tried under the configuration of then
  --against then|current
                      what the file is laid over: what was in force at each decision, or what is in force now (then)
  --json [FILE]       writes the result as JSON; without a file in place of the table
  --show N            differences that the table shows (200)
  --strict            2 also where a decision could not be made again
  --print-config      prints the configuration in force, in the form of --config
  --help              shows this

  The status is 0 when nothing differs, 1 when something does, 2 when it could not be done. docs/replay.md.
`;

const day = /^\d{4}-\d{2}-\d{2}$/;
const expected = 'expected a date as 2026-11-20, or a moment as 2026-11-20T14:30:00Z';
const when = z.string().refine((text) => {
  const isDay = day.test(text) && z.iso.date().safeParse(text).success;
  return isDay || z.iso.datetime({ offset: true }).safeParse(text).success;
}, expected);

const shape = z
  .strictObject({
    from: when.optional(),
    to: when.optional(),
    config: z.string().min(1, 'is missing').optional(),
    against: z.enum(['then', 'current'], 'expected then or current').default('then'),
    json: z.string().optional(),
    show: z.coerce.number('expected a number').int('expected a whole number').min(0, 'expected 0 or more').default(200),
    strict: z.boolean().default(false),
    'print-config': z.boolean().default(false),
  })
  .refine((o) => o['print-config'] || o.from !== undefined, '--from is missing');

export interface ReplayOptions {
  readonly from: Date;
  readonly until: Date;
  readonly config: string | null;
  readonly against: 'then' | 'current';
  /** Null: no JSON; empty: in place of the table. */
  readonly json: string | null;
  readonly show: number;
  readonly strict: boolean;
  readonly printConfig: boolean;
}

/** Reads the command line; null when only the usage was asked for. Throws a sentence. */
export function readOptions(argv: readonly string[], now: Date): ReplayOptions | null {
  const texts = ['from', 'to', 'config', 'against', 'json', 'show'].map((name) => [name, { type: 'string' }] as const);
  const flags = ['strict', 'print-config', 'help'].map((name) => [name, { type: 'boolean' }] as const);
  // --json may stand alone.
  const args = argv.map((word, i) => (word === '--json' && (argv[i + 1] ?? '--').startsWith('--') ? '--json=' : word));
  let values: Record<string, unknown>;
  try {
    values = parseArgs({ args, options: Object.fromEntries([...texts, ...flags]), allowPositionals: false }).values;
  } catch (error) {
    const [said] = (error as Error).message.split('\n');
    throw new Error(`${said!.replace(/\.?$/, '.')} --help lists the options.`);
  }
  const { help, ...rest } = values;
  if (help) return null;
  const parsed = shape.safeParse(rest);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${issue!.path.length > 0 ? `--${issue!.path.join('.')}: ` : ''}${issue!.message}.`);
  }
  const { from, to, config, against, json, show, strict, 'print-config': printConfig } = parsed.data;
  const range = { from: from ? firstMoment(from) : now, until: to ? endOf(to) : now };
  if (from && range.until <= range.from) throw new Error('--to is before --from.');
  return { ...range, config: config ?? null, against, json: json ?? null, show, strict, printConfig };
}

const firstMoment = (text: string): Date =>
  day.test(text) ? startOfDay(new Date(`${text}T17:00:00Z`), marketZone) : new Date(text);

/** A day is meant whole; noon of the day after is on that day, however long the last one was. */
const endOf = (text: string): Date =>
  day.test(text)
    ? startOfDay(new Date(new Date(`${text}T17:00:00Z`).getTime() + 86_400_000), marketZone)
    : new Date(text);

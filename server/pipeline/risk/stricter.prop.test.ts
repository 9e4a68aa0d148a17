// Invariants, of every rule, every parameter that has a stricter way, and every severity:
// - a stricter value never lets an entry through that a looser one keeps back, warns of or asks about;
// - a stricter value never leaves a larger quantity;
// - each such parameter matters: somewhere, its stricter value lets less through.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, type Quantity, text } from '../../core/decimal.ts';
import { everything, type ParameterValue, type Severity } from '../../core/model/risk-limit.ts';
import { anyEntry } from '../../testing/any-risk-context.ts';
import { decide } from './gate.ts';
import { createLimitBook } from './limit-book.ts';
import { loadRules } from './load-rules.ts';
import type { Parameter } from './parameters.ts';
import type { RiskContext, Rule } from './rule.ts';

const rules = await loadRules();

const cases = rules.flatMap((rule) =>
  Object.entries(rule.parameters)
    .filter(([, parameter]) => parameter.stricter !== null)
    .map(([name]) => ({ rule, name, title: `${rule.key} ${name}` })),
);

/** Values around the one at first, and some far from it, as they are stored. */
function anyValue({ kind, default: usual, schema }: Parameter): fc.Arbitrary<ParameterValue> {
  const whole = kind === 'count' || kind === 'seconds';
  if (kind === 'flag') return fc.boolean();
  if (!whole && !['share', 'money', 'multiple'].includes(kind)) return fc.constant(usual);
  const near = fc.oneof(
    fc.integer({ min: 0, max: 300 }).map((percent) => ({ percent, plus: 0 })),
    fc.integer({ min: 0, max: 200 }).map((plus) => ({ percent: 0, plus })),
  );
  return near
    .map(({ percent, plus }): ParameterValue => {
      if (whole) return Math.round(((usual as number) * percent) / 100) + plus;
      // The steps of what is added: hundredths of a share, whole ones of the rest.
      const step = kind === 'share' ? '0.01' : '1';
      return text(
        decimal(usual as string)
          .times(String(percent))
          .div('100')
          .plus(decimal(step).times(String(plus)))
          .round(9, 0),
      );
    })
    .filter((value) => schema.safeParse(value).success);
}

/** Two values of a parameter, the looser one first, with anything for the others. */
const anyLimits = (rule: Rule, name: string) => {
  const others = Object.entries(rule.parameters).filter(([other]) => other !== name);
  const parameter = rule.parameters[name]!;
  return fc
    .record({
      values: fc.tuple(anyValue(parameter), anyValue(parameter)),
      others: fc.record(Object.fromEntries(others.map(([other, one]) => [other, anyValue(one)]))),
      severity: fc.constantFrom(...rule.severities),
    })
    .map(({ values, others, severity }) => {
      const [least, most] = values.toSorted((a, b) => decimal(String(a)).cmp(decimal(String(b))));
      const [loose, strict] = parameter.stricter === 'lower' ? [most, least] : [least, most];
      return { severity, loose: { ...others, [name]: loose! }, strict: { ...others, [name]: strict! } };
    });
};

interface Through {
  /** 0: passes as it is; 1: with a warning; 2: after a person said yes; 3: not at all. */
  readonly kept: number;
  readonly quantity: Quantity;
}

function through(
  rule: Rule,
  severity: Severity,
  parameters: Readonly<Record<string, ParameterValue>>,
  context: RiskContext,
): Through {
  const limit = { rule: rule.key, scope: everything, on: true, severity, parameters, version: 1, at: context.now };
  const book = createLimitBook([rule], [{ ...limit, author: 'ada', reason: 'a test' }]);
  expect(book.unreadable({ accountId: null, strategy: '', sector: '', symbol: '' })).toBeNull();
  const decision = decide(book, context);
  const { quantity } = context.sized;
  if (decision.outcome === 'denied') return { kept: 3, quantity };
  const kept = decision.outcome === 'held' ? 2 : decision.verdicts.some(({ verdict }) => verdict === 'warn') ? 1 : 0;
  return { kept, quantity: decision.quantity ?? quantity };
}

describe.each(cases)('a stricter $title', ({ rule, name }) => {
  it('never lets more through', () => {
    fc.assert(
      fc.property(anyLimits(rule, name), anyEntry, ({ severity, loose, strict }, context) => {
        const [more, less] = [through(rule, severity, loose, context), through(rule, severity, strict, context)];
        expect(less.kept).toBeGreaterThanOrEqual(more.kept);
        if (less.kept < 3) expect(less.quantity.lte(more.quantity)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('lets less through somewhere', () => {
    const limits = fc.sample(anyLimits(rule, name), { numRuns: 400, seed: 7 });
    const matters = sampled.some((context, i) => {
      const { severity, loose, strict } = limits[i % limits.length]!;
      const [more, less] = [through(rule, severity, loose, context), through(rule, severity, strict, context)];
      return less.kept > more.kept || less.quantity.lt(more.quantity);
    });
    expect(matters).toBe(true);
  });
});

const sampled = fc.sample(anyEntry, { numRuns: 2000, seed: 7 });

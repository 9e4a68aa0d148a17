// Invariant, held by the compiler: exits pass. A rule for entries can be asked about an entry and about nothing else, and so it cannot deny an exit.
// Each line below that must not compile says so; `tsc` fails when one of them does, and the tests here say what happens when it is run.
import { describe, expect, expectTypeOf, it } from 'vitest';
import { everything } from '../../core/model/risk-limit.ts';
import { noon, riskContext, sizedEntry } from '../../testing/risk-context.ts';
import { decide } from './gate.ts';
import { createLimitBook } from './limit-book.ts';
import {
  breach,
  type EntryContext,
  type EntryRule,
  entryRule,
  isEntry,
  type OrderRule,
  orderRule,
  type RiskContext,
  type Rule,
} from './rule.ts';

/** Breaches whatever it is asked about. */
const shape = {
  key: 'never',
  order: 1,
  name: 'Never',
  says: 'Nothing is sent.',
  parameters: {},
  scopes: ['everything'],
  severities: ['deny'],
  on: true,
} as const;
const refuses = () => breach('RISK_RULE_FAILED', 'nothing is sent.', {});
const forEntries = entryRule({ ...shape, scopes: ['everything'], severities: ['deny'], evaluate: refuses });
const forAll = orderRule({ ...shape, scopes: ['everything'], severities: ['deny'], evaluate: refuses });
const exit = riskContext({ sized: sizedEntry({ intent: 'exit', side: 'sell' }) });
const decided = (rule: Rule, context: RiskContext) => decide(createLimitBook([rule], []), context);

describe('a rule for entries', () => {
  it('cannot be asked about an order of which the compiler does not know that it is an entry', () => {
    // @ts-expect-error: an order may be an exit.
    const ask = () => forEntries.evaluate(exit, {}, everything);
    const sized = { ...exit.sized, intent: 'exit' as const };
    const closes = { ...exit, sized };
    // @ts-expect-error: an exit is none.
    const known = () => forEntries.evaluate(closes, {}, everything);
    expectTypeOf(ask).toBeFunction();
    expectTypeOf(known).toBeFunction();
    expectTypeOf<RiskContext>().not.toExtend<EntryContext>();
    expectTypeOf<Parameters<EntryRule['evaluate']>[0]>().toEqualTypeOf<EntryContext>();
    expectTypeOf<EntryContext['sized']['intent']>().toEqualTypeOf<'entry'>();
    expect(isEntry(exit)).toBe(false);
  });

  it('is asked once the compiler knows', () => {
    const entry: RiskContext = riskContext();
    if (!isEntry(entry)) throw new Error('it is an entry');
    expect(forEntries.evaluate(entry, {}, everything).found).toBe('breach');
  });

  it('cannot pass for one that is asked about exits, nor be told the context of one', () => {
    // @ts-expect-error: a rule for entries wants an entry, and an OrderRule is asked about anything.
    const order: OrderRule = forEntries;
    const wantsEntry = ({ sized }: EntryContext) => breach('RISK_RULE_FAILED', `${sized.intent}.`, {});
    const words = { ...shape, scopes: ['everything'] as const, severities: ['deny'] as const };
    // @ts-expect-error: a rule for whatever is sent cannot want an entry.
    const wants = () => orderRule({ ...words, evaluate: wantsEntry });
    expect(entryRule({ ...words, evaluate: wantsEntry }).appliesTo).toBe('entries');
    expectTypeOf(wants).toBeFunction();
    // Whom it applies to is not a rule's own word.
    const claims = entryRule({
      ...shape,
      ...{ appliesTo: 'all' },
      scopes: ['everything'],
      severities: ['deny'],
      evaluate: refuses,
    });
    expect(claims.appliesTo).toBe('entries');
    expect(order.appliesTo).toBe('entries');
  });

  it('denies entries, and no exit', () => {
    expect(decided(forEntries, riskContext())).toMatchObject({ outcome: 'denied' });
    expect(decided(forEntries, exit)).toMatchObject({
      outcome: 'approved',
      verdicts: [{ rule: 'never', verdict: 'not_applicable', code: null }],
    });
  });
});

it('is another matter for a rule for whatever is sent, which says so in its type', () => {
  expectTypeOf<Parameters<OrderRule['evaluate']>[0]>().toEqualTypeOf<RiskContext>();
  expect(forAll.evaluate(exit, {}, everything).found).toBe('breach');
  expect(decided(forAll, exit)).toMatchObject({ outcome: 'denied' });
  expect(exit.now).toEqual(noon);
});

// What a person reads beside a field: never the library's own sentence, never a pattern, and what the schema says of itself kept.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decimalText, orderChange, settingsChange, strategyChange, transferWish } from '../contract/index.ts';
import { inWords } from './field-words.ts';

const said = (schema: z.ZodType, value: unknown): string[] =>
  schema.safeParse(value).error?.issues.map((issue) => `${issue.path.join('.')}: ${inWords(issue)}`) ?? [];

describe('what is said of a value that cannot be used', () => {
  it('says what was expected, by kind and by bound', () => {
    expect(said(settingsChange, { brokers: { breakerFailures: 'many' } })).toEqual([
      'brokers.breakerFailures: expected a number',
    ]);
    expect(said(settingsChange, { brokers: { breakerFailures: 1.5 } })).toEqual([
      'brokers.breakerFailures: expected a whole number',
    ]);
    expect(said(settingsChange, { brokers: { breakerFailures: 0 } })).toEqual([
      'brokers.breakerFailures: expected at least 1',
    ]);
    expect(said(settingsChange, { protection: { withinSeconds: 601 } })).toEqual([
      'protection.withinSeconds: expected at most 600',
    ]);
    expect(said(strategyChange, { mode: 'real' })).toEqual(['mode: expected one of paper, production']);
    expect(said(transferWish, { symbol: '', to: 'a', quantity: '1', reason: 'r' })).toContain(
      'symbol: expected at least 1 character',
    );
    expect(said(z.strictObject({ id: z.uuid() }), { id: 'x', of: 1 })).toEqual([
      'id: expected an id',
      ': not known here: of',
    ]);
  });

  it('says of a fraction and of a decimal how they are written', () => {
    expect(said(strategyChange, { settings: { stopDistance: '1 %' } })).toEqual([
      'settings.stopDistance: expected a fraction, such as 0.2 for 20 %',
    ]);
    expect(said(decimalText, '1,5')).toEqual([': expected a decimal, such as 150.25']);
    expect(said(orderChange, { limitPrice: '-1' })).toEqual(['limitPrice: expected a positive decimal as text']);
  });
});

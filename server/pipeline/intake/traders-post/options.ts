import type { FieldReader } from '../field-reader.ts';
import { quoted } from '../problem-code.ts';

const date = /^\d{4}-\d{2}-\d{2}$/;
const relative = /^\+?\d{1,3}\s*(?:day|week|month|year)s?$/i;

/** What each field of an option may hold, and how that is called. */
const optionFields: readonly (readonly [field: string, takes: (text: string) => boolean, expected: string])[] = [
  ['optionType', (text) => ['both', 'call', 'put'].includes(text.toLowerCase()), 'both, call or put'],
  ['intrinsicValue', (text) => ['itm', 'otm'].includes(text.toLowerCase()), 'itm or otm'],
  ['expiration', (text) => date.test(text) || relative.test(text), 'a date like 2026-12-18, or "+6 months"'],
  ['strikeCount', (text) => /^[1-9]\d{0,3}$/.test(text), 'a whole number of strikes'],
  ['strikesAway', (text) => /^-?\d{1,4}$/.test(text), 'a whole number of strikes'],
  ['strikePrice', (text) => /^\d+(?:\.\d+)?$/.test(text), 'a price'],
];

/** Options are not traded here: shares in their place would be another order than was asked for. */
export function refuseOptions(fields: FieldReader): void {
  for (const [field, takes, expected] of optionFields) {
    const found = fields.text([field], 64);
    if (found === null) continue;
    if (!takes(found.text)) fields.problem(field, 'unknown_value', `expected ${expected}, found ${quoted(found.text)}`);
    else fields.problem(field, 'not_supported', `expected no ${field}: options are not traded here`);
  }
}

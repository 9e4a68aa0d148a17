import type { Big } from '../../../../core/decimal.ts';
import type { FieldReader } from '../../field-reader.ts';
import { textFields } from '../../text-fields.ts';

/** A number above zero, and what stands behind it: nothing, `%`, or another unit's letters. */
export interface Amount {
  readonly value: Big;
  readonly unit: string;
}

/** Reads `10`, `10%` or `10a%`; null when it is not there or (with a problem) is none. */
export function readAmount(fields: FieldReader, name: string, expected: string): Amount | null {
  const found = fields.text([name], 64);
  if (found === null) return null;
  let end = found.text.length;
  while (end > 0 && !/[0-9.]/.test(found.text[end - 1]!)) end--;
  const one = textFields([[name, end === 0 ? found.text : found.text.slice(0, end)]]);
  const value = one.positive([name], expected);
  fields.problems.push(...one.problems);
  return value && { value, unit: found.text.slice(end).trim() };
}

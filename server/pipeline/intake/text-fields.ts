import { FieldReader, type FieldWatch } from './field-reader.ts';
import { JsonObject } from './json-text.ts';

/** The fields of an alert that is text and not JSON, read by the same rules; a name that comes twice is a problem. */
export function textFields(
  pairs: readonly (readonly [name: string, value: string])[],
  watch?: FieldWatch,
): FieldReader {
  const fields = new Map<string, string>();
  const duplicated = new Set<string>();
  for (const [name, value] of pairs) {
    if (fields.has(name)) duplicated.add(name);
    else fields.set(name, value);
  }
  return new FieldReader(new JsonObject(fields, [...duplicated]), '', [], watch ?? null);
}

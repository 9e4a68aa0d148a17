import type { AlertText } from './dialect.ts';
import { JsonObject } from './json-text.ts';

/** The names of the fields of an alert that is a JSON object; null when it is none. By them dialects know each other's alerts. */
export function fieldNames({ json }: AlertText): { has(name: string): boolean } | null {
  return json.ok && json.value instanceof JsonObject ? json.value.fields : null;
}

import type { FieldProblem } from '../../core/model/signal.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { AlertText } from './dialect.ts';
import { FieldReader } from './field-reader.ts';
import { type JsonFault, JsonObject } from './json-text.ts';
import { placeholderIn, placeholderSentence, problemWith, wholeBody } from './problem-code.ts';

/** The fields of an alert that is to be a JSON object like `example`, or where it stops being one. */
export function readObject(
  { text, json, watch }: AlertText,
  example: string,
): Result<FieldReader, readonly FieldProblem[]> {
  if (!json.ok) return err([notJson(text, json.error)]);
  if (json.value instanceof JsonObject) return ok(new FieldReader(json.value, '', [], watch ?? null));
  return err([problemWith(wholeBody, 'not_an_object', `expected a JSON object: ${example}`)]);
}

function notJson(body: string, fault: JsonFault): FieldProblem {
  if (body.trim() === '') return problemWith(wholeBody, 'empty', 'expected a JSON object, found nothing');
  // A placeholder without quotes around it is what most often breaks the JSON.
  const placeholder = placeholderIn(body);
  if (placeholder !== null) return problemWith(wholeBody, 'placeholder', placeholderSentence(placeholder));
  return problemWith(
    wholeBody,
    'malformed_json',
    `expected ${fault.expected} at line ${fault.line}, column ${fault.column} (offset ${fault.offset}), found ${fault.found}`,
  );
}

import type { FieldProblem } from '../../core/model/signal.ts';
import { defaultStrategy } from '../../core/model/signal.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { FieldReader } from './field-reader.ts';
import { JsonObject, readJson } from './json-text.ts';
import { quoted } from './problem-code.ts';
import type { BodyText } from './read-body.ts';
import { textFields } from './text-fields.ts';

/** A sign of life: it stores that, and never trades. */
export interface Heartbeat {
  /** Null: it names none; its source says whose it is. */
  readonly strategy: string | null;
}

/** What may stand beside it; anything else is what an alert says, and a heartbeat with an order in it is neither. */
const known: ReadonlySet<string> = new Set([
  'heartbeat',
  'strategy',
  'timestamp',
  'timeframe',
  'id',
  'alertId',
  'ticker',
  'note',
]);

/**
 * Reads a heartbeat, in whatever dialect its source speaks: `{"heartbeat": true, "strategy": "x"}`, or the line `heartbeat x`; null: the body is
 * an alert like any. Looked at before dialects are, so that none can make an order of it.
 */
export function readHeartbeat({ text, problem }: BodyText): Result<Heartbeat, readonly FieldProblem[]> | null {
  if (problem !== null || !/heartbeat/i.test(text)) return null;
  const json = readJson(text);
  if (json.ok) return json.value instanceof JsonObject ? readFields(json.value) : null;
  const line = /^heartbeat(?:[ \t]+(.*))?$/i.exec(text.trim());
  if (line === null) return null;
  return strategyIn(textFields([['strategy', line[1] ?? '']]));
}

function readFields(object: JsonObject): Result<Heartbeat, readonly FieldProblem[]> | null {
  // Of any other value, it is for the dialect to say what it is.
  if (object.fields.get('heartbeat') !== true) return null;
  const fields = new FieldReader(object);
  for (const [name, value] of object.fields) {
    if (known.has(name) || value === null) continue;
    fields.problem(
      name.slice(0, 64).toWellFormed(),
      'contradictory',
      `expected no ${quoted(name)} with a heartbeat, which trades nothing`,
    );
  }
  return strategyIn(fields);
}

function strategyIn(fields: FieldReader): Result<Heartbeat, readonly FieldProblem[]> {
  const strategy = fields.text(['strategy'], 64)?.text ?? null;
  return fields.problems.length > 0 ? err(fields.problems) : ok({ strategy });
}

/** Whose sign of life it is: as it says, else as its source is set to, else the strategy of alerts that name none. */
export const aliveOf = ({ strategy }: Heartbeat, ofSource: string | null): string =>
  strategy ?? ofSource ?? defaultStrategy;

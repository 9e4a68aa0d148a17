import type { Mode } from '../../core/model/mode.ts';
import type { FieldReader } from './field-reader.ts';
import { quoted } from './problem-code.ts';

/** The mode that an alert asks for, paper when it does not say; null with a problem. */
export function readMode(fields: FieldReader): Mode | null {
  const before = fields.problems.length;
  const found = fields.text(['tradingMode', 'mode'], 64);
  if (found === null) return fields.problems.length === before ? 'paper' : null;
  const mode = found.text.toLowerCase();
  if (mode === 'paper' || mode === 'production') return mode;
  return fields.problem(found.field, 'unknown_value', `expected Paper or Production, found ${quoted(found.text)}`);
}

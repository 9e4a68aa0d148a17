import { err, ok, type Result } from '../../../../core/result.ts';
import { lowered, type Template } from './compile.ts';

/** Where an alert stops fitting a template: the text that was looked for, and behind what. */
export interface Mismatch {
  readonly expected: string;
  readonly after: string;
  /** All of the text that fits, its spaces as one; and what comes then. */
  readonly matched: string;
  readonly rest: string;
}

/**
 * What a template takes from a text. One pass: a capture goes as far as the first place where the text after it stands, the last one to the end,
 * and nothing is ever tried again, so the time is that of reading the text once for each piece.
 */
export function matchTemplate({ pieces }: Template, body: string): Result<ReadonlyMap<string, string>, Mismatch> {
  const text = body.trim().replace(/\s+/g, ' ');
  const lower = lowered(text);
  const values = new Map<string, string>();
  const placed = pieces.filter((piece) => piece.kind !== 'given');
  let at = 0;
  let open: string | null = null;
  const mismatch = (expected: string): Result<never, Mismatch> =>
    err({ expected, after: text.slice(Math.max(0, at - 40), at), matched: text.slice(0, at), rest: text.slice(at) });
  for (const [index, piece] of placed.entries()) {
    if (piece.kind === 'capture') {
      open = piece.name;
      continue;
    }
    const last = index === placed.length - 1;
    // The text at the end stands at the end, also when it stands before that too.
    const found = open === null ? at : last ? lower.length - piece.text.length : lower.indexOf(piece.text, at);
    if (found < at || !lower.startsWith(piece.text, found)) return mismatch(piece.text);
    if (open !== null) values.set(open, text.slice(at, found).trim());
    open = null;
    at = found + piece.text.length;
  }
  if (open !== null) values.set(open, text.slice(at).trim());
  else if (at < text.length) return mismatch('the end');
  for (const piece of pieces) if (piece.kind === 'given') values.set(piece.name, piece.value);
  values.delete('_');
  return ok(values);
}

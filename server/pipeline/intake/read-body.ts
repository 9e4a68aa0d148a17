import type { FieldProblem } from '../../core/model/signal.ts';
import { problemWith, wholeBody } from './problem-code.ts';

/** A body as text that PostgreSQL can keep, and what is wrong with it as text. */
export interface BodyText {
  readonly text: string;
  readonly problem: FieldProblem | null;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const lenient = new TextDecoder('utf-8', { fatal: false, ignoreBOM: false });

/** Decodes a body; a byte order mark is dropped. What is no text is shown with replacement characters, NUL as ␀. */
export function readBody(body: Uint8Array): BodyText {
  let text: string;
  try {
    text = strict.decode(body);
  } catch {
    const shown = lenient.decode(body).replaceAll('\0', '␀');
    return { text: shown, problem: problemWith(wholeBody, 'not_text', 'expected text in UTF-8, found other bytes') };
  }
  const nul = text.indexOf('\0');
  if (nul === -1) return { text, problem: null };
  const problem = problemWith(wholeBody, 'not_text', `expected text, found a NUL character at offset ${nul}`);
  return { text: text.replaceAll('\0', '␀'), problem };
}

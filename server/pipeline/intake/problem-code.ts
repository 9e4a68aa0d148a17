import type { RefusalCode } from '../../core/model/refusals.ts';
import type { FieldProblem } from '../../core/model/signal.ts';

/** Every way in which a field, or the body as a whole, can be wrong. `malformed` ones mean that nothing could be read at all, `unsupported` ones that it is understood, and not done here. */
export const problemCodes = {
  malformed_json: 'malformed',
  malformed_text: 'malformed',
  not_an_object: 'malformed',
  not_text: 'malformed',
  empty: 'malformed',
  required: 'invalid',
  placeholder: 'invalid',
  wrong_type: 'invalid',
  unknown_value: 'invalid',
  not_a_number: 'invalid',
  not_positive: 'invalid',
  too_precise: 'invalid',
  too_large: 'invalid',
  too_long: 'invalid',
  bad_characters: 'invalid',
  bad_timestamp: 'invalid',
  equal_to_entry: 'invalid',
  wrong_side: 'invalid',
  duplicate_key: 'invalid',
  conflicting: 'invalid',
  contradictory: 'invalid',
  out_of_range: 'invalid',
  not_for_entries: 'invalid',
  not_for_exits: 'invalid',
  not_supported: 'unsupported',
  unknown_unit: 'unsupported',
} as const;

export type ProblemCode = keyof typeof problemCodes;

/** The field name of a problem that concerns the whole body. */
export const wholeBody = '(body)';

/** A problem with a field: its code, and what was expected, as a sentence. */
export const problemWith = (field: string, code: ProblemCode, message: string): FieldProblem => ({
  field,
  code,
  message,
});

/** `INTAKE_MALFORMED` when nothing could be read, `INTAKE_NOT_SUPPORTED` when that is all there is to say, else `INTAKE_INVALID`. */
export function refusalOf(problems: readonly FieldProblem[]): RefusalCode {
  const kinds = problems.map((p) => problemCodes[p.code as ProblemCode]);
  if (kinds.includes('malformed')) return 'INTAKE_MALFORMED';
  return kinds.length > 0 && kinds.every((kind) => kind === 'unsupported') ? 'INTAKE_NOT_SUPPORTED' : 'INTAKE_INVALID';
}

const shown = 80;

/** A value as a message may quote it: escaped, and cut where it is long. */
export function quoted(value: string): string {
  const cut = value.length > shown ? `${value.slice(0, shown).toWellFormed()}…` : value;
  return JSON.stringify(cut);
}

const placeholder = /\{\{[^{}]*\}\}/;

/** The first placeholder that was never filled in, `{{close}}` for one; null when there is none. */
export const placeholderIn = (text: string): string | null => placeholder.exec(text)?.[0] ?? null;

/** The sentence for a placeholder that is still there. */
export const placeholderSentence = (found: string): string =>
  `TradingView did not fill in ${quoted(found)}: the name is misspelt, or this kind of alert does not offer it`;

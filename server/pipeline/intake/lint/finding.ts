import type { LintCode, Severity } from './codes.ts';
import type { Edit, PlacedText } from './placed-text.ts';

/** Where something stands in an alert's text as its author wrote it. Lines and columns count from 1, offsets UTF-16 units from 0. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly from: number;
  readonly until: number;
  /** RFC 6901, in JSON; null: it is no JSON, or no field's. */
  readonly pointer: string | null;
}

/** One thing to say of an alert. */
export interface Finding {
  readonly code: LintCode;
  readonly severity: Severity;
  /** As problems call it; null: it is about the whole alert. */
  readonly field: string | null;
  readonly message: string;
  /** What to write instead. */
  readonly mend: string;
  /** Null: it stands nowhere. */
  readonly place: Place | null;
}

/** A finding in the text that is looked at, with what would mend it there. */
export interface Draft {
  readonly code: LintCode;
  readonly field: string | null;
  readonly message: string;
  /** Null: as its rule has it. */
  readonly mend: string | null;
  readonly span: { readonly from: number; readonly until: number } | null;
  readonly pointer?: string | null;
  readonly edits?: readonly Edit[];
  /** Whether the span is of the text as it was given, and not of the one that is looked at. */
  readonly inOriginal?: boolean;
}

/** Where lines begin. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The place of a piece of the original. */
export function placeOf(starts: readonly number[], from: number, until: number, pointer: string | null): Place {
  let line = 0;
  while (line + 1 < starts.length && starts[line + 1]! <= from) line++;
  return { line: line + 1, column: from - starts[line]! + 1, from, until, pointer };
}

/** Edits that do not touch each other, in their order; the first to come wins. */
export function apart(edits: readonly Edit[]): readonly Edit[] {
  const kept: Edit[] = [];
  for (const edit of edits) {
    if (kept.every(({ from, until }) => edit.until <= from || edit.from >= until)) kept.push(edit);
  }
  return kept.sort((a, b) => a.from - b.from);
}

/** Changes a text by edits of it as it is now. */
export function applyAll(placed: PlacedText, edits: readonly Edit[]): void {
  for (const edit of apart(edits).toReversed()) placed.replace(edit);
}

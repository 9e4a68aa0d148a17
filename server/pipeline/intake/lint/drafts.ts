import type { Dialect } from '../dialect.ts';
import { JsonObject } from '../json-text.ts';
import { wholeBody } from '../problem-code.ts';
import { type ReadAlert, readAlert } from '../read-alert.ts';
import { readBody } from '../read-body.ts';
import { copyEdits, ignoredDrafts, quotedNumbers } from './field-findings.ts';
import { fieldPlace } from './field-place.ts';
import type { Draft } from './finding.ts';
import type { LintInput } from './lint-alert.ts';
import { problemDraft } from './mend-fields.ts';
import { mendJson } from './mend-json.ts';
import type { PlacedText } from './placed-text.ts';
import { filledDrafts, unfilled } from './placeholder-findings.ts';
import { type Placeholder, placeholdersIn } from './placeholders.ts';
import { ReadingNotes } from './reading-notes.ts';
import type { FoundSecret } from './secrets.ts';
import { lengthDrafts, secretMessage, signalDrafts } from './signal-findings.ts';

/** An alert as it was given, and as intake has read it. */
export interface Subject extends LintInput {
  readonly original: string;
  readonly secrets: readonly FoundSecret[];
  readonly judged: ReadAlert;
  /** The text that intake has read, with the secret that its source asks for. */
  readonly placed: PlacedText;
}

/** Everything there is to say of an alert; spans and edits are of `placed`, whose JSON was mended as far as that goes. */
export function draftsOf(
  subject: Subject,
  dialects: readonly Dialect[],
): { readonly drafts: readonly Draft[]; readonly placed: PlacedText } {
  const { judged, placed, original, as, now } = subject;
  const isMessage = as === 'message';
  const placeholders = placeholdersIn(original, now);
  const general = [...secretDrafts(subject), ...lengthDrafts(original).map(inOriginal)];
  const [problem] = judged.read.ok ? [] : judged.read.error;
  if (problem?.code === 'not_text' || problem?.code === 'empty') {
    return { drafts: [wholeDraft(problem), ...general], placed };
  }
  const broken = brokenDrafts(subject, placeholders);
  if (broken !== null && !broken.whole) return { drafts: [...broken.drafts, ...general], placed };
  const notes = new ReadingNotes();
  const read = readAlert(readBody(new TextEncoder().encode(placed.text)), dialects, subject.asked, notes);
  const drafts = [...(broken?.drafts ?? []), ...problemDrafts(subject, read, notes, placeholders)];
  const { alert, dialect } = read;
  const isObject = alert.json.ok && alert.json.value instanceof JsonObject;
  if (isObject) {
    const secretNames = [
      ...subject.secrets.map(({ name }) => name),
      ...(subject.secretField === null ? [] : [subject.secretField]),
    ];
    drafts.push(...ignoredDrafts(alert, dialect, notes, secretNames), ...quotedNumbers(placed.text, notes));
  }
  drafts.push(...elsewhereDrafts(placeholders, drafts, isMessage));
  if (isMessage) drafts.push(...filledDrafts(placeholders).map(inOriginal));
  if (read.read.ok) {
    const { text } = placed;
    const written = (from: number, until: number): string => {
      const span = placed.originalSpan(from, until);
      return original.slice(span.from, span.until);
    };
    drafts.push(...signalDrafts({ ...subject, signal: read.read.value, text, notes, written, isMessage }));
  }
  return { drafts: [...drafts, ...general], placed };
}

const inOriginal = (draft: Draft): Draft => ({ ...draft, inOriginal: true });

const wholeDraft = ({ code, message }: { readonly code: string; readonly message: string }): Draft => ({
  ...{ code: code as Draft['code'], field: null, message, mend: null, span: null },
});

/** Of a text that is meant to be JSON and is not: its mistakes, which are mended in `placed` as far as that goes; null: it is not broken. */
function brokenDrafts(
  { judged, placed, original, now, as }: Subject,
  placeholders: readonly Placeholder[],
): { drafts: Draft[]; whole: boolean } | null {
  const { read, alert } = judged;
  if (read.ok || alert.json.ok) return null;
  const [problem] = read.error;
  if (
    problem === undefined ||
    problem.field !== wholeBody ||
    (problem.code !== 'malformed_json' && problem.code !== 'placeholder')
  )
    return null;
  if (!/[{[]/.test(original.replaceAll(/\{\{[^{}]*\}\}/g, ''))) {
    const code = problem.code === 'placeholder' ? 'placeholder' : 'plain_text';
    return { drafts: [{ ...wholeDraft(problem), code, mend: null }], whole: false };
  }
  const drafts: Draft[] = [];
  // Without quotes around it, a placeholder that was not filled in breaks the JSON: the rest is read as if it were.
  const open = placeholders.filter((one) => (as === 'received' || one.example === null) && !isInText(original, one));
  for (const one of open) {
    const span = { from: one.from, until: one.until };
    const told = unfilled(one, as === 'message');
    drafts.push({ code: 'placeholder', field: null, ...told, edits: [], span, inOriginal: true });
  }
  for (const one of placeholdersIn(placed.text, now).toReversed()) {
    if (!isInText(placed.text, one)) placed.fill(one.from, one.until, ...exampleFor(one, as === 'message', now));
  }
  const { whole, repairs } = mendJson(placed);
  const mistakes = repairs.map(
    ({ code, from, until, message, mend }): Draft => ({
      code,
      field: null,
      message,
      mend,
      span: { from, until },
      inOriginal: true,
    }),
  );
  return { drafts: [...drafts, ...mistakes], whole };
}

/** What an open placeholder is read as; in a message, the name that was probably meant takes its place. */
function exampleFor(
  { example, meant }: Placeholder,
  isMessage: boolean,
  now: Date,
): [example: string, instead: string | null] {
  const better = meant === null || !isMessage ? null : (placeholdersIn(meant, now)[0]?.example ?? null);
  return [example ?? better ?? '1', better === null ? null : meant];
}

/** Whether it stands between quotes, as far as quotes before it on its line tell. */
function isInText(text: string, { from }: Placeholder): boolean {
  const line = text.slice(text.lastIndexOf('\n', from - 1) + 1, from);
  return (line.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1;
}

/** What intake refuses it for, with places and mends. */
function problemDrafts(
  { placed, as }: Subject,
  { read, alert, dialect }: ReadAlert,
  notes: ReadingNotes,
  placeholders: readonly Placeholder[],
): Draft[] {
  if (read.ok) return [];
  const { text } = placed;
  return read.error.map((problem): Draft => {
    if (problem.field === wholeBody && problem.code !== 'placeholder') return wholeDraft(problem);
    const last = problem.code === 'duplicate_key';
    const place = fieldPlace(text, problem.field, notes, { last, isJson: alert.json.ok, dialect: dialect.key });
    const draft = problemDraft(problem, text, place);
    if (last)
      return {
        ...draft,
        edits: copyEdits(text, notes, problem.field),
        mend: `Keep one ${problem.field}, and take the other away.`,
      };
    if (problem.code !== 'placeholder') return draft;
    const span = draft.span && placed.originalSpan(draft.span.from, draft.span.until);
    const one = placeholders.find(
      (each) =>
        (span === null || (each.from >= span.from && each.until <= span.until)) &&
        (as === 'received' || each.example === null),
    );
    if (one === undefined) return draft;
    const { message, mend, edits } = unfilled(one, as === 'message');
    // What is not filled in stands in both texts as it is, so that its place in one is a shift of that in the other.
    const from = draft.span === null ? -1 : text.indexOf(one.source, draft.span.from);
    const [edit] = edits;
    return {
      ...draft,
      message,
      mend,
      edits: edit && from >= 0 ? [{ from, until: from + one.source.length, insert: edit.insert }] : [],
      span: span && { from: one.from, until: one.until },
      inOriginal: true,
    };
  });
}

/** Placeholders that stay where nothing is read. */
function elsewhereDrafts(placeholders: readonly Placeholder[], drafts: readonly Draft[], isMessage: boolean): Draft[] {
  const told = new Set(drafts.flatMap(({ code, span }) => (code === 'placeholder' && span ? [span.from] : [])));
  return placeholders.flatMap((one): Draft[] => {
    if (told.has(one.from) || (isMessage && one.example !== null)) return [];
    const { message, mend } = unfilled(one, isMessage);
    return [
      {
        code: 'placeholder_elsewhere',
        field: null,
        message,
        mend,
        span: { from: one.from, until: one.until },
        inOriginal: true,
      },
    ];
  });
}

function secretDrafts({ secrets, secretField }: Subject): Draft[] {
  return secrets.map(({ kind, name, from, until }): Draft => {
    const code =
      kind === 'licence'
        ? 'licence_in_body'
        : kind === 'address'
          ? 'address_in_body'
          : name === secretField
            ? 'secret_expected'
            : 'secret_in_body';
    const what = kind === 'licence' ? 'the licence' : kind === 'address' ? 'the address of a webhook' : name;
    return {
      code,
      field: name || null,
      message: secretMessage(what),
      mend: null,
      span: { from, until },
      inOriginal: true,
    };
  });
}

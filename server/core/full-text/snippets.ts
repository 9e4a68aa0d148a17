import { folded, placesInCode, placesOf, type Range, type Term } from './terms.ts';

/** A piece of a snippet: what was looked for, or what stands around it. */
export interface SnippetPart {
  readonly text: string;
  readonly hit: boolean;
}

/** Something in which words are looked for. */
export interface Searchable {
  /** Texts, those that tell a person most first; null and undefined are not there. */
  readonly texts: readonly (string | null | undefined)[];
  /** Names and codes. Their parts are words as well: `filled` is in `order.partially_filled`. */
  readonly codes: readonly (string | null | undefined)[];
  /** Found by the whole id alone: the beginning of one says nothing. */
  readonly ids: readonly (string | null | undefined)[];
}

/** Characters of text shown at most, and of those before the first hit. */
const length = 180;
const before = 48;
const mostSnippets = 3;

/**
 * Null when a term is nowhere in it. Else what to show of it: the first text with a hit, and of the others those that show a term not
 * shown so far. Empty when it was found by an id.
 */
export function snippetsOf(thing: Searchable, terms: readonly Term[]): SnippetPart[][] | null {
  const missing = new Set(terms.filter((term) => !thing.ids.includes(term.text)));
  const shown = new Set<Term>();
  const snippets: SnippetPart[][] = [];
  const parts = [
    ...thing.texts.map((text) => ({ text, in: placesOf })),
    ...thing.codes.map((text) => ({ text, in: placesInCode })),
  ];
  for (const { text, in: placesIn } of parts) {
    if (!text) continue;
    const lower = folded(text);
    const found = terms.map((term) => ({ term, places: placesIn(term, lower) })).filter((one) => one.places.length > 0);
    for (const { term } of found) missing.delete(term);
    const fresh = found.filter(({ term }) => !shown.has(term));
    if (fresh.length > 0 && snippets.length < mostSnippets) {
      const first = Math.min(...fresh.map(({ places }) => places[0]!.start));
      snippets.push(
        cut(
          text,
          first,
          found.flatMap(({ places }) => places),
        ),
      );
      for (const { term } of found) shown.add(term);
    }
  }
  return missing.size > 0 ? null : snippets;
}

/** The text around its first hit, in parts; an ellipsis where it was cut. */
function cut(text: string, first: number, hits: readonly Range[]): SnippetPart[] {
  const start = wholeCharacter(text, text.length <= length ? 0 : afterSpace(text, Math.max(0, first - before), first));
  const end = wholeCharacter(text, Math.min(text.length, start + length));
  const parts: { text: string; hit: boolean }[] = [];
  const add = (from: number, to: number, hit: boolean): void => {
    if (to > from) parts.push({ text: text.slice(from, to), hit });
  };
  if (start > 0) parts.push({ text: '…', hit: false });
  let at = start;
  for (const range of merged(hits)) {
    if (range.end <= at || range.start >= end) continue;
    add(at, Math.max(at, range.start), false);
    add(Math.max(at, range.start), Math.min(range.end, end), true);
    at = Math.min(range.end, end);
  }
  add(at, end, false);
  if (end < text.length) parts.push({ text: '…', hit: false });
  return parts;
}

/** In their order, those that touch as one. */
function merged(ranges: readonly Range[]): Range[] {
  const result: { start: number; end: number }[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else result.push({ ...range });
  }
  return result;
}

/** The first place after a space from `from` on, if there is one before `limit`. */
function afterSpace(text: string, from: number, limit: number): number {
  if (from === 0) return 0;
  const space = text.slice(from, limit).search(/\s/);
  return space === -1 ? from : from + space + 1;
}

/** Never in the middle of a surrogate pair. */
const wholeCharacter = (text: string, at: number): number =>
  at > 0 && at < text.length && /[\uDC00-\uDFFF]/.test(text[at]!) && /[\uD800-\uDBFF]/.test(text[at - 1]!)
    ? at - 1
    : at;

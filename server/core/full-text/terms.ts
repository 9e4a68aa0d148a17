/**
 * What a search asks for, and where a text has it. One set of rules for whatever finds the rows, so that the same words find the same
 * things in PostgreSQL and in OpenSearch: each of them proposes, and this decides.
 *
 * A word is what OpenSearch's standard analyzer takes for one (Unicode annex 29): letters, digits and `_`, and a sign between two letters
 * or two digits that holds them together, as in `order.filled` or `150.25`.
 */
export interface Term {
  /** Its words, in lower case; they must follow each other. Never empty. */
  readonly words: readonly string[];
  /** In quotes: its last word must end where it does. Otherwise the last word may go on: `aap` finds AAPL. */
  readonly exact: boolean;
  /** As it was typed, in lower case; ids are compared with it. */
  readonly text: string;
}

/** Half-open, in UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

const letter = '[\\p{L}\\p{Nl}\\p{M}]';
const joiner = `(?:(?<=${letter})[:.'’‘·](?=${letter})|(?<=\\p{Nd})[.,;'’‘](?=\\p{Nd}))`;
const wordChar = '[\\p{L}\\p{Nl}\\p{M}\\p{Nd}\\p{Cf}_]';
const wordPattern = new RegExp(`(?:${wordChar}|${joiner})+`, 'gu');
const saysSomething = /[\p{L}\p{Nl}\p{Nd}]/u;
/** Not in the middle of a word. */
const wordStart = `(?<!${wordChar})(?<!${wordChar}${joiner})`;
const wordEnd = `(?!${wordChar})(?!${joiner}${wordChar})`;
const gap = `(?:(?!${wordChar}).)+`;

/** Lower case that keeps every character at its place. */
export function folded(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (one) => (one.toLowerCase().length === one.length ? one.toLowerCase() : one)).join('');
}

const wordsOf = (text: string): string[] =>
  (folded(text).match(wordPattern) ?? []).filter((word) => saysSomething.test(word));

/** Each word of what was typed, and each phrase in quotes, once. A quote without its partner counts as a space. Empty: nothing to look for. */
export function readTerms(typed: string): Term[] {
  const terms = new Map<string, Term>();
  for (const [, phrase, bare] of typed.normalize('NFC').matchAll(/"([^"]*)"|([^\s"]+)/gu)) {
    const exact = phrase !== undefined;
    const text = folded((phrase ?? bare ?? '').trim());
    const words = wordsOf(text);
    if (words.length > 0) terms.set(`${exact} ${words.join(' ')}`, { words, exact, text });
  }
  return [...terms.values()];
}

/** The signs that hold the parts of a code together; a code that is looked for may have others between them, or none. */
export const codeSigns = /[._:]/g;

const inCodes = new WeakMap<Term, Term>();

/** Where a code has the term: whole, or its parts as words, as `max_position` or `position` in RISK_MAX_POSITION. The code must be `folded`. */
export function placesInCode(term: Term, code: string): Range[] {
  const whole = placesOf(term, code);
  if (whole.length > 0) return whole;
  let parted = inCodes.get(term);
  if (!parted) {
    parted = { ...term, words: term.words.flatMap((word) => wordsOf(word.replace(codeSigns, ' '))) };
    inCodes.set(term, parted);
  }
  return placesOf(parted, code.replace(codeSigns, ' '));
}

const patterns = new WeakMap<Term, RegExp>();

function patternOf(term: Term): RegExp {
  let pattern = patterns.get(term);
  if (!pattern) {
    const words = term.words.map((word) => word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join(`${gap}`);
    pattern = new RegExp(`${wordStart}${words}${term.exact ? wordEnd : ''}`, 'gsu');
    patterns.set(term, pattern);
  }
  return pattern;
}

/** Where a text has the term, from its beginning on, at most `most` times. The text must be `folded`. */
export function placesOf(term: Term, text: string, most = 8): Range[] {
  const places: Range[] = [];
  for (const match of text.matchAll(patternOf(term))) {
    places.push({ start: match.index, end: match.index + match[0].length });
    if (places.length >= most) break;
  }
  return places;
}

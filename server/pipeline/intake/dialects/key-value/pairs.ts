/** A parameter, its name in lower case. */
export type Pair = readonly [name: string, value: string];

const name = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** Splits `name=value`; null: it is none. */
function pairOf(part: string): Pair | null {
  const at = part.indexOf('=');
  const word = at < 0 ? '' : part.slice(0, at).trim();
  return name.test(word) ? [word.toLowerCase(), part.slice(at + 1).trim()] : null;
}

const nonBlank = (part: string): boolean => part.trim() !== '';

/** The lines, or what `|` makes of one. */
export const linesOf = (text: string): string[] => text.split(/[\n\r|]/).filter(nonBlank);

/** What stands between `;` or line breaks, also those that were written as the two characters `\n`. */
export const partsOf = (text: string): string[] => text.split(/;|\\n|[\n\r|]/).filter(nonBlank);

/** The parameters of a line with spaces, or `&`, between them; what is none has an empty value. */
export const wordsOf = (line: string): Pair[] =>
  line
    .split(/[\s;&]+/)
    .filter(nonBlank)
    .map((word) => pairOf(word) ?? [word.slice(0, 64).toLowerCase(), '']);

/** The parameters of parts; what is none has an empty value. */
export const pairsOf = (parts: readonly string[]): Pair[] =>
  parts.map((part) => pairOf(part) ?? [part.trim().slice(0, 64).toLowerCase(), '']);

/** All names in lower case, when each part of the text begins with one; else null. */
export function namesOf(text: string): ReadonlySet<string> | null {
  const parts = partsOf(text);
  if (parts.length === 0 || !parts.every((part) => pairOf(part) !== null)) return null;
  return new Set(parts.flatMap((part) => [pairOf(part)![0], ...wordsOf(part).map(([word]) => word)]));
}

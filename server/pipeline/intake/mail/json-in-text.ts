/** More than a mail has; a text of nothing but braces must not make us busy. */
const maxObjects = 16;
const opening = /\{|\[\s{0,80}\{/g;

/**
 * The outermost JSON objects and lists of objects in a text, as they stand there: from a brace to the one that closes it, strings and their escapes
 * respected. One that is never closed goes to the last brace there is, so that its author is told where it is broken.
 */
export function jsonObjectsIn(text: string): readonly string[] {
  const found: string[] = [];
  let at = 0;
  while (found.length < maxObjects) {
    opening.lastIndex = at;
    const start = opening.exec(text)?.index ?? -1;
    if (start === -1) break;
    const end = closing(text, start);
    if (end === -1) {
      const last = text.lastIndexOf('}');
      if (last > start) found.push(text.slice(start, last + 1));
      break;
    }
    found.push(text.slice(start, end + 1));
    at = end + 1;
  }
  return found;
}

/** Where the bracket at `start` is closed; -1: nowhere. */
function closing(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const letter = text[at];
    if (quoted) {
      if (letter === '\\') at++;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '{' || letter === '[') depth++;
    else if ((letter === '}' || letter === ']') && --depth === 0) return at;
  }
  return -1;
}

/**
 * The values of a text of JSON as they are written, so that no digit of a number is lost: the elements of a list, or values one after another
 * (one a line, or not). Null: it is no such text.
 */
export function jsonValues(text: string): readonly string[] | null {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (!/^[[{"]/.test(trimmed)) return null;
  const isList = trimmed.startsWith('[') && endOf(trimmed, 0) === trimmed.length;
  const inner = isList ? trimmed.slice(1, -1) : trimmed;
  const values: string[] = [];
  let at = 0;
  while (true) {
    // A separator of a list, or the space between values.
    between.lastIndex = at;
    at += between.exec(inner)![0].length;
    if (at >= inner.length) break;
    const end = endOf(inner, at);
    const value = inner.slice(at, end);
    if (!isJson(value)) return null;
    values.push(value);
    at = end;
  }
  return values;
}

const between = /[\s,]*/y;

/** Where the value that begins here ends. */
function endOf(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      at++;
      while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    } else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (depth === 0 && /[\s,]/.test(char!)) return at;
    if (depth === 0 && /[\]}"]/.test(char!)) return at + 1;
  }
  return text.length;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

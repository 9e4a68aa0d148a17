/**
 * JSON as its author wrote it. `JSON.parse` would turn 100.10 into a float, keep only the last of two equal keys, and say where
 * an error is in words that differ between engines; an alert about money needs the digits, both keys, and the place.
 */
export type JsonValue = string | boolean | null | JsonNumber | JsonObject | readonly JsonValue[];

/** A number as the text that stood there. */
export class JsonNumber {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

/** An object with its fields in order, and the keys that were written more than once. */
export class JsonObject {
  readonly fields: ReadonlyMap<string, JsonValue>;
  readonly duplicated: readonly string[];
  constructor(fields: ReadonlyMap<string, JsonValue>, duplicated: readonly string[]) {
    this.fields = fields;
    this.duplicated = duplicated;
  }
}

/** Where JSON ends to be JSON, and what could have stood there. Lines and columns count from 1. */
export interface JsonFault {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  /** What stood there, quoted; "the end" at the end. */
  readonly found: string;
}

export type JsonOutcome =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly error: JsonFault };

/** Deeper than any alert, and shallow enough that nesting cannot exhaust the stack. */
const maxDepth = 64;

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON text must escape them, so they end it
const plainText = /[^"\\\u0000-\u001f]*/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Is told where each value stands, while it is read; offsets count UTF-16 units. */
export interface JsonWatch {
  /** The value of a field, or an item of a list, comes next: its name or its number, and where the name is written. */
  enter(step: string | number, keyFrom: number, keyUntil: number): void;
  /** It begins here. */
  begin(from: number): void;
  /** It ends here. */
  leave(until: number): void;
}

/** Reads one JSON text (RFC 8259). */
export function readJson(text: string, watch?: JsonWatch): JsonOutcome {
  try {
    return { ok: true, value: new Reader(text, watch ?? null).whole() };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, error: locate(text, error.offset, error.message) };
    throw error;
  }
}

class Fault extends Error {
  readonly offset: number;
  constructor(offset: number, expected: string) {
    super(expected);
    this.offset = offset;
  }
}

function locate(text: string, offset: number, expected: string): JsonFault {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  const character = text.codePointAt(offset);
  const found = character === undefined ? 'the end' : JSON.stringify(String.fromCodePoint(character));
  return { offset, line, column, expected, found };
}

class Reader {
  readonly #text: string;
  /** Null wherever alerts are taken in: places cost time. */
  readonly #watch: JsonWatch | null;
  #at = 0;

  constructor(text: string, watch: JsonWatch | null) {
    this.#text = text;
    this.#watch = watch;
  }

  whole(): JsonValue {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw new Fault(this.#at, 'nothing after the value');
    return value;
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.#at++;
    }
  }

  #value(depth: number): JsonValue {
    this.#space();
    this.#watch?.begin(this.#at);
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw new Fault(this.#at, 'a value');
    this.#at += word.length;
    return value;
  }

  #number(): JsonNumber {
    numberPattern.lastIndex = this.#at;
    const match = numberPattern.exec(this.#text);
    if (match === null) throw new Fault(this.#at, 'a value');
    this.#at += match[0].length;
    return new JsonNumber(match[0]);
  }

  #string(): string {
    let result = '';
    this.#at++;
    for (;;) {
      plainText.lastIndex = this.#at;
      const plain = plainText.exec(this.#text)?.[0] ?? '';
      result += plain;
      this.#at += plain.length;
      const next = this.#text[this.#at];
      if (next === '"') {
        this.#at++;
        return result;
      }
      if (next !== '\\') throw new Fault(this.#at, 'the closing quote of the text');
      result += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new Fault(this.#at, 'four hexadecimal digits after \\u');
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const character = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
    if (character === undefined) throw new Fault(this.#at, 'one of the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u');
    this.#at += 2;
    return character;
  }

  #array(depth: number): readonly JsonValue[] {
    this.#descend(depth);
    const items: JsonValue[] = [];
    if (this.#closes(']')) return items;
    for (;;) {
      this.#watch?.enter(items.length, this.#at, this.#at);
      items.push(this.#value(depth + 1));
      this.#watch?.leave(this.#at);
      if (this.#endsList(']')) return items;
    }
  }

  #object(depth: number): JsonObject {
    this.#descend(depth);
    const fields = new Map<string, JsonValue>();
    const duplicated = new Set<string>();
    if (this.#closes('}')) return new JsonObject(fields, []);
    for (;;) {
      this.#space();
      if (this.#text[this.#at] !== '"') throw new Fault(this.#at, 'a field name in double quotes');
      const keyFrom = this.#at;
      const key = this.#string();
      const keyUntil = this.#at;
      this.#space();
      if (this.#text[this.#at] !== ':') throw new Fault(this.#at, 'a colon after the field name');
      this.#at++;
      this.#watch?.enter(key, keyFrom, keyUntil);
      const value = this.#value(depth + 1);
      this.#watch?.leave(this.#at);
      if (fields.has(key)) duplicated.add(key);
      else fields.set(key, value);
      if (this.#endsList('}')) return new JsonObject(fields, [...duplicated]);
    }
  }

  #descend(depth: number): void {
    if (depth >= maxDepth) throw new Fault(this.#at, `at most ${maxDepth} levels of nesting`);
    this.#at++;
  }

  #closes(bracket: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== bracket) return false;
    this.#at++;
    return true;
  }

  #endsList(bracket: string): boolean {
    this.#space();
    const next = this.#text[this.#at];
    if (next !== ',' && next !== bracket) throw new Fault(this.#at, `a comma or ${bracket}`);
    this.#at++;
    return next === bracket;
  }
}

import { type Big, tryDecimal } from '../../core/decimal.ts';
import type { FieldProblem } from '../../core/model/signal.ts';
import { JsonNumber, JsonObject, type JsonValue } from './json-text.ts';
import { type ProblemCode, placeholderIn, placeholderSentence, problemWith, quoted } from './problem-code.ts';
import { readMoment } from './read-moment.ts';

/** Finer than any exchange quotes; what is longer is a float's tail (0.30000000000000004), not a price. */
const maxDecimals = 9;
/** 10^12: more than any account holds, so a slip of the keyboard. */
const maxExponent = 12;
const maxNumberText = 64;

/** Is told which fields a dialect asks for, by the names that its problems have. */
export interface FieldWatch {
  asked(field: string, as: 'number' | 'other'): void;
}

/** Reads the fields of a JSON alert by their names and aliases, and gathers everything that is wrong with them. */
export class FieldReader {
  readonly problems: FieldProblem[];
  readonly #object: JsonObject;
  /** What stands before a field's name in its problems: `takeProfits[0].`. */
  readonly #path: string;
  readonly #watch: FieldWatch | null;

  constructor(object: JsonObject, path = '', problems: FieldProblem[] = [], watch: FieldWatch | null = null) {
    this.#object = object;
    this.#path = path;
    this.problems = problems;
    this.#watch = watch;
    for (const key of object.duplicated) {
      this.problem(
        key.slice(0, 64).toWellFormed(),
        'duplicate_key',
        'expected once; the alert has this field more than once',
      );
    }
  }

  problem(field: string, code: ProblemCode, message: string): null {
    this.problems.push(problemWith(`${this.#path}${field}`, code, message));
    return null;
  }

  /** What a field holds; null in JSON, and no field, are null. */
  #get(name: string, as: 'number' | 'other' = 'other'): JsonValue {
    this.#watch?.asked(`${this.#path}${name}`, as);
    return this.#object.fields.get(name) ?? null;
  }

  /** Whether the field is there, whatever it holds. */
  has(name: string): boolean {
    return this.#get(name) !== null;
  }

  /** How long the text in a field is; 0 when there is none. */
  lengthOf(name: string): number {
    const value = this.#get(name);
    return typeof value === 'string' ? value.length : 0;
  }

  /** A reader of the object in a field, whose problems are told as `field.name`; null when it is not there, or (with a problem) is none. */
  object(name: string, expected: string): FieldReader | null {
    const value = this.#get(name);
    if (value === null) return null;
    if (!(value instanceof JsonObject)) return this.problem(name, 'wrong_type', `expected ${expected}`);
    return new FieldReader(value, `${this.#path}${name}.`, this.problems, this.#watch);
  }

  /** Readers of the objects in a list; null when it is not there, or (with a problem) is none of 1 to `most` objects. */
  list(name: string, most: number, expected: string): FieldReader[] | null {
    const value = this.#get(name);
    if (value === null) return null;
    const items = Array.isArray(value) ? (value as readonly JsonValue[]) : [];
    if (items.length === 0 || items.length > most || !items.every((item) => item instanceof JsonObject)) {
      return this.problem(name, 'wrong_type', `expected ${expected}`);
    }
    return items.map(
      (item, at) => new FieldReader(item as JsonObject, `${this.#path}${name}[${at}].`, this.problems, this.#watch),
    );
  }

  /** The field under the first of its names that is there; null in JSON counts as not there. */
  #find(names: readonly string[], as: 'number' | 'other' = 'other'): { field: string; value: JsonValue } | null {
    const present = names.flatMap((field) => {
      const value = this.#get(field, as);
      return value === null ? [] : [{ field, value }];
    });
    const [first, second] = present;
    if (first && second && scalarText(first.value) !== scalarText(second.value)) {
      this.problem(second.field, 'conflicting', `expected the same as ${first.field}, of which it is another name`);
    }
    return first ?? null;
  }

  /** Text or a number as text, trimmed; null when it is not there, and null with a problem when it is unusable. */
  text(names: readonly string[], maxLength: number): { field: string; text: string } | null {
    const found = this.#find(names);
    if (found === null) return null;
    const raw = scalarText(found.value);
    if (raw === null || typeof found.value === 'boolean') {
      return this.problem(found.field, 'wrong_type', 'expected text');
    }
    const placeholder = placeholderIn(raw);
    if (placeholder !== null) return this.problem(found.field, 'placeholder', placeholderSentence(placeholder));
    const text = raw.trim();
    if (text === '') return null;
    if (text.length > maxLength) {
      return this.problem(found.field, 'too_long', `expected at most ${maxLength} characters, found ${text.length}`);
    }
    if (unprintable.test(text) || !text.isWellFormed()) {
      return this.problem(found.field, 'bad_characters', `expected printable characters, found ${quoted(text)}`);
    }
    return { field: found.field, text };
  }

  /** Like `text`, and a problem when there is nothing. */
  requiredText(names: readonly string[], maxLength: number, expected: string): { field: string; text: string } | null {
    const before = this.problems.length;
    const found = this.text(names, maxLength);
    if (found === null && this.problems.length === before) {
      return this.problem(names[0] ?? '', 'required', `expected ${expected}, found nothing`);
    }
    return found;
  }

  /** A positive decimal, exactly as written; null when it is not there or (with a problem) is none. */
  positive(names: readonly string[], expected: string): Big | null {
    const found = this.#find(names, 'number');
    return found && this.#number(found, expected, true);
  }

  /** Like `positive`, of a number that may be zero and have a sign. */
  decimal(names: readonly string[], expected: string): Big | null {
    const found = this.#find(names, 'number');
    return found && this.#number(found, expected, false);
  }

  #number({ field, value }: { field: string; value: JsonValue }, expected: string, positive: boolean): Big | null {
    const raw = typeof value === 'boolean' ? null : scalarText(value);
    if (raw === null) return this.problem(field, 'wrong_type', `expected ${expected}`);
    const placeholder = placeholderIn(raw);
    if (placeholder !== null) return this.problem(field, 'placeholder', placeholderSentence(placeholder));
    if (raw.trim().length > maxNumberText) {
      return this.problem(field, 'too_long', `expected a number of at most ${maxNumberText} characters`);
    }
    const number = tryDecimal(raw);
    if (number === null) return this.problem(field, 'not_a_number', `expected ${expected}, found ${quoted(raw)}`);
    if (positive && !number.gt('0')) {
      return this.problem(field, 'not_positive', `expected ${expected} above zero, found ${quoted(raw.trim())}`);
    }
    // Looked at before anything prints the number: 1e999999 is nine characters here and a megabyte written out.
    if (number.e > maxExponent) {
      return this.problem(field, 'too_large', `expected ${expected} below 10^${maxExponent + 1}, found ${quoted(raw)}`);
    }
    if (number.c.length - 1 - number.e > maxDecimals) {
      return this.problem(field, 'too_precise', `expected at most ${maxDecimals} decimals, found ${quoted(raw)}`);
    }
    return number;
  }

  /** Like `positive`, and a problem when there is nothing. */
  requiredPositive(names: readonly string[], expected: string): Big | null {
    const before = this.problems.length;
    const found = this.positive(names, expected);
    if (found === null && this.problems.length === before) {
      return this.problem(names[0] ?? '', 'required', `expected ${expected}, found nothing`);
    }
    return found;
  }

  /** true or false, bare or as text; null when it is not there, and null with a problem when it is something else. */
  flag(names: readonly string[]): boolean | null {
    const found = this.#find(names);
    if (found === null) return null;
    const { field, value } = found;
    const word = typeof value === 'boolean' ? String(value) : scalarText(value)?.trim().toLowerCase();
    if (word === 'true' || word === 'false') return word === 'true';
    const placeholder = typeof value === 'string' ? placeholderIn(value) : null;
    if (placeholder !== null) return this.problem(field, 'placeholder', placeholderSentence(placeholder));
    if (word === '') return null;
    return this.problem(
      field,
      'wrong_type',
      `expected true or false${word === undefined ? '' : `, found ${quoted(word)}`}`,
    );
  }

  /** A moment: ISO 8601, or seconds or milliseconds since 1970. */
  moment(names: readonly string[]): Date | null {
    const found = this.text(names, maxNumberText);
    if (found === null) return null;
    const moment = readMoment(found.text);
    if (moment !== null) return moment;
    return this.problem(
      found.field,
      'bad_timestamp',
      `expected a time like 2024-01-01T12:00:00Z, or seconds or milliseconds since 1970, found ${quoted(found.text)}`,
    );
  }
}

/** Control characters, line breaks among them: none belongs in a name, and NUL cannot be stored. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const unprintable = /[\u0000-\u001f\u007f-\u009f]/;

function scalarText(value: JsonValue): string | null {
  if (typeof value === 'string') return value;
  if (value instanceof JsonNumber) return value.source;
  if (typeof value === 'boolean') return String(value);
  return null;
}

import { type Change, makeChanged } from '../torture/mutants.ts';

/** A change that breaks what the fuzz is there to watch. */
interface FuzzMutant extends Change {
  /** What is broken, in words. */
  readonly says: string;
  /** The figure that shows it. */
  readonly shows: string;
}

export const fuzzMutants = {
  'error-escapes': {
    says: 'what is no JSON is an error that nobody catches, and not an answer',
    file: 'server/pipeline/intake/json-text.ts',
    changes: [['if (error instanceof Fault) return', 'if (error instanceof Fault && error.offset < 0) return']],
    shows: 'unavailable',
  },
  'refused-with-500': {
    says: 'what cannot be read is answered with 500',
    file: 'server/http/hooks.ts',
    changes: [['        status: 400,\n        code: answer.code,', '        status: 500,\n        code: answer.code,']],
    shows: 'serverError',
  },
  'bytes-taken': {
    says: 'bytes that are no text are read as if they were',
    file: 'server/pipeline/intake/read-body.ts',
    changes: [
      [
        "new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })",
        "new TextDecoder('utf-8', { fatal: false, ignoreBOM: false })",
      ],
    ],
    shows: 'acceptedUnread',
  },
  'other-text-stored': {
    says: 'what is stored is not what was sent',
    file: 'server/pipeline/intake/intake.ts',
    changes: [['rawBody: maskSecrets(proven.body.text),', 'rawBody: maskSecrets(proven.body.text).trim(),']],
    shows: 'different',
  },
  'bodies-kept': {
    says: 'every body is kept in memory for ever',
    file: 'server/pipeline/intake/json-text.ts',
    changes: [
      ['const maxDepth = 64;\n', 'const maxDepth = 64;\nconst kept: unknown[] = [];\n'],
      ['  whole(): JsonValue {\n', '  whole(): JsonValue {\n    kept.push(new Array(30_000).fill(this.#text));\n'],
    ],
    shows: 'memory',
  },
} as const satisfies Readonly<Record<string, FuzzMutant>>;

export type FuzzMutantName = keyof typeof fuzzMutants;
export const fuzzMutantNames = Object.keys(fuzzMutants) as FuzzMutantName[];

/** A copy of the program that is broken in one place. */
export const makeFuzzMutant = (name: FuzzMutantName): Promise<{ root: string; remove(): Promise<void> }> =>
  makeChanged(name, fuzzMutants[name]);

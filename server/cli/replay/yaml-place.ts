import { isCollection, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { z } from 'zod';

/** Something in a file is not as it must be; each sentence begins with where. */
export class UnusableFile extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** A pair of a map in the file. */
export interface Entry {
  readonly name: string;
  readonly key: Node;
  readonly value: Node | null;
}

/** A YAML file that is read piece by piece, so that each fault is told with its line and column. All of them are told at once. */
export class YamlFile {
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #problems: string[] = [];
  readonly root: Node | null;

  constructor(text: string, file: string) {
    this.#file = file;
    const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    for (const error of document.errors) this.#problems.push(`${this.#at(error.pos[0])}: ${sentenceOf(error.message)}`);
    this.end();
    this.root = document.contents as Node | null;
  }

  #at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#file}:${line}:${col}`;
  }

  /** Notes what is wrong at a node; without one, at the file's beginning. */
  wrong(node: Node | null, problem: string): void {
    this.#problems.push(`${this.#at(node?.range?.[0] ?? 0)}: ${problem}.`);
  }

  /** Throws what was wrong until now. */
  end(): void {
    if (this.#problems.length > 0) throw new UnusableFile(this.#problems);
  }

  /** The pairs of a map; none where there is nothing. */
  entries(node: Node | null, what: string): Entry[] {
    if (isNothing(node)) return [];
    if (!isMap(node)) {
      this.wrong(node, `${what} must be names with their values`);
      return [];
    }
    return (node.items as Pair<Node, Node | null>[]).map(({ key, value }) => ({
      name: isScalar(key) ? String(key.source ?? key.value) : String(key),
      key,
      value,
    }));
  }

  items(node: Node | null, what: string): (Node | null)[] {
    if (isNothing(node)) return [];
    if (isSeq(node)) return node.items as (Node | null)[];
    this.wrong(node, `${what} must be a list`);
    return [];
  }

  /**
   * A value as its schema has it; undefined where it is not, which has been noted. Decimals are text: where a number stands in the file
   * in place of one, its digits are taken as they are written.
   */
  value<T>(node: Node | null, schema: z.ZodType<T>): T | undefined {
    const plain = plainOf(node, false);
    const read = schema.safeParse(plain);
    if (read.success) return read.data;
    const asText = schema.safeParse(plainOf(node, true));
    if (asText.success) return asText.data;
    // Of the two ways to read it, the one that came further says what is wrong.
    const first = read.error.issues[0]!;
    const second = asText.error.issues[0]!;
    const issue = isScalar(node) && typeof node.value === 'number' ? second : first;
    this.wrong(this.#within(node, issue.path), `${pathOf(issue.path)}${issue.message}`);
    return undefined;
  }

  #within(node: Node | null, path: readonly PropertyKey[]): Node | null {
    let at = node;
    for (const step of path) {
      if (!isCollection(at)) break;
      const next = at.get(typeof step === 'symbol' ? String(step) : step, true) as Node | undefined;
      if (!next) break;
      at = next;
    }
    return at;
  }
}

export const isNothing = (node: Node | null): node is null => node === null || (isScalar(node) && node.value === null);

const pathOf = (path: readonly PropertyKey[]): string => (path.length > 0 ? `${path.map(String).join('.')}: ` : '');

const sentenceOf = (message: string): string => `${message.split('\n')[0]!.replace(/\.$/, '')}.`;

/** What a node says. `asText`: numbers as their digits. */
function plainOf(node: Node | null, asText: boolean): unknown {
  if (node === null) return null;
  if (isScalar(node)) {
    const { value, source } = node;
    return asText && typeof value === 'number' && source !== undefined ? source : value;
  }
  if (isSeq(node)) return (node.items as (Node | null)[]).map((item) => plainOf(item, asText));
  if (isMap(node)) {
    const pairs = node.items as Pair<Node, Node | null>[];
    return Object.fromEntries(
      pairs.map(({ key, value }) => [isScalar(key) ? String(key.value) : String(key), plainOf(value, asText)]),
    );
  }
  return undefined;
}

/** A directive of a Caddyfile: its words, and the lines of its block. */
export interface CaddyDirective {
  readonly name: string;
  readonly args: readonly string[];
  /** Null: it has none. */
  readonly block: readonly CaddyDirective[] | null;
  /** Counted from 1. */
  readonly line: number;
}

interface Line {
  readonly words: readonly string[];
  readonly number: number;
}

/** Reads a Caddyfile as far as ours are written: a directive a line, a block opened at a line's end. Throws an error that names the line. */
export function readCaddyfile(text: string): readonly CaddyDirective[] {
  const lines = text.split('\n').map((line, at): Line => ({ words: wordsOf(line, at + 1), number: at + 1 }));
  const left = lines.filter(({ words }) => words.length > 0);
  const top = blockOf(left, null);
  if (left.length > 0) throw new Error(`line ${left[0]!.number}: expected nothing to close, found }`);
  return top;
}

function blockOf(left: Line[], opened: number | null): CaddyDirective[] {
  const directives: CaddyDirective[] = [];
  for (;;) {
    const next = left.shift();
    if (next === undefined) {
      if (opened !== null) throw new Error(`line ${opened}: the block is never closed`);
      return directives;
    }
    const { words, number } = next;
    if (words[0] === '}') {
      if (opened === null) left.unshift(next);
      return directives;
    }
    const opens = words.at(-1) === '{';
    const [name = '', ...args] = opens ? words.slice(0, -1) : words;
    directives.push({ name, args, block: opens ? blockOf(left, number) : null, line: number });
  }
}

/** Words by spaces, in double quotes as one; from # on, at the beginning of a word, it is a comment. */
function wordsOf(line: string, number: number): string[] {
  const words: string[] = [];
  for (const [whole, quoted] of line.matchAll(/"((?:[^"\\]|\\.)*)"|\S+/g)) {
    if (quoted !== undefined) words.push(quoted);
    else if (whole.startsWith('#')) return words;
    else if (whole.startsWith('"')) throw new Error(`line ${number}: the quote is never closed`);
    else words.push(whole);
  }
  return words;
}

/** All of a name within, however deep. */
export const deepAll = (block: readonly CaddyDirective[] | null, name: string): readonly CaddyDirective[] =>
  (block ?? []).flatMap((one) => [...(one.name === name ? [one] : []), ...deepAll(one.block, name)]);

/** A directive of nginx; `block` is null when it ends with a semicolon. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly block: readonly Directive[] | null;
  readonly line: number;
}

const token = /\s+|#[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{};]|(?:\$\{\w+\}|[^\s{};"'])+/gy;

/** Reads a configuration. Throws a sentence with the line for what nginx would not read. */
export function readNginx(text: string): readonly Directive[] {
  const words: { word: string; line: number }[] = [];
  let line = 1;
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [word] = match;
    if (/^[^\s#]/.test(word)) words.push({ word: word.replace(/^(["'])(.*)\1$/s, '$2'), line });
    line += word.split('\n').length - 1;
    end = match.index + word.length;
  }
  if (end < text.length) throw new Error(`line ${line}: a quote is not closed`);

  let at = 0;
  const readBlock = (inside: boolean): Directive[] => {
    const found: Directive[] = [];
    let args: string[] = [];
    for (;;) {
      const next = words[at++];
      if (next === undefined || next.word === '}') {
        if (inside !== (next?.word === '}')) throw new Error(`line ${next?.line ?? line}: braces do not match`);
        if (args.length > 0) throw new Error(`line ${next?.line ?? line}: ; is missing after ${args.join(' ')}`);
        return found;
      }
      if (next.word !== ';' && next.word !== '{') {
        args.push(next.word);
        continue;
      }
      const [name, ...rest] = args;
      args = [];
      // An empty text may be the name: in a map it stands for nothing.
      if (name === undefined) throw new Error(`line ${next.line}: there is nothing before ${next.word}`);
      found.push({ name, args: rest, block: next.word === '{' ? readBlock(true) : null, line: next.line });
    }
  };
  return readBlock(false);
}

/** Every directive of a name, at whatever depth. */
export function findAll(directives: readonly Directive[], name: string): Directive[] {
  return directives.flatMap((one) => [...(one.name === name ? [one] : []), ...findAll(one.block ?? [], name)]);
}

/** The value of a directive that stands in a block itself. */
export const argOf = (block: readonly Directive[] | null, name: string): string | undefined =>
  block?.find((one) => one.name === name)?.args.join(' ');

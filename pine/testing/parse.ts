/**
 * Reads as much of Pine as the templates are written in: expressions, functions, `if`, `for`, tuples, `var` and `varip`. It throws on anything
 * else, so that a script is run as it stands or not at all. Whether it is Pine is for another grammar to say; this one is there to run it.
 */
export type Expr =
  | { readonly kind: 'value'; readonly value: number | string | boolean | null }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'tuple'; readonly items: readonly Expr[] }
  | { readonly kind: 'back'; readonly of: Expr; readonly by: Expr }
  | { readonly kind: 'unary'; readonly op: string; readonly of: Expr }
  | { readonly kind: 'binary'; readonly op: string; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'either'; readonly test: Expr; readonly yes: Expr; readonly no: Expr }
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly name: string;
      readonly args: readonly Expr[];
      readonly named: Readonly<Record<string, Expr>>;
    };

export type Stmt =
  | { readonly kind: 'expr'; readonly expr: Expr }
  | { readonly kind: 'declare'; readonly once: boolean; readonly name: string; readonly expr: Expr }
  | { readonly kind: 'unpack'; readonly names: readonly string[]; readonly expr: Expr }
  | { readonly kind: 'assign'; readonly name: string; readonly expr: Expr }
  | { readonly kind: 'if'; readonly test: Expr; readonly yes: readonly Stmt[]; readonly no: readonly Stmt[] }
  | {
      readonly kind: 'count';
      readonly name: string;
      readonly from: Expr;
      readonly to: Expr;
      readonly body: readonly Stmt[];
    }
  | { readonly kind: 'each'; readonly name: string; readonly of: Expr; readonly body: readonly Stmt[] }
  | {
      readonly kind: 'function';
      readonly name: string;
      readonly params: readonly string[];
      readonly body: readonly Stmt[];
    };

interface Line {
  readonly indent: number;
  readonly text: string;
}

export function parsePine(source: string): readonly Stmt[] {
  const lines = source
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('//'))
    .map((line): Line => ({ indent: /^ */.exec(line)![0].length, text: line.trim() }));
  return new Statements(lines).block(0);
}

let calls = 0;

class Statements {
  readonly #lines: readonly Line[];
  #at = 0;

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  block(indent: number): Stmt[] {
    const found: Stmt[] = [];
    for (let line = this.#lines[this.#at]; line && line.indent === indent; line = this.#lines[this.#at]) {
      this.#at++;
      found.push(this.#statement(line.text, indent));
    }
    const next = this.#lines[this.#at];
    if (next && next.indent > indent) throw new Error(`indented without a block: ${next.text}`);
    return found;
  }

  #statement(text: string, indent: number): Stmt {
    const made = /^(\w+)\(([^()]*)\) =>$/.exec(text);
    if (made) {
      const params = made[2]!.split(',').flatMap((one) => one.trim().split(' ').at(-1) || []);
      return { kind: 'function', name: made[1]!, params, body: this.block(indent + 4) };
    }
    if (text.startsWith('if ')) return this.#if(text.slice(3), indent);
    const count = /^for (\w+) = (.+) to (.+)$/.exec(text);
    if (count) {
      const [from, to] = [expression(count[2]!), expression(count[3]!)];
      return { kind: 'count', name: count[1]!, from, to, body: this.block(indent + 4) };
    }
    const each = /^for (\w+) in (.+)$/.exec(text);
    if (each) return { kind: 'each', name: each[1]!, of: expression(each[2]!), body: this.block(indent + 4) };
    const unpack = /^\[([\w, ]+)\] = (.+)$/.exec(text);
    if (unpack) return { kind: 'unpack', names: unpack[1]!.split(', '), expr: expression(unpack[2]!) };
    const assign = /^(\w+) := (.+)$/.exec(text);
    if (assign) return { kind: 'assign', name: assign[1]!, expr: expression(assign[2]!) };
    const declare = /^(?:(var|varip) )?(?:(?:int|float|bool|string) )?(\w+) = (.+)$/.exec(text);
    if (declare)
      return { kind: 'declare', once: declare[1] !== undefined, name: declare[2]!, expr: expression(declare[3]!) };
    return { kind: 'expr', expr: expression(text) };
  }

  #if(test: string, indent: number): Stmt {
    const yes = this.block(indent + 4);
    const next = this.#lines[this.#at];
    let no: Stmt[] = [];
    if (next?.indent === indent && next.text.startsWith('else')) {
      this.#at++;
      no = next.text === 'else' ? this.block(indent + 4) : [this.#if(next.text.slice('else if '.length), indent)];
    }
    return { kind: 'if', test: expression(test), yes, no };
  }
}

const token = /\s*("(?:\\.|[^"\\])*"|\d+(?:\.\d+)?|[A-Za-z_][\w.]*|==|!=|<=|>=|[-+*/%<>?:()[\],=])/y;

export function expression(text: string): Expr {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (!match) throw new Error(`cannot read: ${text}`);
    tokens.push(match[1]!);
  }
  return new Expressions(tokens, text).whole();
}

const levels = [['or'], ['and'], ['==', '!=', '<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']];

class Expressions {
  readonly #tokens: readonly string[];
  readonly #text: string;
  #at = 0;

  constructor(tokens: readonly string[], text: string) {
    this.#tokens = tokens;
    this.#text = text;
  }

  whole(): Expr {
    const found = this.#either();
    if (this.#at < this.#tokens.length) throw new Error(`more than an expression: ${this.#text}`);
    return found;
  }

  #take(wanted: string): boolean {
    if (this.#tokens[this.#at] !== wanted) return false;
    this.#at++;
    return true;
  }

  #need(wanted: string): void {
    if (!this.#take(wanted)) throw new Error(`expected ${wanted}: ${this.#text}`);
  }

  #either(): Expr {
    const test = this.#level(0);
    if (!this.#take('?')) return test;
    const yes = this.#either();
    this.#need(':');
    return { kind: 'either', test, yes, no: this.#either() };
  }

  #level(depth: number): Expr {
    const operators = levels[depth];
    if (!operators) return this.#unary();
    let left = this.#level(depth + 1);
    for (let op = this.#tokens[this.#at]; op && operators.includes(op); op = this.#tokens[this.#at]) {
      this.#at++;
      left = { kind: 'binary', op, left, right: this.#level(depth + 1) };
    }
    return left;
  }

  #unary(): Expr {
    for (const op of ['not', '-']) if (this.#take(op)) return { kind: 'unary', op, of: this.#unary() };
    let found = this.#primary();
    while (this.#take('[')) {
      found = { kind: 'back', of: found, by: this.#either() };
      this.#need(']');
    }
    return found;
  }

  #primary(): Expr {
    const word = this.#tokens[this.#at++] ?? '';
    if (word === '(') {
      const inner = this.#either();
      this.#need(')');
      return inner;
    }
    if (word === '[') {
      const items = [this.#either()];
      while (this.#take(',')) items.push(this.#either());
      this.#need(']');
      return { kind: 'tuple', items };
    }
    if (word.startsWith('"')) return { kind: 'value', value: word.slice(1, -1).replace(/\\(.)/g, '$1') };
    if (/^\d/.test(word)) return { kind: 'value', value: Number(word) };
    if (word === 'true' || word === 'false') return { kind: 'value', value: word === 'true' };
    if (!/^[A-Za-z_]/.test(word)) throw new Error(`unexpected ${word}: ${this.#text}`);
    if (!this.#take('(')) return word === 'na' ? { kind: 'value', value: null } : { kind: 'name', name: word };
    const args: Expr[] = [];
    const named: Record<string, Expr> = {};
    while (!this.#take(')')) {
      if (this.#tokens[this.#at + 1] === '=') {
        const name = this.#tokens[this.#at]!;
        this.#at += 2;
        named[name] = this.#either();
      } else args.push(this.#either());
      if (this.#tokens[this.#at] !== ')') this.#need(',');
    }
    return { kind: 'call', id: calls++, name: word, args, named };
  }
}

/**
 * Runs a generated script, bar by bar, as TradingView does: `var` keeps its value from bar to bar, `varip` from tick to tick, each place that calls
 * a function has its own history, `request.security` evaluates its expression in the context of another ticker.
 */
import { formatNumber, formatTime } from './format.ts';
import type { Bar, Maybe } from './indicators.ts';
import * as ta from './indicators.ts';
import { type Expr, parsePine, type Stmt } from './parse.ts';

export type Value = number | string | boolean | null | Value[];

/** The bars of each symbol, and what it is to be now. */
export interface Market {
  readonly bars: Readonly<Record<string, readonly Bar[]>>;
  readonly barMs: number;
  readonly mintick: number;
}

export interface Sent {
  readonly message: string;
  readonly frequency: string;
  readonly at: number;
}

type Scope = Map<string, Value>;
type FunctionDef = Extract<Stmt, { kind: 'function' }>;
type Call = Extract<Expr, { kind: 'call' }>;

/** What is asked of TradingView's side and differs from tick to tick. */
interface Moment {
  readonly now: number;
  readonly realtime: boolean;
}

/** The script on one series of bars; a call for data makes another one of the same script. */
class Context {
  readonly #script: Script;
  readonly #market: Market;
  readonly symbol: string;
  readonly bars: Bar[] = [];
  readonly globals: Scope = new Map();
  readonly #kept = new Map<string, Value>();
  readonly #history = new Map<string, Value[]>();
  readonly #sources = new Map<string, Maybe[]>();
  moment: Moment = { now: 0, realtime: false };

  constructor(script: Script, market: Market, symbol: string) {
    this.#script = script;
    this.#market = market;
    this.symbol = symbol;
  }

  get #bar(): number {
    return this.bars.length - 1;
  }

  run(statements: readonly Stmt[], scope: Scope, path: string): Value {
    let last: Value = null;
    for (const statement of statements) last = this.#execute(statement, scope, path);
    return last;
  }

  #set(scope: Scope, path: string, name: string, value: Value): Value {
    const owner = scope.has(name) || !this.globals.has(name) || path !== '' ? scope : this.globals;
    owner.set(name, value);
    const key = `${path}|${name}`;
    if (this.#kept.has(key)) this.#kept.set(key, value);
    const history = this.#history.get(key) ?? [];
    history[this.#bar] = value;
    this.#history.set(key, history);
    return value;
  }

  #execute(statement: Stmt, scope: Scope, path: string): Value {
    switch (statement.kind) {
      case 'function':
        return null;
      case 'expr':
        return this.value(statement.expr, scope, path);
      case 'declare': {
        const key = `${path}|${statement.name}`;
        if (statement.once && this.#kept.has(key)) return this.#set(scope, path, statement.name, this.#kept.get(key)!);
        const value = this.value(statement.expr, scope, path);
        if (statement.once) this.#kept.set(key, value);
        return this.#set(scope, path, statement.name, value);
      }
      case 'unpack': {
        const values = this.value(statement.expr, scope, path) as Value[];
        if (values.length !== statement.names.length) throw new Error(`a tuple of ${values.length}`);
        statement.names.forEach((name, at) => void this.#set(scope, path, name, values[at]!));
        return null;
      }
      case 'assign':
        if (!scope.has(statement.name)) throw new Error(`${statement.name} is not declared here`);
        return this.#set(scope, path, statement.name, this.value(statement.expr, scope, path));
      case 'if':
        return this.run(this.value(statement.test, scope, path) === true ? statement.yes : statement.no, scope, path);
      case 'count': {
        const [from, to] = [this.value(statement.from, scope, path), this.value(statement.to, scope, path)] as number[];
        // Pine counts down when the end is below the start; no template may come to that.
        if (from! > to!) throw new Error('a loop that counts down');
        for (let i = from!; i <= to!; i++) {
          scope.set(statement.name, i);
          this.run(statement.body, scope, path);
        }
        return null;
      }
      case 'each':
        for (const item of this.value(statement.of, scope, path) as Value[]) {
          scope.set(statement.name, item);
          this.run(statement.body, scope, path);
        }
        return null;
    }
  }

  value(expr: Expr, scope: Scope, path: string): Value {
    switch (expr.kind) {
      case 'value':
        return expr.value;
      case 'tuple':
        return expr.items.map((item) => this.value(item, scope, path));
      case 'name':
        return this.#name(expr.name, scope);
      case 'back':
        return this.#back(expr, scope, path);
      case 'unary': {
        const value = this.value(expr.of, scope, path);
        return expr.op === 'not' ? value !== true : value === null ? null : -(value as number);
      }
      case 'binary':
        // Both sides always, as in version 5: what version 6 passes over must not matter.
        return binary(expr.op, this.value(expr.left, scope, path), this.value(expr.right, scope, path));
      case 'either': {
        const [yes, no] = [this.value(expr.yes, scope, path), this.value(expr.no, scope, path)];
        return this.value(expr.test, scope, path) === true ? yes : no;
      }
      case 'call':
        return this.#call(expr, scope, path);
    }
  }

  #name(name: string, scope: Scope): Value {
    if (scope.has(name)) return scope.get(name)!;
    if (this.globals.has(name)) return this.globals.get(name)!;
    const bar = this.bars[this.#bar]!;
    switch (name) {
      case 'open':
      case 'high':
      case 'low':
      case 'close':
      case 'time':
        return bar[name];
      case 'time_close':
        return bar.time + this.#market.barMs;
      case 'timenow':
        return this.moment.now;
      case 'barstate.isrealtime':
        return this.moment.realtime;
      case 'syminfo.ticker':
        return this.symbol.slice(this.symbol.indexOf(':') + 1);
      case 'timeframe.period':
        return String(this.#market.barMs / 60_000);
      case 'strategy.position_size':
        return this.#script.held;
      case 'strategy.position_avg_price':
        return null;
    }
    if (/^(alert|display|plot|strategy)\.\w+$/.test(name)) return name;
    throw new Error(`unknown name ${name}`);
  }

  #back({ of, by }: Extract<Expr, { kind: 'back' }>, scope: Scope, path: string): Value {
    if (of.kind !== 'name') throw new Error('history of what is no variable');
    const at = this.#bar - (this.value(by, scope, path) as number);
    if (scope.has(of.name)) return this.#history.get(`${path}|${of.name}`)?.[at] ?? null;
    const bar = this.bars[at];
    return bar ? bar[of.name as 'close'] : null;
  }

  #call(call: Call, scope: Scope, path: string): Value {
    const { name, args, named } = call;
    if (name === 'request.security')
      return this.#script.requested(String(this.value(args[0]!, scope, path)), args[2] as Call);
    const own = this.#script.functions.get(name);
    const values = args.map((arg) => this.value(arg, scope, path));
    if (own) {
      if (values.length !== own.params.length) throw new Error(`${name} takes ${own.params.length}`);
      const inner: Scope = new Map(own.params.map((param, at) => [param, values[at]!]));
      return this.run(own.body, inner, `${path}/${call.id}`);
    }
    if (name.startsWith('input.')) return values[0]!;
    if (name.startsWith('ta.')) return this.#indicator(name, values, `${path}/${call.id}`);
    if (name.startsWith('strategy.')) {
      const more = Object.fromEntries(Object.entries(named).map(([key, one]) => [key, this.value(one, scope, path)]));
      this.#script.order(name, values, more);
      return null;
    }
    if (name === 'timeframe.change') {
      const [now, before] = [this.bars[this.#bar]!, this.bars[this.#bar - 1]];
      if (values[0] !== 'D') throw new Error('only days are known');
      return !before || Math.floor(now.time / 86_400_000) !== Math.floor(before.time / 86_400_000);
    }
    if (name === 'timeframe.in_seconds')
      return values.length === 0 ? this.#market.barMs / 1000 : Number(values[0]) * 60;
    if (name === 'math.round_to_mintick') {
      const tick = this.#market.mintick;
      return values[0] === null ? null : Number((Math.round((values[0] as number) / tick) * tick).toFixed(9));
    }
    if (name === 'alert') {
      if (this.moment.realtime) {
        this.#script.sent.push({ message: String(values[0]), frequency: String(values[1]), at: this.moment.now });
      }
      return null;
    }
    return builtIn(name, values);
  }

  #source(key: string, value: Maybe): Maybe[] {
    const values = this.#sources.get(key) ?? [];
    values[this.#bar] = value;
    this.#sources.set(key, values);
    return values;
  }

  #indicator(name: string, values: readonly Value[], key: string): Value {
    const [first, second, third, fourth] = values as number[];
    const source = (): Maybe[] => this.#source(key, first ?? null);
    switch (name) {
      case 'ta.ema':
        return ta.emas(source(), second!).at(-1) ?? null;
      case 'ta.sma':
        return ta.sma(source(), second!);
      case 'ta.rsi':
        return ta.rsi(source(), second!);
      case 'ta.atr':
        return ta.atr(this.bars, first!);
      case 'ta.supertrend':
        return ta.supertrend(this.bars, first!, second!);
      case 'ta.highest':
      case 'ta.lowest': {
        const part = source().slice(-second!) as number[];
        return part.length < second! ? null : name === 'ta.highest' ? Math.max(...part) : Math.min(...part);
      }
      case 'ta.bb': {
        const [middle, width] = [ta.sma(source(), second!), ta.deviation(source(), second!)];
        return middle === null || width === null
          ? [null, null, null]
          : [middle, middle + third! * width, middle - third! * width];
      }
      case 'ta.macd': {
        const [fast, slow] = [ta.emas(source(), second!), ta.emas(source(), third!)];
        const line = fast.map((one, at) => (one === null || slow[at] === null ? null : one - slow[at]!));
        const signal = ta.emas(line, fourth!).at(-1) ?? null;
        return [line.at(-1)!, signal, signal === null ? null : line.at(-1)! - signal];
      }
      case 'ta.crossover':
      case 'ta.crossunder': {
        const sign = name === 'ta.crossover' ? 1 : -1;
        const [a, b] = [this.#source(`${key}a`, first ?? null), this.#source(`${key}b`, second ?? null)];
        const gap = (at: number): number => (a[at] == null || b[at] == null ? Number.NaN : sign * (a[at]! - b[at]!));
        return gap(this.#bar) > 0 && gap(this.#bar - 1) <= 0;
      }
    }
    throw new Error(`unknown indicator ${name}`);
  }
}

function binary(op: string, left: Value, right: Value): Value {
  if (op === 'and') return left === true && right === true;
  if (op === 'or') return left === true || right === true;
  if (left === null || right === null) return ['+', '-', '*', '/', '%'].includes(op) ? null : false;
  if (op === '==') return left === right;
  if (op === '!=') return left !== right;
  if (op === '+' && typeof left === 'string' && typeof right === 'string') return left + right;
  if (typeof left !== 'number' || typeof right !== 'number') throw new Error(`${typeof left} ${op} ${typeof right}`);
  const numbers: Record<string, () => Value> = {
    '+': () => left + right,
    '-': () => left - right,
    '*': () => left * right,
    '/': () => left / right,
    '%': () => left % right,
    '<': () => left < right,
    '>': () => left > right,
    '<=': () => left <= right,
    '>=': () => left >= right,
  };
  return numbers[op]!();
}

function builtIn(name: string, values: readonly Value[]): Value {
  const list = values[0] as Value[];
  const number = values[0] as number;
  const at = values[1] as number;
  switch (name) {
    case 'na':
      return values[0] === null;
    case 'int':
      return Math.trunc(number);
    case 'str.replace_all':
      return String(values[0]).replaceAll(String(values[1]), () => String(values[2]));
    case 'str.tostring':
      return values[0] === null ? 'NaN' : formatNumber(number, String(values[1]));
    case 'str.format_time':
      return formatTime(number, String(values[1]), String(values[2]));
    case 'math.ceil':
      return values[0] === null ? null : Math.ceil(number);
    case 'math.abs':
      return values[0] === null ? null : Math.abs(number);
    case 'math.log10':
      return values[0] === null ? null : Math.log10(number);
    case 'math.min':
      return Math.min(...(values as number[]));
    case 'math.max':
      return Math.max(...(values as number[]));
    case 'math.round':
      return values[0] === null ? null : Number(number.toFixed(at));
    case 'array.from':
      return [...values];
    case 'array.new_int':
    case 'array.new_bool':
    case 'array.new_string':
      return Array.from({ length: number }, () => values[1] ?? null);
    case 'array.get':
      if (!(at in list)) throw new Error(`no element ${at}`);
      return list[at]!;
    case 'array.set':
      list[at] = values[2]!;
      return null;
    case 'array.push':
      list.push(values[1]!);
      return null;
    case 'array.shift':
      if (list.length === 0) throw new Error('shift of nothing');
      return list.shift()!;
    case 'array.size':
      return list.length;
    case 'indicator':
    case 'strategy':
    case 'plot':
      return null;
    case 'runtime.error':
      throw new Error(String(values[0]));
  }
  throw new Error(`unknown function ${name}`);
}

/** A script put on a chart. */
export class Script {
  readonly statements: readonly Stmt[];
  readonly functions = new Map<string, FunctionDef>();
  readonly sent: Sent[] = [];
  /** What the tester of strategies holds; negative: short. */
  held = 0;
  readonly #market: Market;
  readonly #chart: Context;
  readonly #others = new Map<string, { context: Context; results: Value[] }>();
  #stops: { stop: number | null; limit: number | null } = { stop: null, limit: null };
  #wanted: number | null = null;

  constructor(source: string, chart: string, market: Market) {
    this.statements = parsePine(source);
    for (const one of this.statements) if (one.kind === 'function') this.functions.set(one.name, one);
    this.#market = market;
    this.#chart = new Context(this, market, chart);
  }

  /** A bar of the chart begins; a strategy's stop or target may be reached in it. */
  begin(bar: Bar): void {
    this.#chart.bars.push(bar);
    const { stop, limit } = this.#stops;
    const away = (price: number | null, sign: number): boolean =>
      price !== null && (sign > 0 ? bar.high >= price : bar.low <= price);
    const side = Math.sign(this.held);
    if (side !== 0 && (away(stop, -side) || away(limit, side))) this.held = 0;
  }

  /** The script runs once: at the close of a bar in the past, at each tick of a live one. */
  tick(moment: Moment): void {
    this.#chart.moment = moment;
    this.#wanted = null;
    this.#chart.run(this.statements, this.#chart.globals, '');
    if (this.#wanted !== null) this.held = this.#wanted;
  }

  /** What a call for data gives at this moment: of the ticker's newest bar that has begun; it is not yet whole when it is live. */
  requested(symbol: string, call: Call): Value {
    const bars = this.#market.bars[symbol];
    if (!bars) return [null, null, null];
    const other = this.#others.get(symbol) ?? { context: new Context(this, this.#market, symbol), results: [] };
    this.#others.set(symbol, other);
    const { context, results } = other;
    for (const [name, value] of this.#chart.globals) context.globals.set(name, value);
    const { now } = this.#chart.moment;
    for (let next = bars[context.bars.length]; next && next.time <= now; next = bars[context.bars.length]) {
      context.bars.push(next);
      results.push(context.value(call, new Map(), symbol));
    }
    return results.at(-1) ?? [null, null, null];
  }

  order(name: string, values: readonly Value[], named: Readonly<Record<string, Value>>): void {
    if (name === 'strategy.close_all') this.#wanted = 0;
    if (name === 'strategy.entry') this.#wanted = (values[1] === 'strategy.long' ? 1 : -1) * (named.qty as number);
    if (name === 'strategy.exit') this.#stops = { stop: named.stop as Maybe, limit: named.limit as Maybe };
  }

  /** Calls a function of the script by itself, with the script's parameters as they stand. */
  call(name: string, values: readonly Value[]): Value {
    const globals: Scope = new Map();
    for (const one of this.statements) {
      if (one.kind === 'declare' && one.expr.kind === 'call' && one.expr.name.startsWith('input.')) {
        globals.set(one.name, this.#chart.value(one.expr.args[0]!, globals, ''));
      }
    }
    for (const [key, value] of globals) this.#chart.globals.set(key, value);
    const own = this.functions.get(name)!;
    return this.#chart.run(own.body, new Map(own.params.map((param, at) => [param, values[at]!])), 'call');
  }
}

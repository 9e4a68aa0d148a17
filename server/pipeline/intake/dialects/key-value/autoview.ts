import { type Price, type Quantity, text } from '../../../../core/decimal.ts';
import type { FieldProblem, Side, TradeSignal } from '../../../../core/model/signal.ts';
import type { Result } from '../../../../core/result.ts';
import type { FieldReader } from '../../field-reader.ts';
import { problemWith, quoted, wholeBody } from '../../problem-code.ts';
import { readMode } from '../../read-mode.ts';
import { readTicker } from '../../read-ticker.ts';
import { signalFrom } from '../../signal-from.ts';
import { textFields } from '../../text-fields.ts';
import { readAmount } from './amount.ts';
import { type Pair, wordsOf } from './pairs.ts';

/** Every name a parameter has, and the short one that it is read by. */
const aliases = new Map<string, string>(
  Object.entries({
    ...{ exchange: 'e', ex: 'e', symbol: 's', sym: 's', book: 'b', side: 'b', quantity: 'q', type: 't', account: 'a' },
    ...{ acc: 'a', disabled: 'd', leverage: 'l', price: 'p', stoploss: 'sl', yield: 'y' },
  }),
);

/** What it may have here. Each letter changes the order there, so one that is not known is never left out. */
const known = [
  'e',
  's',
  'b',
  'c',
  'cm',
  'q',
  't',
  'fp',
  'tp',
  'sl',
  'ts',
  'a',
  'd',
  'h',
  'ro',
  'y',
  'mode',
  'tradingmode',
];

/** Reads the commands of an alert: one, or one that cancels and the entry after it. */
export function readAutoview(lines: readonly string[]): Result<TradeSignal, readonly FieldProblem[]> {
  const commands = lines.map((line) => wordsOf(line).map(([name, value]): Pair => [aliases.get(name) ?? name, value]));
  const all = commands.flat();
  const [first, second] = commands;
  // One parameter a line is one command; so is one line.
  if (commands.length < 2 || !first || !second || new Set(all.map(([name]) => name)).size === all.length) {
    return readCommand(all, false);
  }
  if (commands.length === 2 && cancelsFor(first, second)) return readCommand(second, true);
  const sentence = `expected one command, or c=order and an entry in the same symbol, found ${commands.length}: each is an alert of its own`;
  return { ok: false, error: [problemWith(wholeBody, 'not_supported', sentence)] };
}

/** Whether the first only cancels what is open in the symbol of the second, which is an entry. */
function cancelsFor(first: readonly Pair[], second: readonly Pair[]): boolean {
  const wordOf = (pairs: readonly Pair[], name: string) => pairs.find(([one]) => one === name)?.[1].toLowerCase();
  const same = (name: string) => wordOf(first, name) === wordOf(second, name);
  const only = first.every(([name]) => ['c', 's', 'e', 'a'].includes(name));
  return only && wordOf(first, 'c') === 'order' && wordOf(second, 'c') === undefined && ['s', 'e', 'a'].every(same);
}

function readCommand(pairs: readonly Pair[], cancelFirst: boolean): Result<TradeSignal, readonly FieldProblem[]> {
  const fields = textFields(pairs);
  for (const [name] of pairs) {
    if (known.includes(name)) continue;
    const expected = `expected one of ${known.slice(0, -1).join(', ')}, found ${quoted(name)}`;
    fields.problem(name.toWellFormed(), 'not_supported', expected);
  }
  const ticker = readTicker(fields, ['s']);
  const common = {
    ...{ ticker, requestedMode: readMode(fields) },
    account: readAccount(fields),
    test: readSwitch(fields, 'd'),
    extendedHours: readSwitch(fields, 'h'),
  };
  const side = readSide(fields);
  const closing = readWord(fields, 'c', ['order', 'position']);
  if (closing === 'order') return signalFrom(fields, { ...common, action: 'cancel', side });
  if (closing === 'position') {
    // There `b` is what is held; here the side of an exit is that of its order.
    return signalFrom(fields, { ...common, ...readPart(fields), action: 'exit', side: side && other(side) });
  }
  if (side === null && !fields.has('b') && !fields.has('c')) {
    fields.problem('b', 'required', 'expected buy, long, sell or short, or c=position or c=order, found nothing');
  }
  const reduces = readSwitch(fields, 'ro');
  const order = { ...common, ...readType(fields), ...readSize(fields, reduces), side };
  if (reduces) return signalFrom(fields, { ...order, action: 'exit' });
  return signalFrom(fields, { ...order, ...readDistances(fields), action: side, cancelFirst });
}

const other = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

const sides: Readonly<Record<string, Side>> = { buy: 'buy', long: 'buy', sell: 'sell', short: 'sell' };

function readSide(fields: FieldReader): Side | null {
  const found = readWord(fields, 'b', Object.keys(sides));
  return found === null ? null : sides[found]!;
}

function readWord(fields: FieldReader, name: string, words: readonly string[]): string | null {
  const found = fields.text([name], 64);
  if (found === null) return null;
  const word = found.text.toLowerCase();
  if (words.includes(word)) return word;
  return fields.problem(name, 'unknown_value', `expected one of ${words.join(', ')}, found ${quoted(found.text)}`);
}

function readSwitch(fields: FieldReader, name: string): boolean {
  const word = readWord(fields, name, ['0', '1', 'true', 'false']);
  return word === '1' || word === 'true';
}

/** `*` is the account that is meant when none is named. */
function readAccount(fields: FieldReader): string | null {
  const name = fields.text(['a'], 64)?.text ?? null;
  return name === '*' ? null : name;
}

/** `q=` without `%` is shares. A part of the balance is none of anything here; `y=equity` makes it one of the equity. */
function readSize(fields: FieldReader, reduces: boolean): Partial<TradeSignal> {
  const amount = readAmount(fields, 'q', 'a number of shares');
  const of = readWord(fields, 'y', ['balance', 'equity']);
  if (amount === null) {
    if (!fields.has('q') && !reduces) {
      fields.problem('q', 'required', 'expected a number of shares: without one it would be the whole balance');
    }
    return {};
  }
  if (amount.unit === '') return { quantity: amount.value as Quantity };
  if (amount.unit === '%' && of === 'equity' && !reduces) {
    if (amount.value.gt('1000'))
      fields.problem('q', 'out_of_range', `expected at most 1000 %, found ${text(amount.value)}`);
    return { sizeBy: { kind: 'percent_of_equity', value: amount.value } };
  }
  const sentence = `expected a number of shares, or a percentage with y=equity, found ${quoted(`${text(amount.value)}${amount.unit}`)} of the balance`;
  fields.problem('q', 'unknown_unit', sentence);
  return {};
}

function readPart(fields: FieldReader): Partial<TradeSignal> {
  for (const name of ['q', 'tp', 'sl', 'ts']) {
    if (fields.has(name))
      fields.problem(name, 'not_supported', `expected no ${name} with c=position; cm is the part that is closed`);
  }
  const type = readWord(fields, 't', ['market']);
  const part = readAmount(fields, 'cm', 'a number of shares, or a percentage');
  const orderType = type === null ? null : ('market' as const);
  if (part === null) return { orderType };
  if (part.unit === '') return { orderType, quantity: part.value as Quantity };
  if (part.unit === '%' && part.value.lte('100')) return { orderType, portion: part.value.div('100') };
  fields.problem('cm', 'out_of_range', 'expected a number of shares, or a percentage of at most 100');
  return {};
}

/** A limit without `fp=` is at the live quote, as there. */
function readType(fields: FieldReader): Partial<TradeSignal> {
  const type = readWord(fields, 't', ['market', 'limit', 'ioc', 'fok']);
  const limitPrice = fields.positive(['fp'], 'a price') as Price | null;
  if (limitPrice && type === 'market') {
    fields.problem('fp', 'contradictory', 'expected no fp with t=market, found both');
  }
  if (type === 'ioc' || type === 'fok') return { orderType: 'limit', timeInForce: type, limitPrice };
  return { orderType: type === 'market' ? 'market' : type === 'limit' || limitPrice ? 'limit' : null, limitPrice };
}

/** Percent only: a bare number is in points there, which are another amount at each venue. */
function readDistances(fields: FieldReader): Partial<TradeSignal> {
  const percent = (name: string, most: string) => {
    const amount = readAmount(fields, name, 'a percentage like 2%');
    if (amount === null) return null;
    if (amount.unit !== '%') {
      return fields.problem(
        name,
        'unknown_unit',
        `expected a percentage like 2%, found ${quoted(`${text(amount.value)}${amount.unit}`)}`,
      );
    }
    if (amount.value.lt(most)) return amount.value;
    return fields.problem(name, 'out_of_range', `expected a percentage below ${most}, found ${text(amount.value)}`);
  };
  const [takeProfitPercent, stopLossPercent, trailPercent] = [
    percent('tp', '100000'),
    percent('sl', '100'),
    percent('ts', '100'),
  ];
  if (takeProfitPercent && trailPercent) {
    fields.problem('tp', 'contradictory', 'expected tp or ts: shares that a target holds have no stop that trails');
  }
  return { takeProfitPercent, stopLossPercent, trailPercent };
}

// A template takes values from text, says where it cannot be understood and where a text stops fitting, and is done in one pass over any text.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signalToJson } from '../../../core/model/signal.ts';
import { readJson } from '../json-text.ts';
import { compileTemplates, type Template } from './template/compile.ts';
import { matchTemplate } from './template/match.ts';
import { dialect } from './template.ts';

const read = (template: string, text: string) =>
  dialect.read({ text, json: readJson(text), reading: { template, targetUnit: null, volumeUnit: null } });
const understood = (template: string, text: string) => {
  const result = read(template, text);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return signalToJson(result.value);
};
const compiled = (source: string): readonly Template[] => {
  const result = compileTemplates(source);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

describe('a template', () => {
  test('takes values by name, whatever the case and the spaces of the text around them', () => {
    expect(
      understood('{action} {ticker} at {price}, stop {stop}', 'Long  NASDAQ:AAPL\nAT 150.25, Stop 148.5'),
    ).toMatchObject({
      ...{ action: 'buy', ticker: 'AAPL', entryPrice: '150.25', stopLoss: '148.5', riskAmount: null },
    });
  });

  test('gives what the text does not say', () => {
    expect(understood('Golden cross on {ticker}{action=buy}{quantity=10}', 'golden cross on AAPL')).toMatchObject({
      ...{ action: 'buy', ticker: 'AAPL', quantity: '10' },
    });
  });

  test('is one of several lines: the first that fits', () => {
    const templates = 'Enter {ticker} {action=buy}\nLeave {ticker} {action=exit}';
    expect(understood(templates, 'Leave AAPL').action).toBe('exit');
    expect(understood(templates, 'Enter AAPL').action).toBe('buy');
  });

  test('has a doubled brace for a brace, and _ for what does not matter', () => {
    expect(understood('{{{action}}} {_}: {ticker}', '{SELL} rsi 71.2: TSLA')).toMatchObject({
      action: 'sell',
      ticker: 'TSLA',
    });
  });

  test('says which text was looked for, and behind what', () => {
    const result = read('{action} {ticker} at {price}', 'buy AAPL for 150');
    expect(result).toMatchObject({
      ok: false,
      error: [
        {
          code: 'malformed_text',
          message: 'expected text like "{action} {ticker} at {price}": " at " was looked for after "buy "',
        },
      ],
    });
  });

  test('is held to the rules of the native payload', () => {
    expect(read('{action} {ticker} stop {stop} price {price}', 'buy AAPL stop 160 price 150')).toMatchObject({
      ok: false,
      error: [{ field: 'stopLoss', code: 'wrong_side' }],
    });
  });

  test.each([
    ['{action} {ticker', 1, 10, 'expected a }'],
    ['buy }', 1, 5, 'expected a { before'],
    ['{action}{ticker}', 1, 9, 'expected text between'],
    ['{action} {coin}', 1, 11, 'expected one of action'],
    ['{action} {ticker} {symbol}', 1, 20, 'expected symbol once'],
    ['{action=buy}', 1, 13, 'expected {ticker}'],
    ['ok {ticker} {action}\n{ticker}', 2, 9, 'expected {action}'],
    ['  ', 1, 1, 'expected a template'],
  ])('%j is refused at its place', (source, line, column, message) => {
    const result = compileTemplates(source);
    expect(result).toMatchObject({ ok: false, error: { line, column, message: expect.stringContaining(message) } });
  });

  test('claims a text only when its source has one that fits', () => {
    const text = 'buy AAPL at 150';
    const alert = { text, json: readJson(text) };
    expect(dialect.claims(alert)).toBe(false);
    const reading = { template: '{action} {ticker} at {price}', targetUnit: null, volumeUnit: null };
    expect(dialect.claims({ ...alert, reading })).toBe(true);
    expect(dialect.claims({ text: 'hello', json: readJson('hello'), reading })).toBe(false);
  });
});

test('reads what its own template writes', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9]{1,8}$/);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(word, fc.constantFrom(' ', '; ', ' at ', ' | ')), { minLength: 2, maxLength: 6 }),
      (parts) => {
        const names = ['action', 'ticker', 'price', 'quantity', 'stop', 'target'];
        const template = parts.map(([, between], at) => `{${names[at]}}${between}`).join('');
        const text = parts.map(([value, between]) => `${value}${between}`).join('');
        const result = matchTemplate(compiled(`${template}.`)[0]!, `${text}.`);
        expect(result.ok && [...result.value.values()]).toEqual(parts.map(([value]) => value));
      },
    ),
  );
});

test('text made to be tried again and again is looked at once', () => {
  const between = Array.from({ length: 8 }, () => 'a{_}').join('');
  const template = compiled(`{action}a{ticker}${between}ac`)[0]!;
  const long = 'a'.repeat(64 * 1024);
  const count = { indexOf: 0 };
  const original = String.prototype.indexOf;
  String.prototype.indexOf = function (this: string, ...args: [string, number?]) {
    count.indexOf++;
    return original.apply(this, args);
  };
  try {
    expect(matchTemplate(template, long).ok).toBe(false);
  } finally {
    String.prototype.indexOf = original;
  }
  // One search for a piece at most.
  expect(count.indexOf).toBeLessThanOrEqual(template.pieces.length);
});

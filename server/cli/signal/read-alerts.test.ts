// Invariants: each alert of a file comes out as it was written; what a file says of an alert is what is expected of it; a file that is not what
// it is called is refused in words.
import { expect, test } from 'vitest';
import { jsonValues } from './json-values.ts';
import { readAlerts } from './read-alerts.ts';

const texts = (name: string, content: string) => readAlerts(name, content).map(({ text }) => text);

test('JSON: one, a list, lines; numbers keep their digits, and text is the alert itself', () => {
  const alert = '{ "risk": 100.10, "id": 12345678901234567890, "a": [1, {"b": "}],"}] }';
  expect(texts('a.json', alert)).toEqual([alert]);
  expect(texts('a.json', `[${alert}, "s=AAPL b=long",\n${alert}]`)).toEqual([alert, 's=AAPL b=long', alert]);
  expect(texts('a.jsonl', `\uFEFF${alert}\r\n${alert}\r\n`)).toEqual([alert, alert]);
  expect(jsonValues('"a\\"b" "c"')).toEqual(['"a\\"b"', '"c"']);
  for (const wrong of ['{"a":', 'buy AAPL', '{"a":1} x'])
    expect(() => texts('a.json', wrong)).toThrow('a.json is no JSON');
});

test('an entry of a corpus says what must come of it', () => {
  const corpus = JSON.stringify([
    { name: 'one', alert: { a: 1 }, signal: { action: 'buy' } },
    { name: 'two', text: 'x', problems: ['a: b'], code: 'INTAKE_INVALID' },
    { name: 'an alert that has a name', signal: 'BUY' },
  ]);
  expect(readAlerts('valid.json', corpus)).toEqual([
    { text: '{"a":1}', expect: 'taken', exact: true },
    { text: 'x', expect: 'INTAKE_INVALID', exact: true },
    { text: '{"name":"an alert that has a name","signal":"BUY"}', expect: null },
  ]);
});

test('text: blocks between empty lines, else lines, else JSON however it is laid out', () => {
  expect(texts('a.txt', 's=AAPL\nb=long\n\n\ns=KO\nb=short\n')).toEqual(['s=AAPL\nb=long', 's=KO\nb=short']);
  expect(texts('a.txt', 'buy AAPL\r\nsell KO\r\n')).toEqual(['buy AAPL', 'sell KO']);
  expect(texts('alerts', '{\n  "a": 1\n}\n{"a":2}')).toEqual(['{\n  "a": 1\n}', '{"a":2}']);
  expect(() => texts('a.txt', ' \n')).toThrow('a.txt has no alert in it');
});

test('CSV: TradingView’s export, oldest first, and any column of that name', () => {
  const rows = ['2,KO,b,"{""n"":2}",2026-11-20T15:00:01Z', '1,KO,a,"{""n"":\n1}",2026-11-20T15:00:00Z', '3,KO,c,,'];
  const csv = ['Alert ID,Ticker,Name,Description,Time', ...rows.slice(0, 2)].join('\n');
  expect(texts('a.csv', csv)).toEqual(['{"n":\n1}', '{"n":2}']);
  expect(texts('a.csv', `${csv}\n${rows[2]}`)).toEqual(['{"n":\n1}', '{"n":2}']);
  expect(texts('a.csv', 'Message\n"a, b"\nc')).toEqual(['a, b', 'c']);
  expect(() => texts('a.csv', 'x,y\n1,2')).toThrow('expected a column named message');
  expect(() => texts('a.csv', 'message\n"open')).toThrow('line 2');
});

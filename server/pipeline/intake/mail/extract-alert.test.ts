import { expect, test } from 'vitest';
import { extractAlert } from './extract-alert.ts';
import { textOfHtml } from './html-text.ts';

const none = { after: null, before: null };
const isJson = (text: string): boolean => {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
};
const isLine = (text: string): boolean => /^(buy|sell) [A-Z&!.]+$/.test(text);
const find = (
  mail: { text?: string; html?: string },
  reads = isJson,
  rules: Parameters<typeof extractAlert>[1] = none,
) => extractAlert({ text: mail.text ?? null, html: mail.html ?? null }, rules, reads);
const ok = (value: string) => ({ ok: true, value }) as const;

test.each<[string, Parameters<typeof find>, ReturnType<typeof find>]>([
  ['JSON alone', [{ text: '\ufeff{"a":1}\r\n' }], ok('{"a":1}')],
  ['JSON between lines', [{ text: 'Your alert was triggered\n\n{"a":"}{"}\n\nView chart' }], ok('{"a":"}{"}')],
  ['JSON whose line was broken within a text', [{ text: 'x\n{"note":"one\ntwo"}\ny' }], ok('{"note":"one two"}')],
  ['spaces that do not break', [{ text: '{"a":\u00a01}' }], ok('{"a": 1}')],
  ['a list of JSON objects', [{ text: 'x [{"a":1},{"a":2}] y' }], ok('[{"a":1},{"a":2}]')],
  ['twice the same', [{ text: '{"a":1}\n{"a":1}' }], ok('{"a":1}')],
  ['two that differ', [{ text: '{"a":1}\n{"a":2}' }], { ok: false, error: 'MAIL_AMBIGUOUS' }],
  ['broken JSON, for its author to see', [{ text: 'Alert\n{"a":1,}\nbye' }], ok('{"a":1,}')],
  ['a line among others', [{ text: 'Your AAPL alert was triggered\nbuy M&M\nView chart' }, isLine], ok('buy M&M')],
  [
    'HTML where the text says nothing',
    [{ text: 'See the HTML', html: '<p>x</p><p>sell BRK.B</p>' }, isLine],
    ok('sell BRK.B'),
  ],
  [
    'entities once',
    [{ html: '<p>{&quot;a&quot;:&quot;&amp;quot; &lt;b&gt; M&amp;M&quot;}</p>' }],
    ok('{"a":"&quot; <b> M&M"}'),
  ],
  ['links within', [{ html: '<p>{"t":"<a href="https://x.example/?a=1&gt;2">BRK.B</a>"}</p>' }], ok('{"t":"BRK.B"}')],
  ['between markers', [{ text: 'a >> {"a":1} << {"b":2}' }, isJson, { after: '>>', before: '<<' }], ok('{"a":1}')],
  [
    'a marker that is not there',
    [{ text: '{"a":1}' }, isJson, { after: '>>', before: null }],
    { ok: false, error: 'MAIL_EMPTY' },
  ],
  ['nothing', [{ html: '<style>{"a":1}</style><!-- {"b":2} -->' }], { ok: false, error: 'MAIL_EMPTY' }],
])('%s', (_, args, expected) => {
  expect(find(...args)).toEqual(expected);
});

test('a text of nothing but braces or tags takes no time', () => {
  const calls = { count: 0 };
  const never = () => {
    calls.count++;
    return false;
  };
  for (const text of ['{'.repeat(200_000), '{}'.repeat(100_000), 'a\n'.repeat(100_000), '[ '.repeat(100_000)])
    find({ text }, never);
  for (const html of ['<'.repeat(200_000), '<a "'.repeat(50_000), '<style>'.repeat(30_000), '&'.repeat(200_000)])
    find({ html }, never);
  expect(calls.count).toBeLessThan(3000);
});

test('HTML as it is read', () => {
  expect(textOfHtml('<table><tr><td>a\n  b</td></tr><tr><td>c<br/>d&nbsp;e&#8364;&#x1F600;</td></tr></table>')).toBe(
    'a b\n\nc\nd e€😀',
  );
});

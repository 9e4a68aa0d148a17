import type { Draw } from '../torture/draw.ts';
import { type Mutation, onText } from './mutation.ts';

const digits = (draw: Draw): string => draw.pick(['9', '1', '0']).repeat(draw.whole(20, 6000));

/** Numbers that a float cannot hold, a database will not, or a person never meant. */
const numbers: readonly ((draw: Draw) => string)[] = [
  (draw) => `1e${draw.pick(['308', '309', '999', '999999', '2147483648', '99999999999999999999'])}`,
  (draw) => `1e-${draw.pick(['30', '324', '999999', '99999999999999999999'])}`,
  (draw) => `-${digits(draw)}`,
  digits,
  (draw) => `0.${digits(draw)}`,
  (draw) => `1.${'0'.repeat(draw.whole(5, 5000))}1`,
  (draw) =>
    draw.pick([
      '-0',
      '0',
      '-1',
      '1e0',
      '1E+2',
      '01',
      '.5',
      '5.',
      '+5',
      '0x10',
      '1_000',
      '1,000',
      'NaN',
      'Infinity',
      '-Infinity',
      '١٢',
      '１２',
      '1e',
      '1e+',
      '--1',
      '1/0',
    ]),
  (draw) => draw.pick(['9007199254740993', '18446744073709551616', '2147483648', '0.1', '99999999.99', '1e21', '1e-7']),
];

const anyNumber = (draw: Draw): string => draw.pick(numbers)(draw);
const numberPattern = /-?\d+(?:\.\d+)?/g;

/** Replaces one of what a pattern finds. */
function replaceOne(text: string, pattern: RegExp, draw: Draw, instead: (found: string) => string): string {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const match = draw.pick(found);
  return text.slice(0, match.index) + instead(match[0]) + text.slice(match.index + match[0].length);
}

/** Puts something in as the first field of an object, or of a line. */
const withField = (text: string, field: string): string =>
  /^\s*\{/.test(text)
    ? text.replace('{', () => (/^\s*\{\s*\}/.test(text) ? `{${field}` : `{${field},`))
    : `${field} ${text}`;

const hostile = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'then',
  'toJSON',
  'length',
];
const values = ['{"isAdmin":true}', '{"prototype":{"side":"buy"}}', 'null', '"buy"', '[]', '1', '{"toString":null}'];
const words = [
  '"ticker"',
  '"action"',
  '"signal"',
  '"quantity"',
  '"risk"',
  '"price"',
  '"stopLoss"',
  '"takeProfit"',
  '"sentiment"',
  '"id"',
  '"time"',
  '"mode"',
];

/** What only JSON can be made to do: nesting, fields twice, numbers without end, keys of JavaScript's own. */
export const jsonMutations: readonly Mutation[] = [
  onText('nested deeply', (text, draw) => {
    const depth = draw.pick([2, 63, 64, 65, 66, 1000, 10_000, 30_000]);
    if (draw.chance(0.5)) return `${'['.repeat(depth)}${text}${']'.repeat(depth)}`;
    if (draw.chance(0.5))
      return withField(
        text,
        `"extras":${'{"a":'.repeat(Math.min(depth, 12_000))}1${'}'.repeat(Math.min(depth, 12_000))}`,
      );
    return '['.repeat(depth);
  }),
  onText('a field twice', (text, draw) => {
    const fields = [...text.matchAll(/"[^"]{1,40}"\s*:\s*(?:"[^"]{0,200}"|[\d.eE+-]+|true|false|null)/g)];
    if (fields.length === 0) return `${text} ${text}`;
    const [field] = draw.pick(fields);
    return withField(text, draw.chance(0.5) ? field : field.replace(/:.*/s, `:${draw.pick(values)}`));
  }),
  onText('a field that others have', (text, draw) =>
    withField(text, `${draw.pick(words)}:${draw.pick([...values, '""', 'true', '"AAPL"', '"sell"', '-1'])}`),
  ),
  onText('a number without measure', (text, draw) => replaceOne(text, numberPattern, draw, () => anyNumber(draw))),
  onText('a number without measure as text', (text, draw) =>
    replaceOne(text, numberPattern, draw, () => `"${anyNumber(draw)}"`),
  ),
  onText('a value of another type', (text, draw) =>
    replaceOne(
      text,
      /:\s*("[^"]*"|[\d.]+|true|false|null)/g,
      draw,
      () => `:${draw.pick([...values, 'true', '[1,2,3]', '{"a":{"b":[]}}', '""', '" "'])}`,
    ),
  ),
  onText('keys of JavaScript’s own', (text, draw) => {
    const key = draw.pick(hostile);
    if (draw.chance(0.6)) return withField(text, `"${key}":${draw.pick(values)}`);
    if (draw.chance(0.5)) return replaceOne(text, /"[A-Za-z_]+"(?=\s*:)/g, draw, () => `"${key}"`);
    return replaceOne(text, /"[^"]*"(?!\s*:)/g, draw, () => `"${key}"`);
  }),
  onText('thousands of fields', (text, draw) => {
    const count = draw.chance(0.1) ? draw.whole(1000, 4000) : draw.whole(50, 500);
    return withField(text, Array.from({ length: count }, (_, i) => `"f${i}":${i}`).join(','));
  }),
  onText('nearly JSON', (text, draw) =>
    draw.pick([
      () => text.replace(/\}\s*$/, ',}'),
      () => text.replaceAll('"', "'"),
      () => text.replaceAll(/"([A-Za-z_]+)"\s*:/g, '$1:'),
      () => `// an alert\n${text}`,
      () => `${text}/* more */`,
      () => text.replaceAll(':', '='),
      () => `\`\`\`json\n${text}\n\`\`\``,
      () => `[${text}]`,
      () => text.replace('{', '{{'),
    ])(),
  ),
  onText('escapes', (text, draw) =>
    replaceOne(text, /[A-Za-z]/g, draw, (letter) =>
      draw.pick([
        `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
        '\\ud800',
        '\\udc00\\ud800',
        '\\u12',
        '\\x41',
        '\\',
        '\\u0000',
        '\\n',
      ]),
    ),
  ),
  onText('placeholders', (text, draw) =>
    replaceOne(text, /"[^"]*"(?!\s*:)|\d+(?:\.\d+)?/g, draw, () =>
      draw.pick(['"{{ticker}}"', '{{close}}', '{{strategy.order.action}}', '"{{', '"{{plot_0}}"', '"$\u007bx}"']),
    ),
  ),
];

import type { Draw } from '../torture/draw.ts';
import { type Mutation, onText } from './mutation.ts';

/** Letters that look like these and are none of them. */
const lookAlikes: Readonly<Record<string, readonly string[]>> = {
  A: ['А', 'Α', 'Ａ', '𝐀'],
  B: ['В', 'Β', 'Ｂ'],
  E: ['Е', 'Ε', 'Ｅ'],
  I: ['І', 'Ι', 'ı', 'İ'],
  L: ['ꓡ', 'Ⅼ', 'Ｌ'],
  M: ['М', 'Μ', 'Ⅿ'],
  P: ['Р', 'Ρ', 'Ｐ'],
  S: ['Ѕ', 'ſ', 'Ｓ'],
  T: ['Т', 'Τ', 'Ｔ'],
  a: ['а', 'ａ', 'ɑ'],
  b: ['Ь', 'ｂ'],
  c: ['с', 'ｃ', 'ⅽ'],
  e: ['е', 'ｅ', 'é', 'e\u0301'],
  i: ['і', 'ｉ', 'ı'],
  k: ['к', '\u212a'],
  l: ['ⅼ', 'ｌ', 'ӏ', '1'],
  o: ['о', 'ο', 'ｏ', '0'],
  s: ['ѕ', 'ｓ', 'ſ'],
  t: ['т', 'ｔ'],
  u: ['υ', 'ｕ'],
  y: ['у', 'ｙ', 'γ'],
  '1': ['１', '١', '𝟏', '¹'],
  '0': ['０', '٠', 'O'],
  '-': ['‐', '–', '−', '\u00ad'],
  '.': ['․', '。', '٫'],
  ',': ['，', '‚'],
  '"': ['“', '”', '＂'],
  ':': ['：', '∶'],
};

/** Characters that are not seen, or turn what follows around. */
const unseen = [
  '\u200b',
  '\u200d',
  '\u2060',
  '\ufeff',
  '\u202e',
  '\u2066',
  '\u00a0',
  '\u3000',
  '\u2028',
  '\u0085',
  '\u034f',
  '\u{e0041}',
];

function atLetter(text: string, draw: Draw, change: (letter: string) => string): string {
  const places = [...text.matchAll(/[A-Za-z0-9.:,"-]/g)];
  if (places.length === 0) return text;
  const { index } = draw.pick(places);
  return text.slice(0, index) + change(text[index]!) + text.slice(index + 1);
}

/** What a person takes for the same alert and a machine must not. */
export const letterMutations: readonly Mutation[] = [
  onText('look-alikes', (text, draw) => {
    let changed = text;
    for (let n = draw.whole(1, 3); n > 0; n--)
      changed = atLetter(changed, draw, (letter) => (lookAlikes[letter] ? draw.pick(lookAlikes[letter]) : letter));
    return changed;
  }),
  onText('characters that are not seen', (text, draw) => atLetter(text, draw, (letter) => letter + draw.pick(unseen))),
  onText('all of it wide', (text) =>
    text.replaceAll(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
  ),
  onText('the other case', (text, draw) =>
    draw.pick([text.toUpperCase(), text.toLowerCase(), text.toLocaleUpperCase('tr'), text.replaceAll('s', 'ß')]),
  ),
  onText('marks above', (text, draw) =>
    atLetter(text, draw, (letter) => letter + '\u0301'.repeat(draw.pick([1, 50, 5000]))),
  ),
];

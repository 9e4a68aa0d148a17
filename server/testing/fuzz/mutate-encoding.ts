import { type Mutation, onText } from './mutation.ts';

const swapped = (body: Buffer): Buffer => Buffer.from(body).swap16();
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** Sequences that a strict decoder of UTF-8 must refuse: overlong, surrogates, beyond the last character, cut short, lone bytes. */
const noUtf8 = [
  'c0af',
  'c1bf',
  'e080af',
  'f08080af',
  'eda080',
  'edbfbf',
  'eda081edb080',
  'f4908080',
  'f8888080',
  'e282',
  'f09f98',
  '80',
  'ff',
  'fe',
  'c3',
];

/** The same alert in other encodings, with byte order marks, and with what is no text at all. */
export const encodingMutations: readonly Mutation[] = [
  {
    name: 'UTF-16',
    apply(body, { draw }) {
      const plain = utf16(body.toString('utf8'));
      const ordered = draw.chance(0.5) ? plain : swapped(plain);
      const mark = draw.pick(['', 'fffe', 'feff']);
      return Buffer.concat([Buffer.from(mark, 'hex'), ordered]);
    },
  },
  {
    name: 'UTF-32',
    apply(body) {
      const wide = Buffer.alloc(body.length * 4);
      for (let i = 0; i < body.length; i++) wide[i * 4] = body[i]!;
      return wide;
    },
  },
  {
    name: 'byte order marks',
    apply: (body, { draw }) =>
      Buffer.concat([
        ...Array.from({ length: draw.whole(1, 3) }, () => Buffer.from('efbbbf', 'hex')),
        body,
        ...(draw.chance(0.2) ? [Buffer.from('efbbbf', 'hex')] : []),
      ]),
  },
  {
    name: 'what is no UTF-8',
    apply(body, { draw }) {
      const at = draw.whole(0, body.length);
      return Buffer.concat([body.subarray(0, at), Buffer.from(draw.pick(noUtf8), 'hex'), body.subarray(at)]);
    },
  },
  {
    name: 'Latin-1',
    apply: (body, { draw }) => Buffer.from(`${body.toString('utf8')}${draw.pick(['é', 'ß', '£', '÷'])}`, 'latin1'),
  },
  {
    name: 'NUL',
    apply(body, { draw }) {
      const at = draw.whole(0, body.length);
      return Buffer.concat([
        body.subarray(0, at),
        Buffer.from(draw.pick(['00', '0000', '5c30', '5c7530303030']), 'hex'),
        body.subarray(at),
      ]);
    },
  },
  onText('quoted a second time', (text) => JSON.stringify(text)),
  onText(
    'as a form',
    (text, draw) => `${draw.pick(['', 'payload=', 'body='])}${encodeURIComponent(text.toWellFormed())}`,
  ),
  onText('in base64', (text) => Buffer.from(text).toString('base64')),
];

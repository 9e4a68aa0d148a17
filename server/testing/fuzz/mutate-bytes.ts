import type { Draw } from '../torture/draw.ts';
import { cut, type Mutation } from './mutation.ts';

/** Bytes that have a meaning somewhere: delimiters, escapes, the ends of ranges. */
const telling = Buffer.from('\u0000\u0001\t\n\r "\\\'{}[]:,;|=&%+-.eE0189\u007f\u0080\u00ff<>$`*#', 'latin1');

const place = (body: Buffer, draw: Draw): number => draw.whole(0, body.length);

function piece(body: Buffer, draw: Draw): { from: number; until: number } {
  const from = place(body, draw);
  return { from, until: Math.min(body.length, from + draw.whole(1, 16)) };
}

const joined = (...parts: readonly Buffer[]): Buffer => cut(Buffer.concat(parts));

/** Bytes flipped, cut, doubled, put in and spliced, without a thought for what they mean. */
export const byteMutations: readonly Mutation[] = [
  {
    name: 'bits flipped',
    apply(body, { draw }) {
      const flipped = Buffer.from(body);
      for (let n = draw.whole(1, 4); n > 0 && flipped.length > 0; n--)
        flipped[draw.whole(0, flipped.length - 1)]! ^= 1 << draw.whole(0, 7);
      return flipped;
    },
  },
  {
    name: 'bytes replaced',
    apply(body, { draw }) {
      const changed = Buffer.from(body);
      for (let n = draw.whole(1, 4); n > 0 && changed.length > 0; n--)
        changed[draw.whole(0, changed.length - 1)] = draw.chance(0.7) ? draw.pick([...telling]) : draw.whole(0, 255);
      return changed;
    },
  },
  {
    name: 'bytes put in',
    apply(body, { draw }) {
      const at = place(body, draw);
      const more = Buffer.from(Array.from({ length: draw.whole(1, 8) }, () => draw.pick([...telling])));
      return joined(body.subarray(0, at), more, body.subarray(at));
    },
  },
  {
    name: 'cut off',
    apply: (body, { draw }) =>
      draw.chance(0.8) ? body.subarray(0, place(body, draw)) : body.subarray(place(body, draw)),
  },
  {
    name: 'a piece left out',
    apply(body, { draw }) {
      const { from, until } = piece(body, draw);
      return joined(body.subarray(0, from), body.subarray(until));
    },
  },
  {
    name: 'a piece doubled',
    apply(body, { draw }) {
      const { from, until } = piece(body, draw);
      const times = draw.chance(0.95) ? 1 : draw.whole(100, 3000);
      const more = Array.from({ length: times }, () => body.subarray(from, until));
      return joined(body.subarray(0, until), ...more, body.subarray(until));
    },
  },
  {
    name: 'spliced with another alert',
    apply(body, { draw, another }) {
      const other = another();
      return joined(body.subarray(0, place(body, draw)), other.subarray(place(other, draw)));
    },
  },
  {
    name: 'two alerts in one body',
    apply: (body, { draw, another }) =>
      joined(body, Buffer.from(draw.pick(['', '\n', ',', '\0', '\r\n\r\n'])), another()),
  },
  {
    name: 'a long run of one character',
    // What makes a pattern try again and again: runs that nearly fit.
    apply(body, { draw }) {
      const at = place(body, draw);
      const run = Buffer.alloc(
        draw.chance(0.3) ? draw.whole(4000, 60_000) : draw.whole(100, 4000),
        draw.pick([' ', '\t', '\\', '"', '0', '9', 'a', '{', '=', ',', '-', '.']),
      );
      return joined(body.subarray(0, at), run, body.subarray(at));
    },
  },
  {
    name: 'filled up to a round size',
    apply(body, { draw }) {
      const size = (draw.chance(0.3) ? 65_536 : draw.pick([255, 1024, 4096, 16_384])) + draw.whole(-2, 2);
      const pad = Math.max(0, size - body.length);
      return Buffer.concat([body, Buffer.alloc(pad, draw.pick([' ', '\n', 'x', '\0']))]);
    },
  },
  {
    name: 'nothing at all',
    apply: (_, { draw }) => Buffer.from(draw.pick(['', ' ', '\n', '\0', 'null', '[]', '{}', '""', '0'])),
  },
];

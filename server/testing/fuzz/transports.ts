import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Draw } from '../torture/draw.ts';
import type { Outcome } from './request.ts';

/** A message on its way: what is written, and what of it arrives. */
export interface Framed {
  readonly name: string;
  /** After the request line and the host. */
  readonly head: readonly string[];
  readonly payload: Buffer;
  /** What a server takes for the body; null: none, or nobody can say. */
  readonly reaches: Buffer | null;
  readonly also?: readonly Outcome[];
  readonly closes?: boolean;
  readonly ends?: boolean;
}

export type Transport = (body: Buffer, draw: Draw) => Framed;

const length = (payload: Buffer): string => `content-length: ${payload.length}`;

const plain: Transport = (body) => ({ name: 'as it is', head: [length(body)], payload: body, reaches: body });

function chunksOf(body: Buffer, draw: Draw): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const size = Math.min(body.length - at, draw.pick([1, 2, 7, 100, 4096, 65_536]));
    const extension = draw.chance(0.1) ? `;x=${'y'.repeat(draw.whole(0, 50))}` : '';
    parts.push(Buffer.from(`${size.toString(16)}${extension}\r\n`), body.subarray(at, at + size), Buffer.from('\r\n'));
    at += size;
    // A body in single bytes is tried on the small ones.
    if (parts.length > 600) {
      const rest = body.subarray(at);
      if (rest.length > 0) parts.push(Buffer.from(`${rest.length.toString(16)}\r\n`), rest, Buffer.from('\r\n'));
      break;
    }
  }
  parts.push(Buffer.from(draw.chance(0.1) ? '0\r\nx-trailer: 1\r\n\r\n' : '0\r\n\r\n'));
  return Buffer.concat(parts);
}

const chunked: Transport = (body, draw) => ({
  name: 'in chunks',
  head: ['transfer-encoding: chunked'],
  payload: chunksOf(body, draw),
  reaches: body,
});

const brokenChunks: Transport = (body, draw) => ({
  name: 'in broken chunks',
  head: ['transfer-encoding: chunked'],
  payload: draw.pick([
    () => Buffer.concat([Buffer.from('zz\r\n'), body]),
    () => Buffer.concat([Buffer.from('ffffffffffffffff1\r\n'), body]),
    () => Buffer.concat([Buffer.from('-1\r\n'), body, Buffer.from('\r\n0\r\n\r\n')]),
    () => Buffer.concat([Buffer.from(`${(body.length + 9).toString(16)}\r\n`), body]),
    () => Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]),
    () => Buffer.concat([Buffer.from(`${body.length.toString(16)}\n`), body, Buffer.from('\n0\n\n')]),
  ])(),
  reaches: null,
  also: ['no HTTP', 'closed', 'refused', 'unproven', 'too large'],
  closes: true,
  ends: true,
});

const quickly = { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } };
const pack: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: (body) => gzipSync(body, { level: 3 }),
  deflate: (body) => deflateSync(body, { level: 3 }),
  br: (body) => brotliCompressSync(body, quickly),
  zstd: (body) => zstdCompressSync(body),
};
const codings = Object.keys(pack);

/** Compressed once, before anything is timed: what unpacks to hundreds of times its size, and is small enough to be read. */
const bombs = new Map(codings.map((coding) => [coding, pack[coding]!(Buffer.alloc(8_000_000))]));
const bomb = (coding: string): Buffer => bombs.get(coding)!;

const packed: Transport = (body, draw) => {
  const coding = draw.pick(codings);
  const payload = draw.chance(0.4) ? bomb(coding) : pack[coding]!(body);
  return { name: 'compressed', head: [`content-encoding: ${coding}`, length(payload)], payload, reaches: payload };
};

const packedTwice: Transport = (body, draw) => {
  const chain = Array.from({ length: draw.whole(2, 5) }, () => draw.pick(codings));
  const start = draw.chance(0.5) ? bomb(draw.pick(codings)) : body;
  const payload = chain.reduce((sum, coding) => pack[coding]!(sum), start);
  return {
    name: 'compressed again and again',
    head: [`content-encoding: ${chain.join(', ')}`, length(payload)],
    payload,
    reaches: payload,
  };
};

const packedFalsely: Transport = (body, draw) => ({
  name: 'said to be compressed',
  head: [
    `content-encoding: ${draw.pick([...codings, 'identity', 'x-gzip', 'gzip, gzip', 'nonsense', `${'gzip,'.repeat(200)}gzip`])}`,
    length(body),
  ],
  payload: body,
  reaches: body,
});

const tooShort: Transport = (body, draw) => {
  const said = draw.whole(0, Math.max(0, body.length - 1));
  // What is left over is taken for the next request and is none: its 400 may overtake the answer to this one.
  return {
    name: 'longer than it says',
    head: [`content-length: ${said}`],
    payload: body,
    reaches: body.subarray(0, said),
    also: ['no HTTP', 'closed'],
    closes: true,
  };
};

const tooLong: Transport = (body, draw) => ({
  name: 'shorter than it says',
  head: [`content-length: ${body.length + draw.pick([1, 100, 60_000])}`],
  payload: body,
  reaches: null,
  also: ['no HTTP', 'closed', 'too large', 'unproven'],
  closes: true,
  ends: true,
});

const saysTooMuch: Transport = (body, draw) => ({
  name: 'says that it is huge',
  head: [
    `content-length: ${draw.pick(['65537', '1000000', '4294967296', '9007199254740993', '18446744073709551615'])}`,
  ],
  payload: body,
  reaches: null,
  also: ['too large', 'no HTTP', 'closed'],
  closes: true,
  ends: true,
});

const noLength: Transport = (body, draw) => ({
  name: 'a length that is none',
  head: draw.pick([
    ['content-length: -5'],
    ['content-length: +5'],
    ['content-length: 0x10'],
    ['content-length: 1e3'],
    ['content-length:'],
    ['content-length: 99999999999999999999999'],
    ['content-length: 5, 5'],
    [length(body), `content-length: ${body.length + 1}`],
    [length(body), 'transfer-encoding: chunked'],
    ['transfer-encoding: gzip', length(body)],
    ['transfer-encoding: chunked, identity'],
    ['transfer-encoding: xchunked'],
  ]),
  payload: body,
  reaches: null,
  also: ['no HTTP', 'closed', 'refused', 'unproven', 'too large'],
  closes: true,
  ends: true,
});

const noBody: Transport = () => ({
  name: 'neither length nor chunks',
  head: [],
  payload: Buffer.alloc(0),
  reaches: Buffer.alloc(0),
});

const veryLarge: Transport = (body, draw) => {
  const payload = Buffer.concat([body, Buffer.alloc(draw.pick([70_000, 300_000, 1_000_000]), ' ')]);
  return draw.chance(0.5)
    ? { name: 'too large', head: [length(payload)], payload, reaches: payload, closes: true }
    : {
        name: 'too large',
        head: ['transfer-encoding: chunked'],
        payload: chunksOf(payload, draw),
        reaches: payload,
        closes: true,
      };
};

/** Each with how often it is drawn, in parts of the whole; the rest is sent as it is. */
export const transports: readonly (readonly [share: number, transport: Transport])[] = [
  [0.06, chunked],
  [0.01, brokenChunks],
  [0.02, packed],
  [0.01, packedTwice],
  [0.02, packedFalsely],
  [0.01, tooShort],
  [0.005, tooLong],
  [0.005, saysTooMuch],
  [0.01, noLength],
  [0.005, noBody],
  [0.003, veryLarge],
];

/** The transport of a request. */
export function drawTransport(draw: Draw): Transport {
  let at = draw.next();
  for (const [share, transport] of transports) {
    if (at < share) return transport;
    at -= share;
  }
  return plain;
}

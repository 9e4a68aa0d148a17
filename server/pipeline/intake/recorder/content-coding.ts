import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';

/** What a compressed body may come to: an alert is far smaller, and a bomb is no alert. */
const mostBytes = 1024 * 1024;

interface Coding {
  decode(body: Uint8Array): Uint8Array;
  encode(body: Uint8Array): Uint8Array;
}

const limit = { maxOutputLength: mostBytes };
const gzip: Coding = { decode: (body) => gunzipSync(body, limit), encode: (body) => gzipSync(body) };
const codings: Readonly<Record<string, Coding>> = {
  gzip,
  'x-gzip': gzip,
  deflate: { decode: (body) => inflateSync(body, limit), encode: (body) => deflateSync(body) },
  br: { decode: (body) => brotliDecompressSync(body, limit), encode: (body) => brotliCompressSync(body) },
  zstd: { decode: (body) => zstdDecompressSync(body, limit), encode: (body) => zstdCompressSync(body) },
};

/** The coding that a content-encoding header names; null: none, or none that is known. */
export const codingOf = (header: string | undefined): Coding | null => {
  const name = (header ?? '').trim().toLowerCase();
  return Object.hasOwn(codings, name) ? codings[name]! : null;
};

/** What the body is without its coding; null: it is not that, or too large. */
export function decoded(body: Uint8Array, coding: Coding): Uint8Array | null {
  try {
    return coding.decode(body);
  } catch {
    return null;
  }
}

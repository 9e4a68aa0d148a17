import { maskSecrets } from '../mask-secrets.ts';
import { readBody } from '../read-body.ts';
import { codingOf, decoded } from './content-coding.ts';

/**
 * A body as it came, byte for byte, but for the secrets in it. Of a compressed one, the secrets are taken out of what it says, and the rest is
 * compressed again; one that cannot be decompressed is kept as it is, since nothing in it can be read.
 */
export function maskedBytes(body: Uint8Array, contentEncoding: string | undefined): Uint8Array {
  const coding = codingOf(contentEncoding);
  const inner = coding && decoded(body, coding);
  if (coding === null || inner === null) return maskedPlain(body);
  const clean = maskedPlain(inner);
  return Buffer.compare(clean, inner) === 0 ? body : coding.encode(clean);
}

function maskedPlain(body: Uint8Array): Uint8Array {
  const { problem } = readBody(body);
  // A secret of several bytes a character would end early in latin1, and text must stay text; what is no text has no other reading.
  const encoding = problem === null ? 'utf8' : 'latin1';
  const text = Buffer.from(body).toString(encoding);
  const clean = maskSecrets(text);
  return clean === text ? body : Buffer.from(clean, encoding);
}

import { randomBytes } from 'node:crypto';
import type { Random } from '../../core/ports/random.ts';

/** The machine's randomness. */
export const systemRandom: Random = {
  id: uuidV7,
  token: (length = 32) => randomBytes(length).toString('base64url'),
  fraction: () => Math.random(),
};

let lastMs = 0;
let counter = 0;

/** RFC 9562, version 7, with its method 1: a counter in rand_a keeps ids of one millisecond in order. */
function uuidV7(): string {
  const bytes = randomBytes(16);
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    counter = bytes.readUInt16BE(6) & 0x07ff;
  } else if (++counter > 0x0fff) {
    lastMs++;
    counter = 0;
  }
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

import { createHash } from 'node:crypto';

/** A UUID that is a function of a name: the SHA-256 of it in the shape of RFC 9562's version 8. The same name, the same id, anywhere. */
export function uuidOf(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The decision of a signal for an account (null: none was found): there can be only one, so its id is a function of both. */
export const decisionIdOf = (signalId: string, accountId: string | null): string =>
  uuidOf(`decision of ${signalId} for ${accountId ?? 'no account'}`);

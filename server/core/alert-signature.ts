import { createHmac } from 'node:crypto';

/** The header that holds the signature of an alert. */
export const signatureHeader = 'x-signalbox-signature';

/** What a signature header says. */
export interface AlertSignature {
  /** Unix time in whole seconds, as it was written. */
  readonly timestamp: string;
  readonly nonce: string;
  /** Lower-case hex. */
  readonly mac: string;
}

/** HMAC-SHA-256 over `timestamp.nonce.body`. */
export function macOf(key: string, timestamp: string, nonce: string, body: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${timestamp}.${nonce}.`).update(body).digest();
}

/** The value of the header for a body: what a sender does. */
export function signAlert(key: string, about: { at: Date; nonce: string; body: Uint8Array }): string {
  const timestamp = String(Math.floor(about.at.getTime() / 1000));
  return `t=${timestamp},n=${about.nonce},s=${macOf(key, timestamp, about.nonce, about.body).toString('hex')}`;
}

const shape = /^t=(\d{1,12}),n=([A-Za-z0-9_-]{16,128}),s=([0-9a-f]{64})$/;

/** Reads the header; null for what is not written like it. */
export function readSignature(header: string | undefined): AlertSignature | null {
  const [, timestamp, nonce, mac] = shape.exec(header ?? '') ?? [];
  return timestamp && nonce && mac ? { timestamp, nonce, mac } : null;
}

import { createHash } from 'node:crypto';
import { text, tryDecimal } from '../../core/decimal.ts';
import type { TradeSignal } from '../../core/model/signal.ts';
import type { IdentityRule } from './dialect.ts';
import { JsonNumber, JsonObject, type JsonOutcome, type JsonValue } from './json-text.ts';

/** What makes two alerts the same one. */
export interface Identity {
  readonly dedupeKey: string;
  /** Until when the key counts; null: for ever. */
  readonly dedupeUntil: Date | null;
}

/**
 * An alert with an id of its own is that id; one with a time of its own is all of its fields, however they are ordered and
 * spaced; both for ever. One with neither is its bytes, and only for `repeatWindowSeconds`: the next bar may well say the same
 * again and mean it. A dialect may say which fields do not count. Two tokens are two senders, so the key holds the token's id. How many spaces or
 * line ends stand where there is one, and at either end, does not count: mailers change that, and no author means anything by it.
 */
export function identityOf(
  alert: { signal: TradeSignal; json: JsonOutcome; body: Uint8Array; tokenId: string; rule?: IdentityRule | undefined },
  receivedAt: Date,
  repeatWindowSeconds: number,
): Identity {
  const { signal, json } = alert;
  const sender = alert.tokenId;
  if (signal.alertId !== null) return { dedupeKey: hash('id', sender, signal.alertId), dedupeUntil: null };
  if (signal.firedAt !== null) {
    const fields = json.ok
      ? canonicalJson(withoutFields(json.value, alert.rule?.without ?? []))
      : spacedOnce(alert.body);
    return { dedupeKey: hash('fields', sender, fields), dedupeUntil: null };
  }
  const dedupeUntil = new Date(receivedAt.getTime() + repeatWindowSeconds * 1000);
  return { dedupeKey: hash('bytes', sender, spacedOnce(alert.body)), dedupeUntil };
}

/** As latin1 each byte is a character, so that what is no text is compared as it is; a byte order mark and spaces that do not break are their bytes in UTF-8. */
const spacedOnce = (body: Uint8Array): Buffer =>
  Buffer.from(
    Buffer.from(body)
      .toString('latin1')
      .replace(/^\xef\xbb\xbf/, '')
      .replace(/(?:[\t-\r ]|\xc2\xa0|\xe2\x80\x87|\xe2\x80\xaf)+/g, ' ')
      .replace(/^ | $/g, ''),
    'latin1',
  );

function withoutFields(value: JsonValue, names: readonly string[]): JsonValue {
  if (names.length === 0 || !(value instanceof JsonObject)) return value;
  return new JsonObject(new Map([...value.fields].filter(([name]) => !names.includes(name))), []);
}

/** The kind is part of what is hashed, so that no id can be made to look like another alert's fields. */
function hash(kind: string, sender: string, content: string | Uint8Array): string {
  const digest = createHash('sha256').update(`${kind}\0${sender}\0`).update(content).digest('base64url');
  return `${kind}:${digest}`;
}

/** One text for all ways of writing the same JSON: keys sorted, no spaces, 100.00 as 100. "100" stays text. */
export function canonicalJson(value: JsonValue): string {
  if (value instanceof JsonNumber) return canonicalNumber(value.source);
  if (value instanceof JsonObject) {
    const fields = [...value.fields].sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`;
  }
  if (value !== null && typeof value === 'object') return `[${value.map(canonicalJson).join(',')}]`;
  return JSON.stringify(value);
}

function canonicalNumber(source: string): string {
  const number = source.length <= 64 ? tryDecimal(source) : null;
  // Written out, 1e999999 would be a megabyte; two spellings of such a number are two numbers, which is harmless.
  return number === null || Math.abs(number.e) > 100 ? source : text(number);
}

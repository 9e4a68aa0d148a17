import { readBlock } from '../../core/net/address.ts';
import type { Dialect } from '../../pipeline/intake/dialect.ts';
import { maxBodyBytes } from '../../pipeline/intake/intake.ts';
import { maskSecrets } from '../../pipeline/intake/mask-secrets.ts';
import { proveSender } from '../../pipeline/intake/proofs/prove-sender.ts';
import { readAlert } from '../../pipeline/intake/read-alert.ts';
import type { FuzzRequest, Outcome } from './request.ts';

/** Whose word on addresses the server under test takes: ours. */
export const trustedProxy = '127.0.0.1/32';
const trustedProxies = [readBlock(trustedProxy)!];

/** What has to become of a request, found out from its bytes alone. */
export interface Expected {
  readonly outcome: Outcome;
  /** Under what it is kept, if it is: the text of the body without secrets. */
  readonly stored: string | null;
}

/**
 * What the reader says of the very bytes, in this process: the server is not asked. Null where nothing well-formed arrives, so that there is
 * nothing to read.
 */
export function expectedOf(request: FuzzRequest, dialects: readonly Dialect[], now: Date): Expected | null {
  const { body, source, headers } = request;
  if (body === null || !request.addressed) return null;
  if (body.byteLength > maxBodyBytes) return { outcome: 'too large', stored: null };
  const token = { id: source.id, source: source.source, name: source.source, dialect: source.dialect, strategy: null };
  const proven = proveSender(
    { body, headers, remoteAddress: '127.0.0.1' },
    { token, policy: source.policy, trustedProxies, now },
  );
  if (proven.kind === 'unproven') return { outcome: 'unproven', stored: null };
  const dialect = request.route === 'traders-post' ? 'traders-post' : source.dialect;
  const { read } = readAlert(proven.body, dialects, { dialect, reading: source.reading });
  return { outcome: read.ok ? 'accepted' : 'refused', stored: maskSecrets(proven.body.text) };
}

const strict = new TextDecoder('utf-8', { fatal: true });
const onlyJson = new Set(['traders-post', 'signal-stack', 'three-commas']);

/**
 * Why a body can be no alert, by means that have nothing in common with the reader: the platform's own decoder of UTF-8 and its own JSON. Null:
 * they have nothing against it.
 */
export function impossible(request: FuzzRequest): string | null {
  if (request.body === null) return 'nothing well-formed arrived';
  let text: string;
  try {
    text = strict.decode(request.body);
  } catch {
    return 'it is no UTF-8';
  }
  if (text.includes('\0')) return 'it holds a NUL';
  if (text.trim() === '') return 'it is empty';
  if (request.route !== 'traders-post' && !onlyJson.has(request.source.dialect ?? '')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? null : 'it is no object';
  } catch {
    return 'it is no JSON';
  }
}

import type { Told } from '../../core/ports/notifier.ts';

/** How long whoever is told may take to answer. */
export const timeoutMs = 10_000;
/** As much of an answer is read, for its reason. */
const mostBytes = 4096;
/** A pause that is asked for is kept, up to this. */
const longestPauseMs = 3_600_000;

export interface PostOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Who is spoken to, as the first word of a sentence: "Telegram". The address may hold a secret: it is in no answer. */
  readonly who: string;
  /** What the other side says of a refusal, taken from its answer; null: nothing usable. Cut, and cleaned of what must not be told. */
  readonly reasonOf?: (body: string) => string | null;
  /** Taken out of whatever is told. */
  readonly secrets: readonly string[];
  /** Answers that mean that there is nobody any more. */
  readonly gone?: readonly number[];
}

/** The pause that a header or a body asks for, in milliseconds: seconds, or a date. */
export function retryAfterOf(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) && header.trim() !== '' ? seconds * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) && ms > 0 ? Math.min(Math.ceil(ms), longestPauseMs) : null;
}

/**
 * POSTs once: no redirect is followed, the answer is waited for ten seconds, and no more than 4 kB of it is read. 408, 425, 429 and 5xx are worth
 * another try, as is no answer at all; any other refusal is final.
 */
export async function post(options: PostOptions): Promise<Told & { readonly body?: string }> {
  const { who } = options;
  let response: Response;
  let body = '';
  try {
    response = await fetch(options.url, {
      method: 'POST',
      headers: options.headers,
      body: options.body as BodyInit,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    body = await readSome(response);
  } catch (error) {
    return {
      kind: 'failed',
      answer: `${who} could not be reached: ${reasonOf(error)}.`,
      final: false,
      retryAfterMs: null,
    };
  }
  const { status } = response;
  if (response.ok) return { kind: 'delivered', answer: `${who} answered ${status}.`, body };
  const reason = cleaned(options.reasonOf?.(body) ?? null, options.secrets);
  const said = reason === null ? '' : ` (“${reason}”)`;
  if (options.gone?.includes(status))
    return { kind: 'gone', answer: `${who} answered ${status}: nobody is there any more.` };
  if (status >= 300 && status < 400)
    return {
      kind: 'failed',
      answer: `${who} answered ${status} and points to another address, which is not followed: give that address itself.`,
      final: true,
      retryAfterMs: null,
    };
  const final = status < 500 && ![408, 425, 429].includes(status);
  return {
    kind: 'failed',
    answer: `${who} answered ${status}${said}.`,
    final,
    retryAfterMs: final ? null : retryAfterOf(response.headers.get('retry-after'), Date.now()),
    body,
  };
}

async function readSome(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const chunks: Uint8Array[] = [];
  for (let bytes = 0; bytes < mostBytes; ) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    bytes += value.byteLength;
  }
  await reader.cancel().catch(() => {});
  return Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8');
}

/** What others say may be long, or repeat what they were sent. */
export function cleaned(text: string | null, secrets: readonly string[]): string | null {
  if (text === null) return null;
  let shown = text.replace(/\p{Cc}+/gu, ' ').trim();
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
  for (const secret of longestFirst) if (secret !== '') shown = shown.replaceAll(secret, '***');
  shown = shown.slice(0, 200).replace(/\.$/, '');
  return shown === '' ? null : shown;
}

/** Why a request failed, by its code alone: messages may repeat the address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given';
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const { code } = (error.cause ?? error) as NodeJS.ErrnoException;
  if (code === 'ENOTFOUND') return 'there is no such host';
  if (code === 'ECONNREFUSED') return 'nobody answers there';
  return typeof code === 'string' ? code : 'the connection failed';
}

/** A field of a JSON answer, where it is text. */
export function fieldOf(body: string, name: string): string | null {
  try {
    const value = (JSON.parse(body) as Record<string, unknown> | null)?.[name];
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

/** What is wrong with an address of the web; null: nothing. */
export function urlProblem(text: string, protocols: readonly string[] = ['https:', 'http:']): string | null {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'expected an address such as https://hooks.example.com/…';
  }
  if (!protocols.includes(url.protocol)) return `expected an address that begins with ${protocols.join('// or ')}//`;
  if (url.username !== '' || url.password !== '') return 'expected an address without a user and a password in it';
  return null;
}

/** What of an address may be a secret: the whole, and each longer part of its path and its query. */
export function secretsIn(text: string): string[] {
  try {
    const { pathname, searchParams } = new URL(text);
    return [text, ...pathname.split('/'), ...searchParams.values()].filter((part) => part.length >= 6);
  } catch {
    return [text];
  }
}

/** The host of an address, for a list; the rest may be a secret. */
export function hostOf(text: string): string {
  try {
    return new URL(text).host;
  } catch {
    return '?';
  }
}

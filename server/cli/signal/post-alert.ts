import { signAlert, signatureHeader } from '../../core/alert-signature.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';

/** What an alert came to. */
export type Outcome =
  | 'accepted'
  | 'repeated'
  | 'recorded'
  | 'refused'
  | 'unauthorized'
  | 'limited'
  | 'unavailable'
  /** No answer came, or none of a Signalbox. */
  | 'unanswered';

/** A reply to an alert. */
export interface Reply {
  readonly outcome: Outcome;
  /** Why not, as a code. */
  readonly code: string | null;
  /** Why not, as a sentence. */
  readonly sentence: string | null;
  /** Where the receipt is; null: there is none. */
  readonly receiptUrl: string | null;
  readonly tookMs: number;
}

export interface PostParts {
  readonly url: string;
  readonly signingSecret: string | null;
  readonly timeoutMs: number;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs' | 'after'>;
  readonly random: Pick<Random, 'token'>;
}

/** Sends one alert. Never throws: no answer is an outcome. */
export async function postAlert(alert: string, parts: PostParts): Promise<Reply> {
  const { url, signingSecret, timeoutMs, clock, random } = parts;
  const body = new TextEncoder().encode(alert);
  const nonce = random.token(24);
  const headers: Record<string, string> = {
    'content-type': /^\s*[{[]/.test(alert) ? 'application/json' : 'text/plain; charset=utf-8',
    'user-agent': 'Signalbox signal command',
    ...(signingSecret !== null && { [signatureHeader]: signAlert(signingSecret, { at: clock.now(), nonce, body }) }),
  };
  const gaveUp = new AbortController();
  const timer = clock.after(timeoutMs, () => gaveUp.abort());
  const startedMs = clock.monotonicMs();
  const took = () => clock.monotonicMs() - startedMs;
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: gaveUp.signal });
    const answer = (await response.json().catch(() => null)) as Answer | null;
    return { ...readReply(response.status, answer, url), tookMs: took() };
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
    const sentence = gaveUp.signal.aborted ? `no answer within ${timeoutMs / 1000} s` : `no answer (${cause})`;
    return { outcome: 'unanswered', code: null, sentence, receiptUrl: null, tookMs: took() };
  } finally {
    timer.cancel();
  }
}

/** As our routes and TradersPost's say it. */
interface Answer {
  readonly id?: string;
  readonly status?: unknown;
  readonly receiptUrl?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly success?: boolean;
  readonly logId?: string;
  readonly messageCode?: string;
  readonly message?: string;
}

const byStatus: Readonly<Record<number, Outcome>> = {
  400: 'refused',
  401: 'unauthorized',
  404: 'unauthorized',
  409: 'unauthorized',
  413: 'refused',
  429: 'limited',
  503: 'unavailable',
};

function readReply(status: number, answer: Answer | null, url: string): Omit<Reply, 'tookMs'> {
  const path = answer?.receiptUrl ?? (answer?.logId ? `/signals/${answer.logId}` : null);
  const receiptUrl = path === null ? null : new URL(path, url).href;
  const code = answer?.code ?? answer?.messageCode ?? null;
  const sentence = answer?.detail ?? answer?.message ?? null;
  const told = answer?.status;
  if (status < 300 && (told === 'accepted' || told === 'repeated' || told === 'recorded'))
    return { outcome: told, code: null, sentence: null, receiptUrl };
  // TradersPost's reply does not tell a resend from the first.
  if (status < 300 && answer?.success === true) return { outcome: 'accepted', code: null, sentence: null, receiptUrl };
  if (code === 'invalid-password') return { outcome: 'unauthorized', code, sentence, receiptUrl };
  const outcome = code === null ? undefined : byStatus[status];
  if (outcome !== undefined) return { outcome, code, sentence, receiptUrl };
  return { outcome: 'unanswered', code, sentence: `HTTP ${status}, which is no answer of a Signalbox`, receiptUrl };
}

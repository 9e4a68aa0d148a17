import { ApiError, FetchError, NotFoundError } from '@alpacahq/alpaca-trade-api';
import type { CancelOutcome, ReplaceOutcome, SubmitOutcome } from '../../../core/ports/broker.ts';

/** Failures of the connection's first step: not a byte of the request has left. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Statuses that say nothing about whether the request was carried out. */
export const saysNothing: ReadonlySet<number> = new Set([408, 425]);

/** What a failed submission means. Never throws; what it does not understand is `unknown`. */
export async function submitOutcomeOf(error: unknown): Promise<Exclude<SubmitOutcome, { kind: 'accepted' }>> {
  if (error instanceof ApiError) {
    if (error.status === 429) {
      return {
        kind: 'not_sent',
        message: 'The broker limits our rate.',
        retryAfterMs: error.retryAfterMs ?? null,
        limited: true,
      };
    }
    if (error.status >= 400 && error.status < 500 && !saysNothing.has(error.status)) {
      if (error.status === 422 && /client_order_id must be unique/i.test(error.message)) return { kind: 'duplicate' };
      return {
        kind: 'refused',
        code: String(error.code ?? error.status),
        message: await refusalSentence(error),
        ...(/^insufficient (qty|balance) available/i.test(error.message) && { sharesHeld: true }),
      };
    }
    return { kind: 'unknown', message: `The broker answered ${error.status}: ${error.message}` };
  }
  if (neverSent(error)) {
    return { kind: 'not_sent', message: `The broker could not be reached: ${reasonOf(error)}`, retryAfterMs: null };
  }
  return { kind: 'unknown', message: `No clear answer from the broker: ${reasonOf(error)}` };
}

/** An order that has ended, in the words of a refusal to replace it; one that cannot be replaced for now is in another status. */
const ended = /already replaced|already in .*state|in (filled|canceled|expired|rejected|replaced|done_for_day) status/i;

/** What a failed request to replace means. Never throws; what it does not understand is `unknown`. */
export async function replaceOutcomeOf(error: unknown): Promise<ReplaceOutcome> {
  if (error instanceof NotFoundError && saysOrderNotFound(error)) return { kind: 'not_found' };
  if (error instanceof ApiError && error.status === 422 && ended.test(error.message)) {
    return { kind: 'final', message: error.message };
  }
  // Another refusal is one of the new terms: the old order stands.
  return submitOutcomeOf(error);
}

/** What a failed request to cancel means. Cancelling twice is harmless, so everything unclear is `unknown`. */
export function cancelOutcomeOf(error: unknown): CancelOutcome {
  if (error instanceof NotFoundError && saysOrderNotFound(error)) return { kind: 'not_found' };
  if (error instanceof ApiError && error.status === 422) return { kind: 'final', message: error.message };
  if (error instanceof ApiError) {
    return {
      kind: 'unknown',
      message: `The broker answered ${error.status}: ${error.message}`,
      ...(error.status === 429 ? { limited: { retryAfterMs: error.retryAfterMs ?? null } } : {}),
    };
  }
  return { kind: 'unknown', message: `No clear answer from the broker: ${reasonOf(error)}` };
}

/** Whether a 404 is the venue's word on an order, and not that of a proxy or of a wrong address. */
export const saysOrderNotFound = (error: unknown): boolean =>
  error instanceof NotFoundError && error.code !== undefined && !/endpoint/i.test(error.message);

/** The venue's message with the other fields of its answer: they hold the numbers a trader wants to see. */
async function refusalSentence(error: ApiError): Promise<string> {
  try {
    const { message, code: _, ...rest } = JSON.parse(await error.response.text()) as Record<string, unknown>;
    const details = Object.entries(rest)
      .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
      .map(([field, value]) => `${field.replaceAll('_', ' ')} ${value}`);
    const sentence = String(message ?? error.message);
    return details.length === 0 ? sentence : `${sentence} (${details.join(', ')})`;
  } catch {
    return error.message;
  }
}

/** The codes of an error and of everything that caused it; an `AggregateError` is one attempt for each address of a host. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = (error as NodeJS.ErrnoException).code;
  const inner = error instanceof AggregateError ? error.errors : [error.cause];
  return [...(typeof own === 'string' ? [own] : []), ...inner.flatMap(codesOf)];
}

function neverSent(error: unknown): boolean {
  if (!(error instanceof FetchError)) return false;
  const codes = codesOf(error);
  return codes.length > 0 && codes.every((code) => beforeSending.has(code));
}

/** The innermost message, which names the cause ("connect ECONNREFUSED 127.0.0.1:1"). */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}

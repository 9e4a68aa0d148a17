import type { Expected } from './oracle.ts';
import { impossible } from './oracle.ts';
import type { FuzzRequest, Outcome } from './request.ts';
import type { Reply } from './wire-client.ts';

/** TradingView hangs up after it. */
export const replyWithinMs = 3000;

/** What may be found, and what it is called in the table. */
export const findings = {
  serverError: 'Answers of 500 to 599 but for the stated 503',
  unavailable: 'Alerts that could not be stored in time (503)',
  slow: 'Answers after more than 3 s',
  unanswered: 'Requests without an answer',
  acceptedUnread: 'Accepted, though it cannot be read',
  refusedRead: 'Refused, though it can be read',
  otherwise: 'Answered otherwise than it has to be',
  undocumented: 'Answers with a code that is not documented',
} as const;
export type FindingName = keyof typeof findings;

export interface Judged {
  readonly outcome: Outcome | null;
  /** Of the signal that the answer names; null: none. */
  readonly id: string | null;
  /** Whether an acknowledgement says that it was taken before. */
  readonly repeated: boolean;
  readonly found: readonly (readonly [FindingName, string])[];
}

interface Said {
  readonly outcome: Outcome | null;
  readonly code: string | null;
  readonly id: string | null;
  readonly repeated?: boolean;
}

const nothing: Said = { outcome: null, code: null, id: null };

function fields(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** What an answer says, by the forms that are documented. */
function said(route: FuzzRequest['route'], status: number, body: string): Said {
  const told = fields(body);
  const page = status === 200 && /^\s*<!doctype html/i.test(body);
  if (page) return { ...nothing, outcome: 'a page' };
  if (told === null) return status >= 400 && status < 500 ? { ...nothing, outcome: 'no HTTP' } : nothing;
  if (route === 'traders-post' && typeof told.success === 'boolean') {
    if (told.success) return { outcome: 'accepted', code: null, id: asText(told.id), repeated: true };
    const code = asText(told.messageCode);
    const id = asText(told.logId);
    const message = asText(told.message) ?? '';
    if (id !== null) return { outcome: 'refused', code, id };
    if (status === 404 || code === 'invalid-password') return { outcome: 'unproven', code, id };
    if (code === 'post-required') return { outcome: 'refused', code, id };
    return { outcome: /at most \d+ bytes/.test(message) ? 'too large' : null, code, id };
  }
  const code = asText(told.code);
  if (status === 202 || (status === 200 && told.status === 'repeated'))
    return { outcome: 'accepted', code: null, id: asText(told.id), repeated: status === 200 };
  if (status === 400 && code?.startsWith('INTAKE_')) return { outcome: 'refused', code, id: asText(told.id) };
  if (code === 'HOOK_NOT_FOUND' || code === 'HOOK_CLOCK' || code === 'HOOK_REPLAYED')
    return { outcome: 'unproven', code, id: null };
  if (status === 413) return { outcome: 'too large', code, id: null };
  if (status === 404) return { outcome: 'no such address', code, id: null };
  return { ...nothing, code };
}

/** Holds an answer to what the bytes alone have to come to. */
export function judge(
  request: FuzzRequest,
  expected: Expected | null,
  reply: Reply,
  documented: ReadonlySet<string>,
): Judged {
  const found: (readonly [FindingName, string])[] = [];
  if (reply.tookMs > replyWithinMs && reply.kind !== 'closed') found.push(['slow', `${Math.round(reply.tookMs)} ms`]);
  if (reply.kind !== 'answered') {
    if (reply.kind === 'silent' || !request.also.includes('closed')) found.push(['unanswered', reply.kind]);
    return { outcome: 'closed', id: null, repeated: false, found };
  }
  const { status, body } = reply;
  const shown = `${status} ${body.slice(0, 300)}`;
  const { outcome, code, id, repeated = false } = said(request.route, status, body);
  if (status >= 500) {
    const stated = status === 503 && (code === 'HOOK_UNAVAILABLE' || code === 'unavailable');
    found.push([stated ? 'unavailable' : 'serverError', shown]);
  }
  const coded = status >= 400 && outcome !== 'no HTTP';
  if (coded && (code === null || !documented.has(code))) found.push(['undocumented', shown]);
  const allowed = expected === null ? request.also : [expected.outcome, ...request.also];
  const why = outcome === 'accepted' ? impossible(request) : null;
  if (outcome === 'accepted' && (why !== null || expected?.outcome !== 'accepted'))
    found.push(['acceptedUnread', `${why ?? `the reader says: ${expected?.outcome ?? 'nothing'}`}; ${shown}`]);
  else if (outcome === 'refused' && expected?.outcome === 'accepted') found.push(['refusedRead', shown]);
  else if (status < 500 && (outcome === null || !allowed.includes(outcome)))
    found.push(['otherwise', `expected ${allowed.join(' or ')}; ${shown}`]);
  return { outcome, id, repeated, found };
}

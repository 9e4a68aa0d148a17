import type { Context } from 'hono';
import type { NewEvent } from '../core/model/event.ts';
import { senderAddress, shownAddress } from '../pipeline/intake/proofs/sender-address.ts';
import type { Caller } from '../platform/access/roles.ts';
import type { Env, HttpParts } from './parts.ts';
import { HttpProblem } from './problems.ts';

type Middleware = (c: Context<Env>, next: () => Promise<void>) => Promise<void>;

/** What is asked with a body and changes nothing: risk-check.test.ts, lint.test.ts and the like hold them to that. */
export const onlyAsks: ReadonlySet<string> = new Set([
  'POST /api/v1/risk/check',
  'POST /api/v1/lint',
  'POST /api/v1/notifications/templates/preview',
]);
/** Whether a route's use is an entry of the audit. */
export const isAction = (line: string): boolean => !line.startsWith('GET ') && !onlyAsks.has(line);

/**
 * Where bodies hold nothing that anybody must not read later: there the values are told, elsewhere the names of the fields alone. What a change
 * did is told by its own event as well, with what was before and after.
 */
const toldWithValues =
  /^\/api\/v1\/(orders|positions|kill-switch|mode|strategies|risk|approvals|alarms|quarantines|dead-letters|reconciliations|exchange|settings|signals)\b/;
/** Bytes of a body whose values are told; a longer one is told by its fields. */
const longestTold = 4_096;
/** Trading is stopped even where nothing can be written down. */
const mustNotWait: ReadonlySet<string> = new Set(['POST /api/v1/kill-switch']);

/**
 * Puts whatever a route changes into the event table, from where the audit chains it: who asks for what, from where, before it is done, and what
 * was answered after. One place for all routes, so that none can be forgotten. What cannot be written down is not done.
 */
export function audited(
  parts: Pick<HttpParts, 'eventWriter' | 'connectionOf' | 'trustedProxies' | 'log' | 'random'>,
  line: string,
  guard: Middleware,
): Middleware {
  if (!isAction(line)) return guard;
  return async (c, next) => {
    const action = parts.random.id();
    let permitted = false;
    const about = () => ({ action, line, ...whoAsks(c.get('caller')), from: fromWhere(parts, c) });
    const tell = (event: NewEvent) => parts.eventWriter.append([{ ...event, data: holdable(event.data) }]);
    try {
      await guard(c, async () => {
        const asked = { ...about(), path: c.req.path, ...(await wish(c)) };
        await tell({ kind: 'action.asked', data: asked }).catch((error: unknown) => {
          parts.log.error({ error, line }, 'an action could not be written down');
          if (!mustNotWait.has(line)) throw notWritten();
        });
        permitted = true;
        await next();
      });
      if (permitted) await afterwards(outcomeOf(c));
    } catch (error) {
      // Only the guard throws here: what a route throws has become an answer by then.
      const code = error instanceof HttpProblem ? error.code : 'INTERNAL';
      if (c.get('caller') && code !== 'NOT_RECORDED') {
        await tell({ kind: 'action.refused', data: { ...about(), path: c.req.path, code } }).catch((cause: unknown) =>
          parts.log.error({ error: cause, line }, 'a refusal could not be written down'),
        );
      }
      throw error;
    }

    async function afterwards(outcome: ReturnType<typeof outcomeOf>): Promise<void> {
      try {
        await tell({ kind: 'action.answered', data: { ...about(), ...outcome } });
      } catch (error) {
        // It is done, and that it was asked for is written down: whoever asked must not be told otherwise.
        parts.log.error({ error, line, action, ...outcome }, 'the outcome of an action could not be written down');
      }
    }
  };
}

/** Values without what no database text can hold; the route answers for itself what it thinks of them. */
const holdable = (data: NewEvent['data']): NewEvent['data'] =>
  JSON.parse(JSON.stringify(data, (_name, value) => (typeof value === 'string' ? cleaned(value) : value)));
const cleaned = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

const notWritten = () =>
  new HttpProblem(
    503,
    'NOT_RECORDED',
    'It cannot be written down',
    'The audit could not be written, and nothing is done that is not in it. Nothing was changed; try again.',
  );

function outcomeOf(c: Context<Env>): { outcome: 'done' | 'refused' | 'failed'; status: number; code: string | null } {
  const { status } = c.res;
  const outcome = status < 400 ? 'done' : status < 500 ? 'refused' : 'failed';
  return { outcome, status, code: c.error instanceof HttpProblem ? c.error.code : null };
}

function whoAsks(caller: Caller | undefined) {
  if (!caller) return { who: null };
  const { id, name, role, by } = caller;
  return { who: { id, name, role, by } };
}

function fromWhere(parts: Pick<HttpParts, 'connectionOf' | 'trustedProxies'>, c: Context<Env>): string | null {
  const remote = parts.connectionOf(c).remote.address ?? null;
  return shownAddress(senderAddress(remote, c.req.header('x-forwarded-for'), parts.trustedProxies));
}

/** What a request wishes for, as far as everybody who reads the audit may know. */
async function wish(c: Context<Env>): Promise<Record<string, unknown>> {
  const query = c.req.query();
  const told = Object.keys(query).length > 0 ? { query } : {};
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) return told;
  const text = await c.req.text();
  const body = await Promise.resolve(text)
    .then((whole) => JSON.parse(whole) as unknown)
    .catch(() => null);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return told;
  if (toldWithValues.test(c.req.path) && text.length <= longestTold) return { ...told, body };
  return { ...told, fields: Object.keys(body).slice(0, 50) };
}

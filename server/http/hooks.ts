import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Problem } from '../contract/primitives.ts';
import type { Acknowledgement } from '../contract/signals.ts';
import { type RefusalCode, refusals } from '../core/model/refusals.ts';
import { type Intake, type IntakeAnswer, maxBodyBytes } from '../pipeline/intake/intake.ts';
import { proofHeaders } from '../pipeline/intake/proofs/prove-sender.ts';
import { recordedHeaders } from '../pipeline/intake/recorder/recorded-headers.ts';

export interface HookParts {
  readonly intake: Intake;
  /** The sender's address: `getConnInfo` of @hono/node-server/conninfo. */
  readonly connectionOf: (context: Context) => { readonly remote: { readonly address?: string } };
}

/** `POST /hooks/:source/:token`. The token is the only secret of the address; it goes to intake and nowhere else. */
export function hookRoutes({ intake, connectionOf }: HookParts): Hono {
  const routes = new Hono();
  routes.post('/hooks/:source/:token', async (c) => {
    const body = await readUpTo(c.req.raw, maxBodyBytes);
    if (body === null) return tooLarge(c, maxBodyBytes);
    const answer = await intake.receive({
      source: c.req.param('source'),
      token: c.req.param('token'),
      body,
      contentType: c.req.header('content-type') ?? null,
      headers: proofHeadersOf(c),
      remoteAddress: connectionOf(c).remote.address ?? null,
    });
    return respond(c, answer);
  });
  return routes;
}

/** The headers that a sender proves itself with, and those that a recording keeps beside them. */
export const proofHeadersOf = (c: Context): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries([...proofHeaders, ...recordedHeaders].map((name) => [name, c.req.header(name)]));

const receiptUrl = (id: string): string => `/signals/${id}`;

function respond(c: Context, answer: IntakeAnswer): Response {
  switch (answer.kind) {
    case 'accepted':
    case 'repeated': {
      const body: Acknowledgement = { id: answer.id, status: answer.kind, receiptUrl: receiptUrl(answer.id) };
      return c.json(body, answer.kind === 'accepted' ? 202 : 200);
    }
    case 'recorded': {
      const body: Acknowledgement = { id: answer.id, status: 'recorded', receiptUrl: `/recordings/${answer.id}` };
      return c.json(body, 202);
    }
    case 'alive':
      return c.json({ status: 'alive', strategy: answer.strategy }, 200);
    case 'refused':
      return problem(c, {
        status: 400,
        code: answer.code,
        title: Object.hasOwn(refusals, answer.code) ? refusals[answer.code as RefusalCode] : 'The alert is refused',
        detail: answer.fields.map((f) => `${f.field}: ${f.message}`).join('; '),
        fields: [...answer.fields],
        id: answer.id,
        receiptUrl: receiptUrl(answer.id),
      });
    case 'unknown_token':
      return problem(c, {
        status: 404,
        code: 'HOOK_NOT_FOUND',
        title: 'There is no such webhook',
        detail:
          'The address is not one that was issued, it has ended, or what it asks a sender to prove is missing or wrong.',
      });
    case 'not_fresh':
      return problem(c, {
        status: answer.code === 'HOOK_CLOCK' ? 401 : 409,
        code: answer.code,
        title: 'The signature is not fresh',
        detail:
          answer.code === 'HOOK_CLOCK'
            ? 'The time it was made at is too far from the time here. Nothing was stored.'
            : 'Its nonce was used before. Sign every alert anew.',
      });
    case 'too_large':
      return tooLarge(c, answer.maxBytes);
    case 'rate_limited':
      return later(c, answer.retryAfterMs, {
        status: 429,
        code: 'HOOK_RATE_LIMITED',
        title: 'Too many alerts',
        detail: 'This webhook sends more alerts than its limit allows; nothing was stored.',
      });
    case 'unavailable':
      return later(c, answer.retryAfterMs, {
        status: 503,
        code: 'HOOK_UNAVAILABLE',
        title: 'The alert could not be stored',
        detail: 'Send it again: it will be taken once.',
      });
  }
}

/** What was not read of the body still comes: the next alert must not use this connection, or it would end with it. */
export const endConnection = (c: Context): void => c.header('connection', 'close');

function tooLarge(c: Context, maxBytes: number): Response {
  endConnection(c);
  return problem(c, {
    status: 413,
    code: 'HOOK_TOO_LARGE',
    title: 'The alert is too large',
    detail: `An alert may have at most ${maxBytes} bytes.`,
  });
}

/** `Retry-After` is in whole seconds; one is the least that tells a sender to wait at all. */
function later(c: Context, retryAfterMs: number, fields: ProblemFields): Response {
  c.header('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  return problem(c, fields);
}

type ProblemFields = Omit<Problem, 'type'> & { status: ContentfulStatusCode };

function problem(c: Context, fields: ProblemFields): Response {
  const body: Problem = { type: 'about:blank', ...fields };
  return c.body(JSON.stringify(body), fields.status, { 'content-type': 'application/problem+json' });
}

/** The body, or null as soon as it is longer than `maxBytes`, whatever its content-length says. */
export async function readUpTo(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  const declared = request.headers.get('content-length');
  if (declared !== null && Number(declared) > maxBytes) return null;
  if (declared !== null && request.headers.get('transfer-encoding') === null) {
    // Node's parser hands on no more than was declared, and reading it whole spares a web stream.
    const body = new Uint8Array(await request.arrayBuffer());
    return body.byteLength > maxBytes ? null : body;
  }
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as ReadableStream<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

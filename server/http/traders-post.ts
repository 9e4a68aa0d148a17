import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { WebhookTokens } from '../core/ports/webhook-tokens.ts';
import { type IntakeAnswer, maxBodyBytes } from '../pipeline/intake/intake.ts';
import { readBody } from '../pipeline/intake/read-body.ts';
import { messageCodeOf } from '../pipeline/intake/traders-post/message-codes.ts';
import { endConnection, type HookParts, proofHeadersOf, readUpTo } from './hooks.ts';

export interface TradersPostParts extends HookParts {
  readonly webhooks: Pick<WebhookTokens, 'exists'>;
}

const path = '/trading/webhook/:id/:password';

/**
 * `POST /trading/webhook/:id/:password`: TradersPost's address with TradersPost's replies, so that whoever comes from there changes the host
 * and nothing else. The id is the source's, or its name; the password is its token. What comes here is read as TradersPost's alert, whatever
 * the source is fixed to.
 */
export function tradersPostRoutes({ intake, webhooks, connectionOf }: TradersPostParts): Hono {
  const routes = new Hono();
  routes.post(path, async (c) => {
    const body = await readUpTo(c.req.raw, maxBodyBytes);
    if (body === null) return tooLarge(c);
    const id = c.req.param('id');
    const answer = await intake.receive({
      source: id,
      token: c.req.param('password'),
      dialect: 'traders-post',
      body,
      contentType: c.req.header('content-type') ?? null,
      headers: proofHeadersOf(c),
      remoteAddress: connectionOf(c).remote.address ?? null,
    });
    if (answer.kind !== 'unknown_token') return respond(c, answer, body);
    const exists = await webhooks.exists(id).catch(() => null);
    if (exists === null) return later(c, 503, 1000, 'unavailable', 'The alert could not be stored. Send it again.');
    if (!exists) return failed(c, 404, { messageCode: 'not-found', message: 'There is no such webhook.' });
    return wrongPassword(c);
  });
  routes.all(path, (c) => failed(c, 400, { messageCode: 'post-required', message: 'Alerts are sent with POST.' }));
  return routes;
}

function respond(c: Context, answer: Exclude<IntakeAnswer, { kind: 'unknown_token' }>, body: Uint8Array): Response {
  switch (answer.kind) {
    case 'accepted':
    case 'repeated':
    case 'recorded': {
      // Put together as text, so that what was sent comes back with the digits it had; it was read as JSON, so that the whole is JSON.
      const id = JSON.stringify(answer.id);
      const text = readBody(body).text.trim();
      // A sandbox takes what no dialect could read.
      const payload = answer.kind !== 'recorded' || isJson(text) ? text : JSON.stringify(text);
      const reply = `{"success":true,"id":${id},"logId":${id},"payload":${payload}}`;
      return c.body(reply, 200, { 'content-type': 'application/json' });
    }
    case 'alive':
      return c.json({ success: true, heartbeat: answer.strategy }, 200);
    case 'refused':
      return failed(c, 400, {
        logId: answer.id,
        messageCode: messageCodeOf(answer.fields),
        message: answer.fields.map(({ field, message }) => `${field}: ${message}`).join('; '),
      });
    case 'not_fresh':
      return wrongPassword(c);
    case 'too_large':
      return tooLarge(c);
    case 'rate_limited':
      return later(
        c,
        429,
        answer.retryAfterMs,
        'too-many-requests',
        'This webhook sends more alerts than its limit allows; nothing was stored.',
      );
    case 'unavailable':
      return later(
        c,
        503,
        answer.retryAfterMs,
        'unavailable',
        'The alert could not be stored. Send it again: it will be taken once.',
      );
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const wrongPassword = (c: Context): Response =>
  failed(c, 400, {
    messageCode: 'invalid-password',
    message: 'The password is not this webhook’s, or what the webhook asks a sender to prove is missing or wrong.',
  });

function tooLarge(c: Context): Response {
  endConnection(c);
  return failed(c, 400, {
    messageCode: 'invalid-payload',
    message: `An alert may have at most ${maxBodyBytes} bytes.`,
  });
}

function later(c: Context, status: 429 | 503, afterMs: number, messageCode: string, message: string): Response {
  c.header('retry-after', String(Math.max(1, Math.ceil(afterMs / 1000))));
  return failed(c, status, { messageCode, message });
}

interface Failure {
  /** Of an alert that is kept, to be looked at. */
  readonly logId?: string;
  readonly messageCode: string;
  readonly message: string;
}

const failed = (c: Context, status: ContentfulStatusCode, failure: Failure): Response =>
  c.json({ success: false, ...failure }, status);

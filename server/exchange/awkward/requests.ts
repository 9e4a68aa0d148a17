import type { IncomingMessage } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Clock } from '../../core/ports/clock.ts';
import { credentialsIn } from '../api/credentials.ts';
import { type Awkwardness, delayOf, type Fault } from './awkwardness.ts';
import type { Subject } from './fault.ts';
import { awkwardEvents } from './server-sent.ts';

export interface RequestParts {
  readonly awkward: Awkwardness;
  readonly clock: Clock;
  /** Every name of the account whose key id this is. */
  readonly accountsOf: (keyId: string) => readonly string[];
  /** The symbol of an order; null: there is no such order. */
  readonly symbolOfOrder: (orderId: string) => Promise<string | null>;
  readonly newId: () => string;
}

type Answer = () => Response | Promise<Response>;

/**
 * Stands between the network and the venue's REST face. What comes before the venue keeps it from seeing the request; what comes
 * after it finds the request done and stored, and takes only the answer away.
 */
export function awkwardRequests({ awkward, clock, accountsOf, symbolOfOrder, newId }: RequestParts) {
  const subjectOf = async (request: Request): Promise<Subject> => {
    const url = new URL(request.url);
    return {
      method: request.method,
      path: url.pathname,
      symbols: await symbolsOf(request, url, symbolOfOrder),
      accounts: accountsOf(credentialsIn((name) => request.headers.get(name))?.keyId ?? ''),
    };
  };

  return async (request: Request, incoming: IncomingMessage, answer: Answer): Promise<Response> => {
    if (awkward.calm) return answer();
    const subject = await subjectOf(request);
    const waits = awkward.strike('latency', subject).map(delayOf);
    if (waits.length > 0) await clock.sleep(waits.reduce((sum, ms) => sum + ms, 0));
    if (awkward.strike('reset_before', subject).length > 0) return reset(incoming);
    const [limited] = awkward.strike('rate_limit', subject);
    if (limited) return tooMany(limited.fault, clock.now(), newId());
    const [rejected] = awkward.strike('reject', subject);
    if (rejected) return refused(rejected.fault, newId());
    const [failed] = awkward.strike('error_before', subject);
    if (failed) return serverError(failed.fault, newId());

    const response = await answer();
    if (awkward.strike('reset_after', subject).length > 0) {
      await response.body?.cancel();
      return reset(incoming);
    }
    const [lost] = awkward.strike('error_after', subject);
    if (lost) {
      await response.body?.cancel();
      return serverError(lost.fault, newId());
    }
    return response.headers.get('content-type')?.startsWith('text/event-stream')
      ? awkwardEvents(response, awkward, subject.accounts ?? [])
      : response;
  };
}

/** A real reset (RST), so that the client sees what a broken path or a dying server looks like. */
function reset(incoming: IncomingMessage): Response {
  incoming.socket.resetAndDestroy();
  return RESPONSE_ALREADY_SENT;
}

const json = (status: number, body: object, headers: Record<string, string>): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

function tooMany({ parameters }: Fault, now: Date, requestId: string): Response {
  const seconds = Number(parameters.retryAfter);
  return json(
    429,
    { code: 42_910_000, message: 'rate limit exceeded' },
    {
      'x-request-id': requestId,
      'x-ratelimit-limit': '200',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.ceil(now.getTime() / 1000) + seconds),
      ...(seconds > 0 ? { 'retry-after': String(seconds) } : {}),
    },
  );
}

/** Alpaca's words for the codes that orders are refused with. */
const words: Readonly<Record<number, string>> = {
  40010000: 'failed to decode request body',
  40010001: 'invalid order type',
  40310000: 'insufficient buying power',
  40310100: 'trade denied due to pattern day trading protection',
  40410000: 'order not found',
  42210000: 'order is not accepted at this time',
  42910000: 'rate limit exceeded',
  50010000: 'internal server error occurred',
};

/** The status is the code's first three digits, but for 40010001, which comes with 422. */
function refused({ parameters }: Fault, requestId: string): Response {
  const code = Number(parameters.code);
  const status = code === 40_010_001 ? 422 : Math.floor(code / 100_000);
  const message = String(parameters.message) || (words[code] ?? 'order is refused');
  return json(status, { code, message }, { 'x-request-id': requestId });
}

/** The venue itself says 500 in JSON; what stands before it says 502 to 504 in HTML, without a request id. */
function serverError({ parameters }: Fault, requestId: string): Response {
  const status = Number(parameters.status);
  const gateway = { 502: 'Bad Gateway', 503: 'Service Temporarily Unavailable', 504: 'Gateway Time-out' }[status];
  if (gateway) {
    const title = `${status} ${gateway}`;
    const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
    return new Response(page, { status, headers: { 'content-type': 'text/html' } });
  }
  return json(status, { code: 50_010_000, message: 'internal server error occurred' }, { 'x-request-id': requestId });
}

/** The symbols that a request is about, wherever it says them. */
async function symbolsOf(
  request: Request,
  url: URL,
  symbolOfOrder: RequestParts['symbolOfOrder'],
): Promise<readonly string[]> {
  const named = `${url.searchParams.get('symbols') ?? ''},${url.searchParams.get('symbol') ?? ''}`.split(',');
  const [, inPath] = /^\/v2\/(?:positions|assets|stocks)\/([^/]+)/.exec(url.pathname) ?? [];
  const [, orderId] = /^\/v2\/orders\/([^/]+)$/.exec(url.pathname) ?? [];
  if (inPath) named.push(decodeURIComponent(inPath));
  if (orderId) named.push((await symbolOfOrder(orderId)) ?? '');
  if (request.method === 'POST' || request.method === 'PATCH') {
    const body = (await request
      .clone()
      .json()
      .catch(() => null)) as { symbol?: unknown } | null;
    if (typeof body?.symbol === 'string') named.push(body.symbol);
  }
  return [...new Set(named.map((name) => name.trim().toUpperCase()).filter(Boolean))];
}

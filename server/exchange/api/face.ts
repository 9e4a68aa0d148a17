import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getPath } from 'hono/utils/url';
import type { Log } from '../../core/ports/log.ts';
import type { Market } from '../market/market.ts';
import { VenueRefusal } from '../venue/refusal.ts';
import type { Env, TradingApiParts } from './context.ts';
import { credentialsIn } from './credentials.ts';
import type { DataPlan } from './data-plan.ts';
import { marketDataApi } from './market-data.ts';
import { rateLimit } from './rate-limit.ts';
import { tradingApi } from './trading.ts';

export interface FaceParts {
  readonly trading: TradingApiParts;
  readonly market: Market;
  readonly monotonicMs: () => number;
  readonly dataPlan: DataPlan;
  /** Null: as many as an account likes. */
  readonly requestsPerMinute: number | null;
  readonly accountOf: (keyId: string, secretKey: string) => string | null;
  readonly log: Log;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** The history of crypto takes no keys at Alpaca; those who have none share one limit. */
const openToAll = /^\/v1beta3\/crypto\//;
const mostBytes = 1024 * 1024;

/** The REST face: request ids, authentication, the limit, Alpaca's errors, then the routes. */
export function face({
  trading,
  market,
  monotonicMs,
  dataPlan,
  requestsPerMinute,
  accountOf,
  log,
}: FaceParts): Hono<Env> {
  const { now, random } = trading;
  const app = new Hono<Env>({ getPath: plainPath });
  app.use(async (c, next) => {
    c.header('X-Request-ID', random.id().replaceAll('-', ''));
    const credentials = credentialsIn((name) => c.req.header(name));
    if (credentials === null && openToAll.test(c.req.path)) {
      c.set('accountId', '');
      return next();
    }
    // Without keys it is Alpaca's proxy that answers, and not in JSON.
    if (credentials === null) return c.html(proxyPage('401 Authorization Required'), 401);
    const accountId = accountOf(credentials.keyId, credentials.secret);
    if (accountId === null) return c.json({ message: 'unauthorized.' }, 401);
    c.set('accountId', accountId);
    return next();
  });
  if (requestsPerMinute !== null) app.use(rateLimit(requestsPerMinute, now));
  app.use(bodyLimit({ maxSize: mostBytes, onError: tooLarge }));
  app.route('/', tradingApi(trading));
  app.route('/', marketDataApi({ market, now, monotonicMs, plan: dataPlan }));
  app.notFound((c) => {
    const allowed = methods.filter((method) => serves(app, method, c.req.path));
    if (allowed.length === 0) return c.json({ code: 40_410_000, message: 'endpoint not found.' }, 404);
    c.header('Allow', [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', '));
    if (c.req.method === 'OPTIONS') return c.body(null, 204);
    return c.json({ code: 40_510_000, message: 'method not allowed' }, 405);
  });
  app.onError((error, c) => {
    if (error instanceof VenueRefusal) {
      return c.json({ code: error.code, message: error.message, ...error.extra }, error.status as 422);
    }
    log.error({ error }, 'the exchange failed on a request');
    return c.json({ code: 50_010_000, message: 'internal server error occurred' }, 500);
  });
  return app;
}

/**
 * The path without slashes at its end; `orders:by_client_order_id` is the same when a client has escaped its colon. Not of a DELETE: an id
 * that a client forgot must not cancel all orders.
 */
function plainPath(request: Request): string {
  const asked = getPath(request);
  const path = request.method === 'DELETE' ? asked : asked.replace(/(?<=.)\/+$/, '');
  return path.replace(/^(\/v2\/(?:orders|watchlists))%3A(?=by_)/i, '$1:');
}

/** Whether anything but what stands before every route answers to this. */
const serves = (app: Hono<Env>, method: string, path: string): boolean =>
  app.router.match(method, path)[0].some(([[, route]]) => route.method === method);

/** Read to its end all the same: a client that is still sending would see a broken connection and not the answer. */
async function tooLarge(c: Context): Promise<Response> {
  await c.req.raw.body?.pipeTo(new WritableStream()).catch(() => {});
  return c.html(proxyPage('413 Request Entity Too Large'), 413);
}

const proxyPage = (title: string): string => `<html>
<head><title>${title}</title></head>
<body>
<center><h1>${title}</h1></center>
<hr><center>nginx</center>
</body>
</html>
`;

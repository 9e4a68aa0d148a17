import type { MiddlewareHandler } from 'hono';
import type { Env } from './context.ts';

const windowMs = 60_000;
/** Market data has a budget of its own, as it is another host at Alpaca. */
const isData = (path: string): boolean => /^\/(v2\/stocks|v1beta\d+\/(crypto|news|options|screener))(\/|$)/.test(path);

/**
 * So many requests a minute and account, counted in windows that begin with the clock's minute. Every answer says what is left;
 * past that the answer is 429, with Alpaca's code on the trading side and its bare sentence on the data side.
 */
export function rateLimit(requestsPerMinute: number, now: () => Date): MiddlewareHandler<Env> {
  const windows = new Map<string, { readonly began: number; used: number }>();
  return async (c, next) => {
    const data = isData(c.req.path);
    const key = `${c.get('accountId')} ${data ? 'data' : 'trading'}`;
    const at = now().getTime();
    const began = Math.floor(at / windowMs) * windowMs;
    let window = windows.get(key);
    if (window?.began !== began) {
      window = { began, used: 0 };
      windows.set(key, window);
    }
    window.used++;
    c.header('X-RateLimit-Limit', String(requestsPerMinute));
    c.header('X-RateLimit-Remaining', String(Math.max(0, requestsPerMinute - window.used)));
    c.header('X-RateLimit-Reset', String((began + windowMs) / 1000));
    if (window.used <= requestsPerMinute) return next();
    c.header('Retry-After', String(Math.max(1, Math.ceil((began + windowMs - at) / 1000))));
    return c.json(data ? { message: 'too many requests.' } : { code: 42_910_000, message: 'rate limit exceeded' }, 429);
  };
}

import { Hono } from 'hono';
import type { Env, TradingApiParts } from './context.ts';
import { calendarDays, newYorkTime, sessionTimes } from './new-york.ts';

/** The venue's clock and its calendar. */
export function clockApi({ now }: TradingApiParts): Hono<Env> {
  const api = new Hono<Env>();
  api.get('/v2/clock', (c) => {
    const times = sessionTimes(now());
    return c.json({
      timestamp: newYorkTime(now()),
      is_open: true,
      next_open: times.nextOpen,
      next_close: times.nextClose,
    });
  });
  api.get('/v2/calendar', (c) => c.json(calendarDays(c.req.query('start'), c.req.query('end'), now())));
  return api;
}

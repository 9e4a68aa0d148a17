import { Hono } from 'hono';
import { absentApi } from './absent.ts';
import { accountsApi } from './accounts.ts';
import { activitiesApi } from './activities.ts';
import { assetsApi } from './assets.ts';
import { calendarApi } from './calendar.ts';
import type { Env, TradingApiParts } from './context.ts';
import { eventsApi } from './events.ts';
import { ordersApi } from './orders.ts';
import { portfolioHistoryApi } from './portfolio-history.ts';
import { positionsApi } from './positions.ts';
import { watchlistsApi } from './watchlists.ts';

/** Alpaca's Trading API v2. Whoever calls has been authenticated: `accountId` is set. */
export function tradingApi(parts: TradingApiParts): Hono<Env> {
  const api = new Hono<Env>();
  for (const routes of [
    accountsApi,
    portfolioHistoryApi,
    activitiesApi,
    ordersApi,
    positionsApi,
    assetsApi,
    watchlistsApi,
    eventsApi,
    absentApi,
  ]) {
    api.route('/', routes(parts));
  }
  api.route('/', calendarApi(parts.sessions, parts.now));
  return api;
}

import { z } from 'zod';
import {
  exchangeBook,
  exchangeTrades,
  exchangeView,
  faultRequest,
  id,
  plainText,
  type TradeTermsJson,
  tradeTerms,
} from '../../contract/index.ts';
import type { ExchangeAdmin } from '../../platform/rehearsal/exchange-admin.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem, notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** The embedded paper exchange and its faults. Without one, every route says that there is none. */
export function exchangeRoutes(app: App, { exchange }: HttpParts): void {
  const tag = 'Exchange';
  const running = (): ExchangeAdmin => {
    if (!exchange) throw notFound('embedded exchange here: orders go to Alpaca');
    return exchange;
  };
  const answered = <T>(seen: T | null): T => {
    if (seen !== null) return seen;
    throw new HttpProblem(
      502,
      'EXCHANGE_SILENT',
      'The exchange does not answer',
      'The embedded exchange does not answer. Orders and positions in it are stored; try again.',
    );
  };
  const view = async (admin: ExchangeAdmin) => answered(await admin.look());
  const trades = async (admin: ExchangeAdmin) => ({ items: [...answered(await admin.trades())] });
  const corrected = async (tradeId: string, terms: TradeTermsJson | null) => {
    const admin = running();
    const refused = await admin.correct(tradeId, terms);
    if (refused)
      throw new HttpProblem(
        409,
        'TRADE_KEPT',
        'The exchange leaves this trade as it is',
        `The exchange says: ${refused}`,
      );
    return trades(admin);
  };

  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/exchange',
        tag,
        summary: 'The embedded paper exchange, and which faults are on',
        answer: exchangeView,
      }),
    ),
    async (c) => c.json(await view(running()), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/exchange/faults',
        tag,
        summary: 'Make the embedded exchange misbehave',
        answer: exchangeView,
      }),
      request: { body: jsonBody(faultRequest) },
    }),
    async (c) => {
      const admin = running();
      const refused = await admin.add(c.req.valid('json'));
      if (refused) throw new HttpProblem(400, 'INVALID', 'The exchange does not take this fault', refused);
      return c.json(await view(admin), 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path: '/api/v1/exchange/faults/{id}',
        tag,
        summary: 'End a fault',
        answer: exchangeView,
      }),
      request: { params: z.object({ id }) },
    }),
    async (c) => {
      const admin = running();
      if (!(await admin.remove(c.req.valid('param').id))) throw notFound('such fault on');
      return c.json(await view(admin), 200);
    },
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'delete',
        path: '/api/v1/exchange/faults',
        tag,
        summary: 'End every fault',
        answer: exchangeView,
      }),
    ),
    async (c) => {
      const admin = running();
      await admin.clear();
      return c.json(await view(admin), 200);
    },
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/exchange/trades',
        tag,
        summary: 'The newest trades at the embedded exchange, of every account',
        answer: exchangeTrades,
      }),
    ),
    async (c) => c.json(await trades(running()), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/exchange/book',
        tag,
        summary: 'The order book of a symbol at the embedded exchange, with what waits outside of it',
        answer: exchangeBook,
      }),
      request: { query: z.object({ symbol: plainText(20).min(1).meta({ example: 'AAPL' }) }) },
    }),
    async (c) => {
      const symbol = c.req.valid('query').symbol.toUpperCase();
      const seen = answered(await running().book(symbol));
      if (seen === 'unlisted') throw notFound(`${symbol} at the embedded exchange`);
      return c.json(seen, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/exchange/trades/{id}/take-back',
        tag,
        summary: 'Take a trade back, as a venue does with an erroneous one',
        answer: exchangeTrades,
      }),
      request: { params: z.object({ id }) },
    }),
    async (c) => c.json(await corrected(c.req.valid('param').id, null), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/exchange/trades/{id}/correct',
        tag,
        summary: 'Change the quantity or the price of a trade, as a venue does with an erroneous one',
        answer: exchangeTrades,
      }),
      request: { params: z.object({ id }), body: jsonBody(tradeTerms) },
    }),
    async (c) => c.json(await corrected(c.req.valid('param').id, c.req.valid('json')), 200),
  );
}

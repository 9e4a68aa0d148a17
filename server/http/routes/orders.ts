import { z } from 'zod';
import {
  closeAllWish,
  closedAll,
  execution,
  id,
  order,
  orderChange,
  orderDetail,
  pageOf,
  pageQuery,
  plainText,
  position,
  positionClosing,
  positiveText,
  quote,
} from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem, notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** Orders, fills, positions and prices. */
export function orderRoutes(app: App, { queries, commands }: HttpParts): void {
  const byId = z.object({ id });
  const tag = 'Orders';

  const read = async (orderId: string) => {
    const [found, ...legs] = await queries.orderWithLegs(orderId);
    if (!found) throw notFound('such order');
    const all = [found.id, ...legs.map((leg) => leg.id)];
    const [executions, events] = await Promise.all([queries.executionsOf(all), queries.eventsOfOrders(all)]);
    return { ...found, legs, executions, events };
  };

  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/orders',
        tag,
        summary: 'Orders, newest first',
        answer: pageOf(order),
      }),
      request: {
        query: pageQuery.extend({
          status: z.enum(['open', 'closed', 'all']).default('all'),
          symbol: plainText(20).optional(),
          accountId: id.optional(),
        }),
      },
    }),
    async (c) => c.json(await queries.orders(c.req.valid('query')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/orders/{id}',
        tag,
        summary: 'One order with its legs, its fills and its life',
        answer: orderDetail,
      }),
      request: { params: byId },
    }),
    async (c) => c.json(await read(c.req.valid('param').id), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'patch',
        path: '/api/v1/orders/{id}',
        tag,
        status: 202,
        summary: 'Ask the broker to put an order with other terms in the place of this one',
        answer: orderDetail,
      }),
      request: { params: byId, body: jsonBody(orderChange) },
    }),
    async (c) => {
      const asked = await commands.replaceOrder(c.req.valid('param').id, c.req.valid('json'), c.get('caller'));
      if (asked === null) throw notFound('such order');
      return c.json(await read(c.req.valid('param').id), 202);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/orders/{id}/cancel',
        tag,
        status: 202,
        summary: 'Ask the broker to cancel; the order’s status tells when it has',
        answer: orderDetail,
      }),
      request: { params: byId },
    }),
    async (c) => {
      const outcome = await commands.cancelOrder(c.req.valid('param').id, c.get('caller'));
      if (outcome === null) throw notFound('such order');
      if (outcome === 'final') {
        throw new HttpProblem(409, 'ORDER_FINAL', 'Too late', 'The order has ended already. Nothing was changed.');
      }
      return c.json(await read(c.req.valid('param').id), 202);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/executions',
        tag,
        summary: 'Fills, newest first',
        answer: pageOf(execution),
      }),
      request: { query: pageQuery.extend({ symbol: plainText(20).optional(), accountId: id.optional() }) },
    }),
    async (c) => c.json(await queries.executions(c.req.valid('query')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/positions',
        tag,
        summary: 'Open positions',
        answer: z.object({ items: z.array(position) }),
      }),
      request: { query: z.object({ accountId: id.optional() }) },
    }),
    async (c) => c.json({ items: await queries.positions(c.req.valid('query').accountId) }, 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/positions/{accountId}/{symbol}/close',
        tag,
        status: 202,
        summary: 'Close a position at market, or a part of it, by an alert of your own',
        answer: positionClosing,
      }),
      request: {
        params: z.object({ accountId: id, symbol: plainText(20) }),
        query: z.object({
          strategy: plainText(64).optional().meta({ description: 'Only this strategy’s shares; left out: all' }),
          quantity: positiveText
            .optional()
            .meta({ description: 'How many shares; left out: all. Where several strategies hold it, say whose' }),
        }),
      },
    }),
    async (c) => {
      const { accountId, symbol } = c.req.valid('param');
      const { strategy = null, quantity = null } = c.req.valid('query');
      const position = { accountId, symbol: symbol.toUpperCase(), strategy, quantity };
      const answer = await commands.closePosition(position, c.get('caller'));
      if (answer === null) throw notFound(`open position in ${symbol.toUpperCase()}`);
      return c.json(answer, 202);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/positions/close-all',
        tag,
        status: 202,
        summary: 'Close every position at market, each by an alert of your own; trading goes on',
        answer: closedAll,
      }),
      request: { body: jsonBody(closeAllWish) },
    }),
    async (c) => c.json(await commands.closeAll(c.req.valid('json').accountId ?? null, c.get('caller')), 202),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/quotes',
        tag,
        summary: 'Live quotes',
        answer: z.object({ items: z.array(quote) }),
      }),
      request: { query: z.object({ symbols: plainText(1000).meta({ example: 'AAPL,MSFT' }) }) },
    }),
    async (c) => {
      const symbols = c.req.valid('query').symbols.split(',').filter(Boolean).slice(0, 50);
      return c.json({ items: await commands.quotes(symbols.map((symbol) => symbol.trim().toUpperCase())) }, 200);
    },
  );
}

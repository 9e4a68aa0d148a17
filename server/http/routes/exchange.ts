import { z } from 'zod';
import { exchangeView, faultRequest, id } from '../../contract/index.ts';
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
  const view = async (admin: ExchangeAdmin) => {
    const seen = await admin.look();
    if (seen) return seen;
    throw new HttpProblem(
      502,
      'EXCHANGE_SILENT',
      'The exchange does not answer',
      'The embedded exchange does not answer. Orders and positions in it are stored; try again.',
    );
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
}

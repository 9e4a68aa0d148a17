import { z } from 'zod';
import { account, equityPoint, id, me, reconciliation, setup, status } from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { notFound } from '../problems.ts';
import { createRoute, describeRoute } from '../route.ts';

/** Accounts and how things stand. */
export function accountRoutes(app: App, { queries, commands }: HttpParts): void {
  const byId = z.object({ id });
  const tag = 'Accounts';

  app.openapi(
    createRoute(describeRoute({ method: 'get', path: '/api/v1/me', tag: 'Access', summary: 'Who asks', answer: me })),
    (c) => {
      const { id: who, name, email, role } = c.get('caller');
      return c.json({ id: who, name, email, role }, 200);
    },
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/status',
        tag,
        summary: 'Mode, health, equity, last signal, approvals, kill switch',
        answer: status,
      }),
    ),
    async (c) => c.json(await commands.status(), 200),
  );
  app.openapi(
    createRoute(
      describeRoute({ method: 'get', path: '/api/v1/setup', tag, summary: 'What connects TradingView', answer: setup }),
    ),
    async (c) => c.json(await commands.setup(c.get('caller')), 200),
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'post',
        path: '/api/v1/setup/seen',
        tag,
        summary: 'Say that the set-up was shown: it does not come by itself any more',
        answer: z.object({ seen: z.literal(true) }),
      }),
    ),
    async (c) => {
      await commands.setupSeen(c.get('caller'));
      return c.json({ seen: true as const }, 200);
    },
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/accounts',
        tag,
        summary: 'Accounts with their figures, ours and the broker’s',
        answer: z.object({ items: z.array(account) }),
      }),
    ),
    async (c) => c.json({ items: await queries.accounts() }, 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/accounts/{id}/equity',
        tag,
        summary: 'The equity curve, oldest first',
        answer: z.object({ items: z.array(equityPoint) }),
      }),
      request: { params: byId, query: z.object({ since: z.iso.datetime().optional() }) },
    }),
    async (c) => {
      // Nothing was traded here before 1970, and PostgreSQL has no year 0.
      const since = new Date(Math.max(0, Date.parse(c.req.valid('query').since ?? '1970-01-01T00:00:00Z')));
      return c.json({ items: await queries.equity(c.req.valid('param').id, since) }, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/accounts/{id}/reconcile',
        tag,
        summary: 'Compare with the broker now',
        answer: reconciliation,
      }),
      request: { params: byId },
    }),
    async (c) => {
      const answer = await commands.reconcile(c.req.valid('param').id);
      if (!answer) throw notFound('such account at work here');
      return c.json(answer, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/accounts/{id}/reconciliations',
        tag,
        summary: 'Comparisons with the broker, newest first',
        answer: z.object({ items: z.array(reconciliation) }),
      }),
      request: { params: byId },
    }),
    async (c) => c.json({ items: await queries.reconciliations(c.req.valid('param').id) }, 200),
  );
}

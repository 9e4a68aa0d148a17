import { z } from 'zod';
import { limitChange, limitRemoval, riskLimit, riskRule, riskToday } from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** The rules of the risk gate, and their limits. */
export function limitRoutes(app: App, { limits }: Pick<HttpParts, 'limits'>): void {
  const tag = 'Risk';
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/risk/rules',
        tag,
        summary: 'Every rule of the risk gate, with its parameters and the limits in force',
        answer: z.object({ items: z.array(riskRule) }),
      }),
    ),
    async (c) => c.json({ items: [...(await limits.rules())] }, 200),
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/risk/today',
        tag,
        summary: 'What the rules have said since New York’s midnight, and why decisions were denied',
        answer: riskToday,
      }),
    ),
    async (c) => c.json(await limits.today(), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/risk/limits/history',
        tag,
        summary: 'Every version of the limits of a rule, or of all, with author and reason, the newest first',
        answer: z.object({ items: z.array(riskLimit) }),
      }),
      request: { query: z.object({ rule: z.string().max(64).optional() }) },
    }),
    async (c) => c.json({ items: [...(await limits.history(c.req.valid('query').rule ?? null))] }, 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'put',
        path: '/api/v1/risk/limits',
        tag,
        summary: 'Set a limit, for everything or for some; one that concerns real money asks for an admin',
        answer: riskLimit,
      }),
      request: { body: jsonBody(limitChange) },
    }),
    async (c) => c.json(await limits.set(c.req.valid('json'), c.get('caller')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path: '/api/v1/risk/limits',
        tag,
        summary: 'Take a limit away: what is wider holds again',
        answer: riskLimit,
      }),
      request: { body: jsonBody(limitRemoval) },
    }),
    async (c) => c.json(await limits.remove(c.req.valid('json'), c.get('caller')), 200),
  );
}

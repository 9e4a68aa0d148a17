import { z } from 'zod';
import { strategyActivity, strategyChangeMade } from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { createRoute, describeRoute } from '../route.ts';

/** What strategies do, and what was done to them. Their settings are among the controls. */
export function strategyRoutes(app: App, { queries, settings }: Pick<HttpParts, 'queries' | 'settings'>): void {
  const tag = 'Strategies';
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/strategies/activity',
        tag,
        summary: 'What each strategy has done today, and its last alert; those that alerts alone name as well',
        answer: z.object({ items: z.array(strategyActivity) }),
      }),
    ),
    async (c) => c.json({ items: await queries.strategyActivity(settings.strategies().map(({ key }) => key)) }, 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/strategies/{key}/history',
        tag,
        summary: 'What people did to a strategy, the newest first: settings, promotions, kill switches, limits',
        answer: z.object({ items: z.array(strategyChangeMade) }),
      }),
      request: {
        params: z.object({ key: z.string().regex(/^[\w.:-]{1,64}$/) }),
        query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
      },
    }),
    async (c) => {
      const items = await queries.strategyHistory(c.req.valid('param').key, c.req.valid('query').limit);
      return c.json({ items }, 200);
    },
  );
}

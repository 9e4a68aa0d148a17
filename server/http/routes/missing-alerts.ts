import { z } from 'zod';
import { id, quarantine, quarantineClearing, signOfLife } from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem, notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** Strategies of which alerts seem to be missing, and when each was last heard of. */
export function missingAlertRoutes(app: App, { missingAlerts }: Pick<HttpParts, 'missingAlerts'>): void {
  const tag = 'Missing alerts';
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/quarantines',
        tag,
        summary: 'Strategies that enter nothing in a symbol until a person clears it; open ones first',
        answer: z.object({ items: z.array(quarantine) }),
      }),
    ),
    async (c) => c.json({ items: [...(await missingAlerts.quarantines())] }, 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/quarantines/{id}/clear',
        tag,
        summary: 'Let the strategy enter again, with a reason',
        answer: quarantine,
      }),
      request: { params: z.object({ id }), body: jsonBody(quarantineClearing) },
    }),
    async (c) => {
      const { id: quarantineId } = c.req.valid('param');
      const { reason } = c.req.valid('json');
      const done = await missingAlerts.clear(quarantineId, c.get('caller').name, reason);
      if (!done) throw notFound('such quarantine');
      const { quarantine: found, cleared } = done;
      if (!cleared && found.cleared) {
        const sentence = `${found.cleared.by} cleared it at ${found.cleared.at}: ${found.cleared.reason} Nothing was changed.`;
        throw new HttpProblem(409, 'QUARANTINE_OVER', 'It is over', sentence);
      }
      return c.json(found, 200);
    },
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/signs-of-life',
        tag,
        summary: 'When each strategy was last heard of, and by when it is expected again',
        answer: z.object({ items: z.array(signOfLife) }),
      }),
    ),
    async (c) => c.json({ items: [...(await missingAlerts.signs())] }, 200),
  );
}

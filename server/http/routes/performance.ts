import { z } from 'zod';
import { performance, performanceQuery } from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { createRoute, describeRoute, refusal } from '../route.ts';

/** What trading has come to: of an account, or of all accounts of a mode, and of one strategy in them. */
export function performanceRoutes(app: App, { performance: desk }: Pick<HttpParts, 'performance'>): void {
  const tag = 'Performance';
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/performance',
        tag,
        summary: 'Equity, drawdown, ratios, months and trades of a period; paper and production never together',
        answer: performance,
      }),
      request: { query: performanceQuery },
    }),
    async (c) => c.json(await desk.figures(c.req.valid('query')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/performance/csv',
        tag,
        summary: 'The closed trades of a period as CSV, the newest first',
        answer: z.string(),
      }),
      responses: {
        200: { content: { 'text/csv': { schema: z.string() } }, description: 'One line a trade' },
        default: refusal,
      },
      request: { query: performanceQuery },
    }),
    async (c) => {
      const { name, text } = await desk.tradesCsv(c.req.valid('query'));
      return c.body(text, 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${name}"`,
      }) as never;
    },
  );
}

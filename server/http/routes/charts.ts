import { z } from 'zod';
import { bars, id, indicator, moment, plainText, timeframe } from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { createRoute, describeRoute } from '../route.ts';

/** Bars with indicators over them. */
export function chartRoutes(app: App, { charts }: HttpParts): void {
  const tag = 'Charts';

  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/bars',
        tag,
        summary: 'Bars of a symbol, oldest first, with indicators; says which feed they are of',
        answer: bars,
      }),
      request: {
        query: z.object({
          symbol: plainText(20).min(1).meta({ example: 'AAPL' }),
          timeframe: timeframe.default('5m'),
          from: moment
            .optional()
            .meta({ description: 'Bars that begin then or later; left out: as far back as the page goes' }),
          to: moment.optional().meta({ description: 'Bars that begin before then; left out: up to now' }),
          limit: z.coerce.number().int().min(1).max(1500).default(300).meta({ description: 'Bars a page: the newest' }),
          accountId: id.optional().meta({ description: 'Whose market is asked; left out: of the mode there is' }),
          indicators: plainText(400)
            .default('')
            .meta({ description: 'At most 12, by commas, each with its parameters', example: 'ema:20,macd:12:26:9' }),
        }),
      },
    }),
    async (c) => {
      const { symbol, from, to, accountId, ...rest } = c.req.valid('query');
      const answer = await charts.bars({
        ...rest,
        symbol: symbol.trim().toUpperCase(),
        from: from === undefined ? null : new Date(from),
        to: to === undefined ? null : new Date(to),
        accountId: accountId ?? null,
      });
      return c.json(answer, 200);
    },
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/indicators',
        tag,
        summary: 'The indicators that charts can show, with their parameters',
        answer: z.object({ items: z.array(indicator) }),
      }),
    ),
    (c) => c.json({ items: [...charts.indicators()] }, 200),
  );
}

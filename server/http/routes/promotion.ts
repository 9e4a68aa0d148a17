import { z } from 'zod';
import { drift, evidence, promotion, strategy } from '../../contract/index.ts';
import { mayDo } from '../../platform/access/roles.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';
import { shownStrategy } from './controls.ts';

/** From paper to production: what a strategy has shown, and how far its production is from its shadow on paper. */
export function promotionRoutes(app: App, { queries, settings }: HttpParts): void {
  const tag = 'Controls';
  const params = z.object({ key: z.string().regex(/^[\w.:-]{1,64}$/) });

  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/strategies/{key}/evidence',
        tag,
        summary: 'What a strategy has shown on paper, beside what production asks for',
        answer: evidence,
      }),
      request: { params },
    }),
    async (c) => c.json(await queries.promotionEvidence(c.req.valid('param').key, settings.current().promotion), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/strategies/{key}/drift',
        tag,
        summary: 'How far a strategy’s production is from its shadow on paper',
        answer: drift,
      }),
      request: { params, query: z.object({ days: z.coerce.number().int().min(1).max(3650).default(90) }) },
    }),
    async (c) => c.json(await queries.drift(c.req.valid('param').key, c.req.valid('query').days), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/strategies/{key}/promote',
        tag,
        summary: 'Let a strategy trade real money, on its evidence or on an admin’s word',
        answer: strategy,
      }),
      request: { params, body: jsonBody(promotion) },
    }),
    async (c) => {
      const { key } = c.req.valid('param');
      const { confirmation, overrideReason } = c.req.valid('json');
      const caller = c.get('caller');
      if (confirmation !== key) {
        throw new HttpProblem(
          400,
          'CONFIRMATION_NEEDED',
          'Not confirmed',
          `Type the strategy’s name, ${key}, to let it trade real money. Nothing was changed.`,
          [{ field: 'confirmation', code: 'CONFIRMATION_NEEDED', message: `expected ${key}` }],
        );
      }
      if (settings.strategy(key).mode === 'production') {
        throw new HttpProblem(409, 'ALREADY_PRODUCTION', 'In production already', `${key} trades real money already.`);
      }
      const shown = await queries.promotionEvidence(key, settings.current().promotion);
      if (!shown.met && overrideReason === undefined) {
        const open = shown.lines.filter((line) => !line.met);
        throw new HttpProblem(
          409,
          'EVIDENCE_NEEDED',
          'Not shown on paper yet',
          `${open.map((line) => line.sentence).join(' ')} It stays on paper; an admin may decide otherwise, with a reason.`,
          open.map((line) => ({ field: line.key, code: 'EVIDENCE_NEEDED', message: line.sentence })),
        );
      }
      if (!shown.met && !mayDo(caller.role, 'admin')) {
        throw new HttpProblem(
          403,
          'FORBIDDEN',
          'Only for admins',
          `Only an admin may let ${key} trade real money without the evidence. It stays on paper.`,
        );
      }
      const record = await settings.changeStrategy(key, { mode: 'production' }, caller.name, {
        kind: 'strategy.promoted',
        data: { key, by: caller.name, evidence: shown, overrideReason: shown.met ? null : overrideReason! },
      });
      return c.json(shownStrategy(record), 200);
    },
  );
}

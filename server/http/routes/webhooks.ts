import { z } from 'zod';
import { id, webhookChange, webhookJson, webhookMade, webhookWish } from '../../contract/index.ts';
import type { WebhookChange, WebhookToken } from '../../core/ports/webhook-tokens.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem, notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** Making sources, saying how their alerts are read, and ending them. */
export function webhookRoutes(app: App, { webhooks, dialects, publicUrl }: HttpParts): void {
  const tag = 'Sources';
  const params = z.object({ id });
  const missing = 'such source, or it was revoked';

  function refuseUnknown(dialect: string | null | undefined): void {
    if (dialect === null || dialect === undefined || dialects.includes(dialect)) return;
    const message = `expected one of ${dialects.join(', ')}`;
    const sentence = `dialect: ${message}. Nothing was changed.`;
    throw new HttpProblem(400, 'INVALID', 'The request has values that cannot be used', sentence, [
      { field: 'dialect', code: 'INVALID', message },
    ]);
  }

  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/sources',
        tag,
        summary: 'Make a source of alerts; its address is shown this once',
        answer: webhookMade,
      }),
      request: { body: jsonBody(webhookWish) },
    }),
    async (c) => {
      const { name, source, dialect, strategy } = c.req.valid('json');
      refuseUnknown(dialect);
      if (await webhooks.exists(source)) {
        const sentence = `There is a source "${source}" already. Nothing was changed.`;
        throw new HttpProblem(409, 'SOURCE_EXISTS', 'The source exists', sentence, [
          { field: 'source', code: 'INVALID', message: 'expected another name' },
        ]);
      }
      const token = await webhooks.issue(name, source, { dialect, strategy }, c.get('caller').name);
      const made = await webhooks.find(token);
      if (made === null) throw new Error('a token that was issued is not known');
      c.header('cache-control', 'no-store');
      return c.json(
        {
          ...toJson(made),
          url: `${publicUrl}/hooks/${source}/${token}`,
          tradersPostUrl: `${publicUrl}/trading/webhook/${made.id}/${token}`,
        },
        200,
      );
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'patch',
        path: '/api/v1/sources/{id}',
        tag,
        summary: 'Say how a source’s alerts are read; what is left out stays',
        answer: webhookJson,
      }),
      request: { params, body: jsonBody(webhookChange) },
    }),
    async (c) => {
      const wish = c.req.valid('json');
      refuseUnknown(wish.dialect);
      const change: WebhookChange = {
        ...(wish.name !== undefined && { name: wish.name }),
        ...(wish.dialect !== undefined && { dialect: wish.dialect }),
        ...(wish.strategy !== undefined && { strategy: wish.strategy }),
      };
      const changed = await webhooks.change(c.req.valid('param').id, change, c.get('caller').name);
      if (changed === null) throw notFound(missing);
      return c.json(toJson(changed), 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path: '/api/v1/sources/{id}',
        tag,
        summary: 'End a source: its address is not known any more',
        answer: z.object({ revoked: z.literal(true) }),
      }),
      request: { params },
    }),
    async (c) => {
      if (!(await webhooks.revoke(c.req.valid('param').id, c.get('caller').name))) throw notFound(missing);
      return c.json({ revoked: true as const }, 200);
    },
  );
}

const toJson = ({ id, source, name, dialect, strategy }: WebhookToken) => ({ id, source, name, dialect, strategy });

import { z } from 'zod';
import { apiToken, id, madeToken, tokenWish } from '../../contract/index.ts';
import { mayDo } from '../../platform/access/roles.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem, notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** Tokens of scripts: each of a person who answers for it. */
export function tokenRoutes(app: App, { apiTokens }: Pick<HttpParts, 'apiTokens'>): void {
  const tag = 'API tokens';
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/tokens',
        tag,
        summary: 'Your tokens; an admin sees everybody’s',
        answer: z.object({ items: z.array(apiToken) }),
      }),
    ),
    async (c) => {
      const caller = c.get('caller');
      return c.json({ items: await apiTokens.list(caller, mayDo(caller.role, 'admin')) }, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/tokens',
        tag,
        summary: 'Make a token; its text is in the answer and nowhere else',
        answer: madeToken,
      }),
      request: { body: jsonBody(tokenWish) },
    }),
    async (c) => {
      const caller = c.get('caller');
      const { reason, scopes, ...wish } = c.req.valid('json');
      if (!mayDo(caller.role, wish.role)) {
        const sentence = `You are ${caller.role}: a token of yours cannot have the role ${wish.role}. No token was made.`;
        throw new HttpProblem(403, 'ABOVE_YOUR_ROLE', 'Above your own role', sentence, [
          { field: 'role', code: 'ABOVE_YOUR_ROLE', message: `expected ${caller.role} or less` },
        ]);
      }
      if (wish.days === null && !mayDo(caller.role, 'admin')) {
        const sentence = `Only an admin makes a token that does not end; you are ${caller.role}. No token was made.`;
        throw new HttpProblem(403, 'MUST_END', 'It has to end', sentence, [
          { field: 'days', code: 'MUST_END', message: 'expected 1 to 365 days' },
        ]);
      }
      if (wish.days === null && !reason?.trim()) {
        const sentence =
          'A token that does not end needs a reason, for whoever reads the list later. No token was made.';
        throw new HttpProblem(400, 'REASON_NEEDED', 'Say why it does not end', sentence, [
          { field: 'reason', code: 'REASON_NEEDED', message: 'expected why it must not end' },
        ]);
      }
      const whole = { ...wish, scopes: [...new Set(scopes)], reason: wish.days === null ? reason!.trim() : null };
      return c.json(await apiTokens.make(whole, caller), 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path: '/api/v1/tokens/{id}',
        tag,
        summary: 'Revoke a token: whatever uses it is refused from then on',
        answer: apiToken,
      }),
      request: { params: z.object({ id }) },
    }),
    async (c) => {
      const caller = c.get('caller');
      const revoked = await apiTokens.revoke(c.req.valid('param').id, caller, mayDo(caller.role, 'admin'));
      if (!revoked) throw notFound('such token');
      return c.json(revoked, 200);
    },
  );
}

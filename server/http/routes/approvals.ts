import { z } from 'zod';
import { approval, approvalWish, id, pageOf, pageQuery, rejectionWish } from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** Entries that wait for a person. */
export function approvalRoutes(app: App, { queries, approvals }: Pick<HttpParts, 'queries' | 'approvals'>): void {
  const tag = 'Approvals';
  const params = z.object({ id });
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/approvals',
        tag,
        summary: 'Entries that wait for a person, and those that did, the last asked first',
        answer: pageOf(approval),
      }),
      request: { query: pageQuery.extend({ state: z.enum(['open', 'past', 'all']).default('all') }) },
    }),
    async (c) => c.json(await queries.approvals(c.req.valid('query')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/approvals/{id}',
        tag,
        summary: 'One entry that waits for a person, or did',
        answer: approval,
      }),
      request: { params },
    }),
    async (c) => {
      const found = await queries.findApproval(c.req.valid('param').id);
      if (!found) throw notFound('such approval');
      return c.json(found, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/approvals/{id}/approve',
        tag,
        summary: 'Say yes, as a person who is signed in; with real money an admin. The entry is judged anew and sent',
        answer: approval,
      }),
      request: { params, body: jsonBody(approvalWish) },
    }),
    async (c) => {
      const voted = await approvals.approve(c.req.valid('param').id, c.req.valid('json'), c.get('caller'));
      if (!voted) throw notFound('such approval');
      return c.json(voted, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/approvals/{id}/reject',
        tag,
        summary: 'Say no, and why: one no is enough, and nothing is sent',
        answer: approval,
      }),
      request: { params, body: jsonBody(rejectionWish) },
    }),
    async (c) => {
      const voted = await approvals.reject(c.req.valid('param').id, c.req.valid('json'), c.get('caller'));
      if (!voted) throw notFound('such approval');
      return c.json(voted, 200);
    },
  );
}

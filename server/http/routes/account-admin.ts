import { z } from 'zod';
import {
  account,
  accountChange,
  accountWish,
  brokerKeys,
  connectionAnswer,
  connectionTest,
  id,
} from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** Adding accounts, their keys, and putting them away. */
export function accountAdminRoutes(app: App, { accountAdmin }: HttpParts): void {
  const params = z.object({ id });
  const tag = 'Accounts';
  const found = <T>(answer: T | null): T => {
    if (answer === null) throw notFound('such account, or it is put away');
    return answer;
  };

  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/accounts',
        tag,
        summary: 'Add an account; its keys are checked with the broker first',
        answer: account,
      }),
      request: { body: jsonBody(accountWish) },
    }),
    async (c) => c.json(await accountAdmin.add(c.req.valid('json'), c.get('caller')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/accounts/test',
        tag,
        summary: 'Ask the broker whose keys these are; nothing is kept',
        answer: connectionAnswer,
      }),
      request: { body: jsonBody(connectionTest) },
    }),
    async (c) => c.json(await accountAdmin.test(c.req.valid('json')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'patch',
        path: '/api/v1/accounts/{id}',
        tag,
        summary: 'Rename an account, switch it on or off',
        answer: account,
      }),
      request: { params, body: jsonBody(accountChange) },
    }),
    async (c) => {
      const { id: accountId } = c.req.valid('param');
      return c.json(found(await accountAdmin.change(accountId, c.req.valid('json'), c.get('caller'))), 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path: '/api/v1/accounts/{id}',
        tag,
        summary: 'Put an account away; its books stay',
        answer: account,
      }),
      request: { params, query: z.object({ force: z.enum(['true', 'false']).default('false') }) },
    }),
    async (c) => {
      const force = c.req.valid('query').force === 'true';
      return c.json(found(await accountAdmin.archive(c.req.valid('param').id, force, c.get('caller'))), 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/accounts/{id}/keys',
        tag,
        summary: 'Replace the keys; they must be of the same account at the broker',
        answer: account,
      }),
      request: { params, body: jsonBody(brokerKeys) },
    }),
    async (c) => {
      const { id: accountId } = c.req.valid('param');
      return c.json(found(await accountAdmin.replaceKeys(accountId, c.req.valid('json'), c.get('caller'))), 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/accounts/{id}/test',
        tag,
        summary: 'Ask the broker for the account with the keys that are kept',
        answer: connectionAnswer,
      }),
      request: { params },
    }),
    async (c) => c.json(found(await accountAdmin.testStored(c.req.valid('param').id)), 200),
  );
}

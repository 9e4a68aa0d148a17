import { z } from 'zod';
import {
  alertKind,
  alertRule,
  alertRuleChange,
  alertRuleSwitch,
  alertRuleTrial,
  alertRuleWish,
  id,
} from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** What people want to be told of. */
export function alertRuleRoutes(app: App, { alertRules }: Pick<HttpParts, 'alertRules'>): void {
  const tag = 'Alert rules';
  const path = '/api/v1/alert-rules';
  const params = z.object({ id });
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: `${path}/kinds`,
        tag,
        summary: 'What a rule can look at, with the parameters of each kind',
        answer: z.object({ items: z.array(alertKind) }),
      }),
    ),
    (c) => c.json({ items: [...alertRules.kinds()] }, 200),
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path,
        tag,
        summary: 'Every rule and how it stands, by name',
        answer: z.object({ items: z.array(alertRule) }),
      }),
    ),
    async (c) => c.json({ items: [...(await alertRules.list())] }, 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({ method: 'post', path, tag, summary: 'Add a rule', answer: alertRule }),
      request: { body: jsonBody(alertRuleWish) },
    }),
    async (c) => c.json(await alertRules.add(c.req.valid('json'), c.get('caller').name), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: `${path}/try`,
        tag,
        summary: 'Say what a rule would have done in the last day, and would do now; nothing is stored',
        answer: alertRuleTrial,
      }),
      request: { body: jsonBody(alertRuleWish) },
    }),
    async (c) => c.json(await alertRules.try(c.req.valid('json')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'put',
        path: `${path}/{id}`,
        tag,
        summary: 'Put another wish in its place; what was told of it is over',
        answer: alertRule,
      }),
      request: { params, body: jsonBody(alertRuleChange) },
    }),
    async (c) => {
      const { version, ...wish } = c.req.valid('json');
      const changed = await alertRules.change(c.req.valid('param').id, version, wish, c.get('caller').name);
      if (!changed) throw notFound('such rule');
      return c.json(changed, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: `${path}/{id}/switch`,
        tag,
        summary: 'Switch a rule on or off',
        answer: alertRule,
      }),
      request: { params, body: jsonBody(alertRuleSwitch) },
    }),
    async (c) => {
      const { on } = c.req.valid('json');
      const switched = await alertRules.switch(c.req.valid('param').id, on, c.get('caller').name);
      if (!switched) throw notFound('such rule');
      return c.json(switched, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path: `${path}/{id}`,
        tag,
        summary: 'Remove a rule; what it has told stays in the history',
        answer: z.object({ removed: z.boolean() }),
      }),
      request: { params },
    }),
    async (c) => {
      if (!(await alertRules.remove(c.req.valid('param').id, c.get('caller').name))) throw notFound('such rule');
      return c.json({ removed: true }, 200);
    },
  );
}

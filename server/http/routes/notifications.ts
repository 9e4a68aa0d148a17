import { z } from 'zod';
import {
  destinationChange,
  destinationTested,
  destinationWish,
  id,
  notificationDelivery,
  notificationDestination,
  notificationKind,
  notificationsAnswer,
  notificationTemplates,
  notificationTemplateWish,
  pageOf,
  pageQuery,
} from '../../contract/index.ts';
import { deliveryStates } from '../../core/model/notification.ts';
import type { App, HttpParts } from '../parts.ts';
import { notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

const tag = 'Notifications';
const params = z.object({ id });
const base = '/api/v1/notifications';

/** Who is told what, where, in which words, and what came of it. */
export function notificationRoutes(app: App, { notifications }: Pick<HttpParts, 'notifications'>): void {
  const missing = 'such destination';
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: base,
        tag,
        summary: 'Channels, everybody’s destinations, and the devices of whoever asks',
        answer: notificationsAnswer,
      }),
    }),
    async (c) => c.json(await notifications.read(c.get('caller')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: `${base}/destinations`,
        tag,
        summary: 'Add a destination; what happens from now on is told there',
        answer: notificationDestination,
      }),
      request: { body: jsonBody(destinationWish) },
    }),
    async (c) => c.json(await notifications.add(c.req.valid('json'), c.get('caller')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'patch',
        path: `${base}/destinations/{id}`,
        tag,
        summary: 'Change a destination; secrets that are not given stay',
        answer: notificationDestination,
      }),
      request: { params, body: jsonBody(destinationChange) },
    }),
    async (c) => {
      const changed = await notifications.change(c.req.valid('param').id, c.req.valid('json'), c.get('caller'));
      if (!changed) throw notFound(missing);
      return c.json(changed, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path: `${base}/destinations/{id}`,
        tag,
        summary: 'Remove a destination; its secrets are forgotten, its log stays',
        answer: notificationsAnswer,
      }),
      request: { params },
    }),
    async (c) => {
      const left = await notifications.remove(c.req.valid('param').id, c.get('caller'));
      if (!left) throw notFound(missing);
      return c.json(left, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: `${base}/destinations/{id}/test`,
        tag,
        summary: 'Tell a destination now that it is a test, and say what it answered',
        answer: destinationTested,
      }),
      request: { params },
    }),
    async (c) => {
      const tested = await notifications.test(c.req.valid('param').id, c.get('caller'));
      if (!tested) throw notFound(missing);
      return c.json(tested, 200);
    },
  );
  logRoutes(app, notifications);
  templateRoutes(app, notifications);
}

function logRoutes(app: App, notifications: HttpParts['notifications']): void {
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: `${base}/log`,
        tag,
        summary: 'What was told, where, when, in how many tries, and what was answered; the newest first',
        answer: pageOf(notificationDelivery),
      }),
      request: {
        query: pageQuery.extend({
          state: z.enum(deliveryStates).optional(),
          kind: z.union([notificationKind, z.literal('test')]).optional(),
          destinationId: id.optional(),
        }),
      },
    }),
    async (c) => c.json(await notifications.log(c.req.valid('query'), c.get('caller')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: `${base}/log/{id}/again`,
        tag,
        summary: 'Send one again that has ended: of everybody’s destinations an admin, of one’s own devices anybody',
        answer: z.object({ ok: z.literal(true) }),
      }),
      request: { params },
    }),
    async (c) => {
      if (!(await notifications.again(c.req.valid('param').id, c.get('caller'))))
        throw notFound('message of yours that could be sent again');
      return c.json({ ok: true } as const, 200);
    },
  );
}

function templateRoutes(app: App, notifications: HttpParts['notifications']): void {
  const template = z.object({ channel: z.string().max(40), kind: notificationKind });
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: `${base}/templates`,
        tag,
        summary: 'The words of each kind in each channel, and what may stand in braces',
        answer: notificationTemplates,
      }),
    }),
    async (c) => c.json({ items: await notifications.templates() }, 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: `${base}/templates/preview`,
        tag,
        summary: 'A template filled in with an example',
        answer: notificationTemplateWish,
      }),
      request: { body: jsonBody(notificationTemplateWish.extend({ kind: notificationKind })) },
    }),
    async (c) => {
      const { kind, ...wish } = c.req.valid('json');
      return c.json(notifications.preview(kind, wish), 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'put',
        path: `${base}/templates/{channel}/{kind}`,
        tag,
        summary: 'Set the words of a kind in a channel',
        answer: notificationTemplates,
      }),
      request: { params: template, body: jsonBody(notificationTemplateWish) },
    }),
    async (c) => {
      const { channel, kind } = c.req.valid('param');
      return c.json(
        { items: await notifications.putTemplate(channel, kind, c.req.valid('json'), c.get('caller')) },
        200,
      );
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path: `${base}/templates/{channel}/{kind}`,
        tag,
        summary: 'Set the words of a kind in a channel back to what ships',
        answer: notificationTemplates,
      }),
      request: { params: template },
    }),
    async (c) => {
      const { channel, kind } = c.req.valid('param');
      return c.json({ items: await notifications.removeTemplate(channel, kind, c.get('caller')) }, 200);
    },
  );
}

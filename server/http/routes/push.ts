import { z } from 'zod';
import {
  destinationChange,
  destinationTested,
  deviceWish,
  id,
  notificationDestination,
  pushAnswer,
  pushAnswered,
} from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** Devices of whoever is signed in, and what is answered from them. */
export function pushRoutes(app: App, { push }: Pick<HttpParts, 'push'>): void {
  const tag = 'Notifications';
  const params = z.object({ id });
  const missing = 'such device of yours';
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/push/devices',
        tag,
        summary: 'Have this browser told by web push; one that is there already is changed',
        answer: notificationDestination,
      }),
      request: { body: jsonBody(deviceWish) },
    }),
    async (c) => c.json(await push.add(c.req.valid('json'), c.get('caller')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'patch',
        path: '/api/v1/push/devices/{id}',
        tag,
        summary: 'Change what one of your devices is told, and when',
        answer: notificationDestination,
      }),
      request: { params, body: jsonBody(destinationChange) },
    }),
    async (c) => {
      const changed = await push.change(c.req.valid('param').id, c.req.valid('json'), c.get('caller'));
      if (!changed) throw notFound(missing);
      return c.json(changed, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path: '/api/v1/push/devices/{id}',
        tag,
        summary: 'Tell one of your devices nothing any more',
        answer: z.object({ ok: z.literal(true) }),
      }),
      request: { params },
    }),
    async (c) => {
      if (!(await push.remove(c.req.valid('param').id, c.get('caller')))) throw notFound(missing);
      return c.json({ ok: true } as const, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/push/devices/{id}/test',
        tag,
        summary: 'Tell one of your devices now that it is a test, and say what the push service answered',
        answer: destinationTested,
      }),
      request: { params },
    }),
    async (c) => {
      const tested = await push.test(c.req.valid('param').id, c.get('caller'));
      if (!tested) throw notFound(missing);
      return c.json(tested, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/push/answers',
        tag,
        summary:
          'Answer an approval from the notification on a device: the token in it is the proof, good once; everything is looked at anew',
        answer: pushAnswered,
      }),
      security: [],
      request: { body: jsonBody(pushAnswer) },
    }),
    async (c) => {
      const { token, verdict } = c.req.valid('json');
      return c.json(await push.answer(token, verdict), 200);
    },
  );
}

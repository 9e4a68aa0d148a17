import { z } from 'zod';
import { cancelAllWish, killSwitch, killSwitches, killSwitchLift, killSwitchWish } from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** The kill switches, and the broom that stops nothing. */
export function killSwitchRoutes(app: App, { commands }: HttpParts): void {
  const tag = 'Controls';
  const path = '/api/v1/kill-switch';
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path,
        tag,
        summary: 'Kill switches: engaged, and earlier ones',
        answer: killSwitches,
      }),
    ),
    async (c) => c.json(await commands.killSwitches(), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path,
        tag,
        summary:
          'Stop entries and cancel resting ones, of everything or of one account, strategy or symbol; close what is held if told to',
        answer: killSwitch,
      }),
      request: { body: jsonBody(killSwitchWish) },
    }),
    async (c) => c.json(await commands.engageKillSwitch(c.req.valid('json'), c.get('caller')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/kill-switch/{id}/lift',
        tag,
        summary: 'Take entries again; for a person who is signed in, with a reason',
        answer: killSwitch,
      }),
      request: { params: z.object({ id: z.uuid() }), body: jsonBody(killSwitchLift) },
    }),
    async (c) => {
      const lifted = await commands.liftKillSwitch(
        c.req.valid('param').id,
        c.req.valid('json').reason,
        c.get('caller'),
      );
      if (!lifted)
        throw new HttpProblem(
          404,
          'NOT_FOUND',
          'Not engaged',
          'There is no such kill switch that is engaged. Nothing was changed.',
        );
      return c.json(lifted, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/orders/cancel-all',
        tag: 'Orders',
        summary:
          'Cancel all open entries, or all open orders, of everything or of one account, strategy or symbol; stops nothing',
        answer: z.object({ asked: z.number().int().meta({ description: 'Orders whose cancel was asked for' }) }),
      }),
      request: { body: jsonBody(cancelAllWish) },
    }),
    async (c) => c.json(await commands.cancelAll(c.req.valid('json'), c.get('caller')), 200),
  );
}

import { z } from 'zod';
import { alarm, alarmQuery, alarmSnooze, id, pageOf } from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem, notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** What a person must look at. */
export function alarmRoutes(app: App, { queries, alarms, clock }: HttpParts): void {
  const tag = 'Alarms';
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/alarms',
        tag,
        summary: 'What a person must look at, open and past, the last raised first',
        answer: pageOf(alarm),
      }),
      request: { query: alarmQuery },
    }),
    async (c) => c.json(await queries.alarms(c.req.valid('query')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/alarms/{id}/acknowledge',
        tag,
        summary: 'Say that you have seen it: it stays open, and stops paging',
        answer: alarm,
      }),
      request: { params: z.object({ id }) },
    }),
    async (c) => {
      const { id: alarmId } = c.req.valid('param');
      const acknowledged = await alarms.acknowledge(alarmId, c.get('caller').name);
      const found = await queries.findAlarm(alarmId);
      if (!found) throw notFound('such alarm');
      // Whoever comes second is told who was first, unless it is over.
      if (!acknowledged && found.clearedAt !== null) {
        throw new HttpProblem(409, 'ALARM_OVER', 'It is over', `${found.clearedSentence} Nothing was changed.`);
      }
      return c.json(found, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/alarms/{id}/snooze',
        tag,
        summary: 'Look at it later: until then it is quiet, and is told anew afterwards if it is still open',
        answer: alarm,
      }),
      request: { params: z.object({ id }), body: jsonBody(alarmSnooze) },
    }),
    async (c) => {
      const { id: alarmId } = c.req.valid('param');
      const until = new Date(clock.now().getTime() + c.req.valid('json').minutes * 60_000);
      const snoozed = await alarms.snooze(alarmId, until, c.get('caller').name);
      const found = await queries.findAlarm(alarmId);
      if (!found) throw notFound('such alarm');
      if (!snoozed)
        throw new HttpProblem(409, 'ALARM_OVER', 'It is over', `${found.clearedSentence} Nothing was changed.`);
      return c.json(found, 200);
    },
  );
}

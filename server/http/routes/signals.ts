import { z } from 'zod';
import {
  acknowledgement,
  decision,
  decisionQuery,
  event,
  id,
  pageOf,
  pageQuery,
  plainText,
  receipt,
  signal,
  signalQuery,
  testAlert,
} from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** Alerts, what was decided of them, and the events of everything. */
export function signalRoutes(app: App, { queries, commands, replays }: HttpParts): void {
  const byId = z.object({ id });
  const tag = 'Signals';

  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/signals',
        tag,
        summary: 'Signals, newest first; by status, source, strategy, symbol and time',
        answer: pageOf(signal),
      }),
      request: { query: signalQuery },
    }),
    async (c) => c.json(await queries.signals(c.req.valid('query')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/signals/test',
        tag,
        status: 202,
        summary: 'Send a test alert through the same intake as TradingView’s',
        answer: acknowledgement,
      }),
      request: { body: jsonBody(testAlert) },
    }),
    async (c) => c.json(await commands.sendTestAlert(c.req.valid('json'), c.get('caller')), 202),
  );
  app.openapi(
    createRoute({
      ...describeRoute({ method: 'get', path: '/api/v1/signals/{id}', tag, summary: 'One signal', answer: signal }),
      request: { params: byId },
    }),
    async (c) => {
      const [found] = await queries.findSignals([c.req.valid('param').id]);
      if (!found) throw notFound('such signal');
      return c.json(found, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/signals/{id}/receipt',
        tag,
        summary: 'Everything that happened to one signal',
        answer: receipt,
      }),
      request: { params: byId },
    }),
    async (c) => {
      const found = await queries.receipt(c.req.valid('param').id);
      if (!found) throw notFound('such signal');
      return c.json(found, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/signals/{id}/replay',
        tag,
        status: 202,
        summary:
          'Take the stored alert in again as a new one that is received now and goes to paper, whatever it asks for',
        answer: acknowledgement,
      }),
      request: { params: byId },
    }),
    async (c) => c.json(await replays.replay(c.req.valid('param').id, c.get('caller')), 202),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/decisions',
        tag,
        summary:
          'Decisions with every rule’s verdict, newest first; by rule, verdict, code, symbol, strategy, account, mode and time',
        answer: pageOf(decision),
      }),
      request: { query: decisionQuery },
    }),
    async (c) => c.json(await queries.decisions(c.req.valid('query')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/events',
        tag,
        summary: 'Events; oldest first after a `seq`, else the newest',
        answer: pageOf(event),
      }),
      request: { query: pageQuery.extend({ after: plainText(20).optional(), kind: plainText(64).optional() }) },
    }),
    async (c) => c.json(await queries.events(c.req.valid('query')), 200),
  );
}

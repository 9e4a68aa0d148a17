import { z } from 'zod';
import {
  type DeadLetterJson,
  deadLetter,
  deadLetterDiscard,
  deadLetterResend,
  id,
  pageOf,
  pageQuery,
} from '../../contract/index.ts';
import type { DeadLetter } from '../../core/ports/dead-letters.ts';
import { jobDataProblems } from '../../core/ports/job-data.ts';
import { queueNames } from '../../core/ports/job-queue.ts';
import { resendDeadLetter } from '../../platform/dead-letters/resend.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem, notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Jobs that were given up: to be looked at, repaired, sent again, or discarded. */
export function deadLetterRoutes(app: App, { queries, deadLetters }: HttpParts): void {
  const tag = 'Dead letters';
  const byId = z.object({ id });
  const { letters } = deadLetters;

  /** With the orders they are about, all asked for at once. */
  async function shown(found: readonly DeadLetter[]): Promise<DeadLetterJson[]> {
    const idOf = ({ data }: DeadLetter, field: string): string | null => {
      const value = data[field];
      return typeof value === 'string' && uuid.test(value) ? value.toLowerCase() : null;
    };
    const orders = await queries.findOrders([...new Set(found.flatMap((letter) => idOf(letter, 'orderId') ?? []))]);
    return found.map((letter) => {
      const order = orders.find((one) => one.id === idOf(letter, 'orderId'));
      return {
        ...letter,
        faults: jobDataProblems(letter.queue, letter.data),
        enqueuedAt: letter.enqueuedAt.toISOString(),
        diedAt: letter.diedAt.toISOString(),
        signalId: order?.signalId ?? idOf(letter, 'signalId'),
        order: order
          ? { id: order.id, symbol: order.symbol, side: order.side, quantity: order.quantity, status: order.status }
          : null,
      };
    });
  }

  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/dead-letters',
        tag,
        summary: 'Jobs that were given up, the last one first',
        answer: pageOf(deadLetter),
      }),
      request: { query: pageQuery.extend({ queue: z.enum(queueNames).optional() }) },
    }),
    async (c) => {
      const { items, next } = await letters.list(c.req.valid('query'));
      return c.json({ items: await shown(items), next }, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/dead-letters/{id}',
        tag,
        summary: 'One of them',
        answer: deadLetter,
      }),
      request: { params: byId },
    }),
    async (c) => {
      const found = await letters.find(c.req.valid('param').id);
      if (!found) throw notFound('such dead letter');
      const [letter] = await shown([found]);
      return c.json(letter!, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/dead-letters/{id}/resend',
        tag,
        status: 202,
        summary: 'Put it back into its queue, with repaired data if need be',
        answer: z.object({ jobId: id }),
      }),
      request: { params: byId, body: jsonBody(deadLetterResend) },
    }),
    async (c) => {
      const { data } = c.req.valid('json');
      const resent = await resendDeadLetter(deadLetters, c.req.valid('param').id, data, c.get('caller').name);
      switch (resent.kind) {
        case 'sent':
          return c.json({ jobId: resent.jobId }, 202);
        case 'gone':
          throw notFound('such dead letter');
        case 'invalid':
          throw new HttpProblem(
            400,
            'INVALID',
            'It cannot be processed like this',
            `${resent.fields.map(({ field, message }) => `${field}: ${message}`).join('; ')}. Repair it first; nothing was sent.`,
            resent.fields.map(({ field, message }) => ({ field: `data.${field}`, code: 'INVALID', message })),
          );
        case 'pointless':
          throw new HttpProblem(
            409,
            'RESEND_POINTLESS',
            'It would do nothing',
            `${resent.sentence} Nothing was sent; discard it.`,
          );
      }
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/dead-letters/{id}/discard',
        tag,
        summary: 'Take it away for good, with a reason for the record',
        answer: z.object({ discarded: z.literal(true) }),
      }),
      request: { params: byId, body: jsonBody(deadLetterDiscard) },
    }),
    async (c) => {
      const letter = await letters.find(c.req.valid('param').id);
      const { reason } = c.req.valid('json');
      if (!letter || !(await letters.discard(letter, reason, c.get('caller').name))) throw notFound('such dead letter');
      return c.json({ discarded: true as const }, 200);
    },
  );
}

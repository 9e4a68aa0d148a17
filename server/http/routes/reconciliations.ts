import { z } from 'zod';
import {
  adoptWish,
  type DifferenceJson,
  foreign,
  id,
  plainText,
  type Reconciliation,
  reconciliation,
  releaseWish,
  settleWish,
  transferWish,
  wishDone,
} from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody, refusal } from '../route.ts';

/** Comparisons with the broker, what differs, and what is not ours. */
export function reconciliationRoutes(app: App, { queries, reconciliationDesk: desk }: HttpParts): void {
  const byId = z.object({ id });
  const tag = 'Accounts';

  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/reconciliations/{id}',
        tag,
        summary: 'One comparison with the broker: what was compared, and every difference',
        answer: reconciliation,
      }),
      request: { params: byId },
    }),
    async (c) => c.json(await read(c.req.valid('param').id), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/reconciliations/{id}/csv',
        tag,
        summary: 'The differences of a comparison, as CSV',
        answer: z.string(),
      }),
      responses: {
        200: { content: { 'text/csv': { schema: z.string() } }, description: 'One line a difference' },
        default: refusal,
      },
      request: { params: byId },
    }),
    async (c) => {
      const report = await read(c.req.valid('param').id);
      return c.body(csvOf(report), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="reconciliation-${report.id}.csv"`,
      }) as never;
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/reconciliations/{id}/settle',
        tag,
        summary: 'Book a difference that has no cause by the broker’s word, with a reason',
        answer: reconciliation,
      }),
      request: { params: byId, body: jsonBody(settleWish) },
    }),
    async (c) => c.json(await desk.settle(c.req.valid('param').id, c.req.valid('json'), c.get('caller')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/accounts/{id}/foreign',
        tag,
        summary: 'Orders and trades of the account that are not ours, and those that were made ours',
        answer: foreign,
      }),
      request: { params: byId },
    }),
    async (c) => c.json(await queries.foreign(c.req.valid('param').id), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/accounts/{id}/foreign-orders/{brokerOrderId}/adopt',
        tag,
        summary: 'Make a foreign order one of a strategy’s, with what it has filled',
        answer: wishDone,
      }),
      request: {
        params: byId.extend({ brokerOrderId: plainText(100).min(1) }),
        body: jsonBody(adoptWish),
      },
    }),
    async (c) => {
      const { id: accountId, brokerOrderId } = c.req.valid('param');
      return c.json(await desk.adoptOrder(accountId, brokerOrderId, c.req.valid('json'), c.get('caller')), 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/orders/{id}/release',
        tag: 'Orders',
        summary: 'Leave an adopted order to itself: it rests on at the broker, and is not ours',
        answer: wishDone,
      }),
      request: { params: byId, body: jsonBody(releaseWish) },
    }),
    async (c) =>
      c.json(await desk.releaseOrder(c.req.valid('param').id, c.req.valid('json').reason, c.get('caller')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/accounts/{id}/positions/adopt',
        tag,
        summary: 'Give shares from one strategy to another, `external` included, at what they cost',
        answer: wishDone,
      }),
      request: { params: byId, body: jsonBody(transferWish) },
    }),
    async (c) => c.json(await desk.transfer(c.req.valid('param').id, c.req.valid('json'), c.get('caller')), 200),
  );

  async function read(reconciliationId: string): Promise<Reconciliation> {
    const report = await queries.reconciliation(reconciliationId);
    if (!report) throw notFound('such comparison');
    return report;
  }
}

const csvColumns = ['id', 'kind', 'state', 'symbol', 'ours', 'brokers', 'sentence', 'reference', 'settled'] as const;

/** RFC 4180. */
function csvOf({ differences }: Reconciliation): string {
  const rows = differences.map((one) => csvColumns.map((column) => cell(one, column)).join(','));
  return `${[csvColumns.join(','), ...rows].join('\r\n')}\r\n`;
}

function cell(one: DifferenceJson, column: (typeof csvColumns)[number]): string {
  const value =
    column === 'settled' ? (one.settled ? `${one.settled.by}: ${one.settled.reason}` : '') : (one[column] ?? '');
  // What begins like a formula is one to a spreadsheet; amounts are none.
  const safe = /^[=+@\t\r]|^-(?!\d)/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

import { z } from 'zod';
import {
  type AuditEntryJson,
  auditEntry,
  auditHead,
  auditQuery,
  auditVerified,
  auditVerifyQuery,
  pageOf,
} from '../../contract/index.ts';
import { type ChainRow, noHash } from '../../core/audit/chain.ts';
import { verifyRows } from '../../core/audit/verify.ts';
import { BadCursor } from '../../core/ports/paging.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem } from '../problems.ts';
import { createRoute, describeRoute, refusal } from '../route.ts';

/** Entries that one request verifies: a fraction of a second, so that whoever waits sees it go on. */
export const verifiedAtOnce = 1_000;
const exportedAtOnce = 1_000;

/** Who did what: to read, to verify and to take along. */
export function auditRoutes(app: App, { audit, clock }: Pick<HttpParts, 'audit' | 'clock'>): void {
  const tag = 'Audit';
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/audit',
        tag,
        summary: 'Who did what, newest first',
        answer: pageOf(auditEntry),
      }),
      request: { query: auditQuery },
    }),
    async (c) => {
      const { limit, cursor, ...wanted } = c.req.valid('query');
      if (cursor !== undefined && !/^\d{1,15}$/.test(cursor))
        throw new BadCursor(`${cursor} is no cursor of the audit`);
      const rows = await audit.list({ ...wanted, before: cursor === undefined ? undefined : Number(cursor), limit });
      const next = rows.length < limit ? null : String(rows.at(-1)!.number);
      return c.json({ items: rows.map(shown), next }, 200);
    },
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/audit/head',
        tag,
        summary: 'The last entry and its hash; whoever has it written down finds out when the end is cut off',
        answer: auditHead,
      }),
    ),
    async (c) => c.json(await audit.head(), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/audit/verify',
        tag,
        summary: 'Verify the next entries of the chain; ask again behind the last one until it is done',
        answer: auditVerified,
      }),
      request: { query: auditVerifyQuery },
    }),
    async (c) => {
      const { after, hash } = c.req.valid('query');
      const start = hash ?? (after === 0 ? noHash : await audit.hashAt(after));
      if (start === null) {
        throw new HttpProblem(404, 'NOT_FOUND', 'Not found', `There is no entry ${after}. Nothing was verified.`);
      }
      const rows = await audit.read(after, verifiedAtOnce);
      const { head, fault } = verifyRows({ number: after, hash: start }, rows);
      const done = rows.length < verifiedAtOnce;
      const found = fault ?? (await audit.compareEvents(rows)) ?? (done ? await audit.findMissing() : null);
      return c.json({ through: head.number, hash: head.hash, done, fault: found }, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/audit/export',
        tag,
        summary: 'All entries as JSON lines, in the order of the chain, as `npm run audit:verify` reads them',
        answer: z.string(),
      }),
      responses: {
        200: { content: { 'application/jsonl': { schema: z.string() } }, description: 'One entry a line' },
        default: refusal,
      },
    }),
    (c) => {
      let after = 0;
      const encoder = new TextEncoder();
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const rows = await audit.read(after, exportedAtOnce);
          after = rows.at(-1)?.number ?? after;
          if (rows.length > 0) controller.enqueue(encoder.encode(rows.map(exportedLine).join('')));
          if (rows.length < exportedAtOnce) controller.close();
        },
      });
      const day = clock.now().toISOString().slice(0, 10);
      return c.body(body, 200, {
        'content-type': 'application/jsonl; charset=utf-8',
        'content-disposition': `attachment; filename="signalbox-audit-${day}.jsonl"`,
      }) as never;
    },
  );
}

/** A row as it is exported: the entry as the text that was hashed. */
const exportedLine = ({ number, previousHash, hash, entry }: ChainRow): string =>
  `${JSON.stringify({ number, previousHash, hash, entry })}\n`;

function shown({ number, previousHash, hash, entry }: ChainRow): AuditEntryJson {
  const { at, kind, who, data } = JSON.parse(entry) as Pick<AuditEntryJson, 'at' | 'kind' | 'who' | 'data'>;
  return { number, at, kind, who, from: typeof data.from === 'string' ? data.from : null, data, previousHash, hash };
}

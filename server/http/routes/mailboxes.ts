import { z } from 'zod';
import { id, mailboxAnswer, mailboxTried, mailboxWish } from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** Mailboxes: alerts that come by mail as well. */
export function mailboxRoutes(app: App, { mailboxes }: Pick<HttpParts, 'mailboxes'>): void {
  const tag = 'Sources';
  const params = z.object({ id });
  const path = '/api/v1/sources/{id}/mailbox';
  const missing = 'such source, or it was revoked';

  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path,
        tag,
        summary: 'The mailbox that a source’s alerts are read from as well, and what became of the last mails',
        answer: mailboxAnswer,
      }),
      request: { params },
    }),
    async (c) => {
      const found = await mailboxes.find(c.req.valid('param').id);
      if (found === null) throw notFound(missing);
      return c.json(found, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'put',
        path,
        tag,
        summary: 'Set the mailbox of a source; of another box, mails are read that arrive from now on',
        answer: mailboxAnswer,
      }),
      request: { params, body: jsonBody(mailboxWish) },
    }),
    async (c) => {
      const set = await mailboxes.put(c.req.valid('param').id, c.req.valid('json'), c.get('caller').name);
      if (set === null) throw notFound(missing);
      return c.json(set, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path,
        tag,
        summary: 'Read a source’s mailbox no more; its password is forgotten',
        answer: mailboxAnswer,
      }),
      request: { params },
    }),
    async (c) => {
      if (!(await mailboxes.remove(c.req.valid('param').id, c.get('caller').name)))
        throw notFound('mailbox of such a source');
      return c.json({ mailbox: null }, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: `${path}/try`,
        tag,
        summary: 'Open a mailbox and say what is found; nothing is stored, traded, marked or moved',
        answer: mailboxTried,
      }),
      request: { params, body: jsonBody(mailboxWish) },
    }),
    async (c) => {
      const tried = await mailboxes.try(c.req.valid('param').id, c.req.valid('json'));
      if (tried === null) throw notFound(missing);
      return c.json(tried, 200);
    },
  );
}

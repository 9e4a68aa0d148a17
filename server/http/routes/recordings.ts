import { z } from 'zod';
import {
  id,
  pageQuery,
  recordingFixture,
  recordingsJson,
  recordingWhole,
  sandboxesJson,
  sandboxJson,
  sandboxWish,
} from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem, notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** Sources as sandboxes, and what was sent to them. */
export function recordingRoutes(app: App, { recordings }: Pick<HttpParts, 'recordings'>): void {
  const tag = 'Recordings';
  const params = z.object({ id });
  const missingSource = 'such source, or it was revoked';
  const missing = 'such recording, or it has ended';

  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/sandboxes',
        tag,
        summary: 'Which sources are sandboxes: what comes to one is recorded, and nothing else comes of it',
        answer: sandboxesJson,
      }),
    ),
    async (c) => c.json({ items: [...(await recordings.sandboxes())] }, 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'put',
        path: '/api/v1/sources/{id}/sandbox',
        tag,
        summary: 'Make a source a sandbox, or let its alerts trade again',
        answer: sandboxJson,
      }),
      request: { params, body: jsonBody(sandboxWish) },
    }),
    async (c) => {
      const { id: source } = c.req.valid('param');
      const state = await recordings.switch(source, c.req.valid('json').on, c.get('caller').name);
      if (state === null) throw notFound(missingSource);
      return c.json(state, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/recordings',
        tag,
        summary: 'What was sent to sandboxes, newest first, and what the reader makes of each now',
        answer: recordingsJson,
      }),
      request: { query: pageQuery.extend({ source: id.optional().meta({ description: 'The id of one source' }) }) },
    }),
    async (c) => c.json(await recordings.list(c.req.valid('query')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/recordings/{id}',
        tag,
        summary: 'One recording, with its bytes',
        answer: recordingWhole,
      }),
      request: { params },
    }),
    async (c) => {
      const found = await recordings.find(c.req.valid('param').id);
      if (found === null) throw notFound(missing);
      return c.json(found, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/recordings/{id}/fixture',
        tag,
        summary: 'One recording as a file for the corpus of its dialect, with the verdict that the reader gives now',
        answer: recordingFixture,
      }),
      request: { params },
    }),
    async (c) => {
      const { id: wanted } = c.req.valid('param');
      const file = await recordings.fixture(wanted);
      if (file === null) throw notFound(missing);
      if (file.fixture === null)
        throw new HttpProblem(
          409,
          'FIXTURE_NOT_TEXT',
          'It is no text',
          'A fixture is text, and the body of this recording is not; its bytes are in the recording itself.',
        );
      c.header('content-disposition', `attachment; filename="${file.dialect}-recorded-${wanted.slice(-12)}.json"`);
      c.header('x-signalbox-dialect', file.dialect);
      // Read back so that the answer is what its schema says.
      return c.json(recordingFixture.parse([file.fixture]), 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path: '/api/v1/recordings/{id}',
        tag,
        summary: 'Let go of a recording',
        answer: z.object({ removed: z.literal(true) }),
      }),
      request: { params },
    }),
    async (c) => {
      if (!(await recordings.remove(c.req.valid('param').id))) throw notFound(missing);
      return c.json({ removed: true as const }, 200);
    },
  );
}

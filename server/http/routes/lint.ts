import { lintResult, lintWish } from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** What an alert's text is, what is wrong with it, and what would become of it. */
export function lintRoutes(app: App, { lint }: Pick<HttpParts, 'lint'>): void {
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/lint',
        tag: 'Signals',
        summary:
          'What an alert’s text would be taken for, what is wrong with it where, and what would be done at what size; stores nothing',
        answer: lintResult,
      }),
      request: { body: jsonBody(lintWish) },
    }),
    async (c) => c.json(await lint.lint(c.req.valid('json'), c.get('caller')), 200),
  );
}

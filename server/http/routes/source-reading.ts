import { z } from 'zod';
import { id, sourceReading, templateTrial, templateTried } from '../../contract/index.ts';
import { signalToJson } from '../../core/model/signal.ts';
import { noReading } from '../../core/model/source-reading.ts';
import { compileTemplates, type Template } from '../../pipeline/intake/dialects/template/compile.ts';
import { matchTemplate } from '../../pipeline/intake/dialects/template/match.ts';
import { readByTemplate } from '../../pipeline/intake/dialects/template.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem, notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** Templates and units of a source, and templates that are tried before they are set. */
export function sourceReadingRoutes(app: App, { webhooks }: Pick<HttpParts, 'webhooks'>): void {
  const tag = 'Sources';
  const params = z.object({ id });
  const missing = 'such source, or it was revoked';
  const path = '/api/v1/sources/{id}/reading';

  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path,
        tag,
        summary: 'The template and the units that a source’s alerts are read by',
        answer: sourceReading,
      }),
      request: { params },
    }),
    async (c) => {
      const { id: wanted } = c.req.valid('param');
      const found = (await webhooks.list()).find((one) => one.id === wanted);
      if (found === undefined) throw notFound(missing);
      return c.json(found.reading ?? noReading, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'put',
        path,
        tag,
        summary: 'Set the template and the units that a source’s alerts are read by',
        answer: sourceReading,
      }),
      request: { params, body: jsonBody(sourceReading) },
    }),
    async (c) => {
      const wish = c.req.valid('json');
      const reading = { ...wish, template: wish.template?.trim() ? wish.template : null };
      refuseUnreadable(reading.template);
      const changed = await webhooks.change(c.req.valid('param').id, { reading }, c.get('caller').name);
      if (changed === null) throw notFound(missing);
      return c.json(changed.reading ?? noReading, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/templates/try',
        tag,
        summary: 'What a template makes of a text: the signal, or where they do not fit; nothing is stored or sent',
        answer: templateTried,
      }),
      request: { body: jsonBody(templateTrial) },
    }),
    (c) => {
      const { template, text } = c.req.valid('json');
      const compiled = compileTemplates(template);
      const nothing = { fault: null, signal: null, problems: [], mismatches: [] };
      if (!compiled.ok) return c.json({ ...nothing, fault: compiled.error }, 200);
      const read = readByTemplate(text, compiled.value);
      if (read.ok) return c.json({ ...nothing, signal: { ...signalToJson(read.value) } }, 200);
      return c.json({ ...nothing, problems: [...read.error], mismatches: partings(text, compiled.value) }, 200);
    },
  );
}

/** Where the text stops fitting each template; none when one of them fits. */
function partings(text: string, templates: readonly Template[]) {
  const parted = templates.flatMap((template) => {
    const match = matchTemplate(template, text);
    if (match.ok) return [];
    const { expected, matched, rest } = match.error;
    return [{ template: template.source, expected, matched, rest }];
  });
  return parted.length === templates.length ? parted : [];
}

function refuseUnreadable(template: string | null): void {
  const compiled = template === null ? null : compileTemplates(template);
  if (compiled === null || compiled.ok) return;
  const { line, column, message } = compiled.error;
  const sentence = `${message} (line ${line}, column ${column})`;
  throw new HttpProblem(400, 'INVALID', 'The template cannot be used', `template: ${sentence}. Nothing was changed.`, [
    { field: 'template', code: 'INVALID', message: sentence },
  ]);
}

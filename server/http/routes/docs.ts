import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { acknowledgement, problem } from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';

/** The API's description, and a page to browse it; its script is ours to serve, nothing is fetched from elsewhere. */
export function docsRoutes(app: App, { rapidocFile }: HttpParts): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'signalbox.session_token',
  });
  describePublicRoutes(app);
  app.doc31('/api/v1/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Signalbox',
      version: '1',
      description:
        'Amounts, prices and quantities are decimal text. Times are ISO 8601 in UTC. Errors are problem+json (RFC 9457).',
    },
    servers: [{ url: '/' }],
  });
  app.get('/docs', (c) => c.html(page));
  app.get('/docs/rapidoc.js', async (c) =>
    c.body(await readFile(rapidocFile, 'utf8'), 200, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=86400',
    }),
  );
}

const asJson = (schema: z.ZodType, description: string) => ({
  content: { 'application/json': { schema } },
  description,
});
const asProblem = (description: string) => ({
  content: { 'application/problem+json': { schema: problem } },
  description,
});

/** What is answered elsewhere, or without any schema, and belongs to the description all the same. */
function describePublicRoutes({ openAPIRegistry: registry }: App): void {
  registry.registerPath({
    method: 'post',
    path: '/hooks/{source}/{token}',
    summary: 'Send an alert, as TradingView does',
    tags: ['Webhook'],
    security: [],
    request: {
      params: z.object({
        source: z.string().meta({ example: 'tradingview' }),
        token: z.string().meta({ description: 'The secret of the address' }),
      }),
      body: {
        required: true,
        description: 'At most 64 KiB; the type is not looked at',
        content: { 'application/json': { schema: alert }, 'text/plain': { schema: z.string() } },
      },
    },
    responses: {
      202: asJson(acknowledgement, 'Stored, with its job'),
      200: asJson(acknowledgement, 'The same alert had come before: its id'),
      400: asProblem('Refused, kept, and shown: each field that was wrong'),
      404: asProblem('No such address'),
      413: asProblem('Over 64 KiB'),
      429: asProblem('Too many at once; Retry-After says when'),
      503: asProblem('Not stored; send it again'),
    },
  });
  const health = z.object({ ok: z.boolean() });
  const shared = { method: 'get' as const, tags: ['Health'], security: [] };
  registry.registerPath({
    ...shared,
    path: '/healthz',
    summary: 'Whether the process answers',
    responses: { 200: asJson(health, 'It does') },
  });
  registry.registerPath({
    ...shared,
    path: '/readyz',
    summary: 'Whether alerts can be stored',
    responses: { 200: asJson(health, 'They can'), 503: asJson(health, 'They cannot') },
  });
}

/** The short form of an alert; the long one has longer names of the same. */
const alert = z
  .object({
    signal: z.enum(['BUY', 'SELL']),
    ticker: z.string(),
    mode: z.enum(['Paper', 'Production']),
    risk: z.union([z.number(), z.string()]),
  })
  .loose()
  .meta({ id: 'Alert', example: { signal: 'BUY', ticker: 'AAPL', mode: 'Paper', risk: 100 } });

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Signalbox API</title>
<script type="module" src="/docs/rapidoc.js"></script>
</head>
<body>
<rapi-doc spec-url="/api/v1/openapi.json" load-fonts="false" show-header="false" render-style="read" schema-style="table"
  theme="light" primary-color="#2456c7" regular-font="system-ui, sans-serif" mono-font="ui-monospace, monospace"
  allow-server-selection="false" allow-spec-url-load="false" allow-spec-file-load="false"></rapi-doc>
</body>
</html>`;

import { readFile } from 'node:fs/promises';
import type { App, HttpParts } from '../app.ts';

/** The API's description, and a page to browse it; its script is ours to serve, nothing is fetched from elsewhere. */
export function docsRoutes(app: App, { rapidocFile }: HttpParts): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'signalbox.session_token',
  });
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

import type { App, HttpParts } from '../parts.ts';

/** What Prometheus scrapes. */
export function metricsRoutes(app: App, { metrics }: Pick<HttpParts, 'metrics'>): void {
  app.get('/metrics', async (c) => {
    const { contentType, text } = await metrics.read();
    return c.body(text, 200, { 'content-type': contentType, 'cache-control': 'no-store' });
  });
}

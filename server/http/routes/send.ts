import { samplesJson, sendWish, sentJson } from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** Alerts in any dialect, sent by hand, and examples to begin with. */
export function sendRoutes(app: App, { sendDesk, connectionOf }: Pick<HttpParts, 'sendDesk' | 'connectionOf'>): void {
  const tag = 'Signals';
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/signals/samples',
        tag,
        summary: 'Alerts of every dialect that work: with placeholders first, then those of the corpora',
        answer: samplesJson,
      }),
    ),
    async (c) => c.json(await sendDesk.samples(), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/signals/send',
        tag,
        summary: 'Send an alert of any dialect through the same intake as anybody’s; what that says is the answer',
        answer: sentJson,
      }),
      request: { body: jsonBody(sendWish) },
    }),
    async (c) => {
      const remoteAddress = connectionOf(c).remote.address ?? null;
      return c.json(await sendDesk.send(c.req.valid('json'), { caller: c.get('caller'), remoteAddress }), 200);
    },
  );
}

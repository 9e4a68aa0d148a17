import { riskCheck, riskCheckWish } from '../../contract/index.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem } from '../problems.ts';
import { describeRoute, jsonBody } from '../route.ts';

const path = '/api/v1/risk/check';

/** What would become of an alert that nobody has sent. */
export function riskCheckRoutes(app: App, { orderCheck }: Pick<HttpParts, 'orderCheck'>): void {
  app.openAPIRegistry.registerPath({
    ...describeRoute({
      method: 'post',
      path,
      tag: 'Risk',
      summary: 'What would become of an alert, with its size and every rule’s verdict; touches nothing',
      answer: riskCheck,
    }),
    request: { body: jsonBody(riskCheckWish) },
  });
  // Not by the schema: JSON that was parsed and put together again has lost its decimals and its duplicates.
  app.post(path, async (c) => {
    if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '')) {
      const sentence = 'Expected a body of the type application/json. Nothing was decided or sent.';
      throw new HttpProblem(415, 'NOT_JSON', 'The request cannot be used', sentence);
    }
    return c.json(await orderCheck.check(new Uint8Array(await c.req.arrayBuffer()), c.get('caller')), 200);
  });
}

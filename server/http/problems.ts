import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Problem } from '../contract/primitives.ts';

type Field = NonNullable<Problem['fields']>[number];

/** An error that has something to say to whoever asked. */
export class HttpProblem extends Error {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly code: string;
  readonly fields: readonly Field[] | undefined;
  /** From when on it may be tried again. */
  readonly until: Date | undefined;

  constructor(
    status: ContentfulStatusCode,
    code: string,
    title: string,
    detail: string,
    fields?: readonly Field[],
    until?: Date,
  ) {
    super(detail);
    this.until = until;
    this.status = status;
    this.code = code;
    this.title = title;
    this.fields = fields;
  }
}

export const notFound = (what: string): HttpProblem =>
  new HttpProblem(404, 'NOT_FOUND', 'Not found', `There is no ${what}. Nothing was changed.`);

/** RFC 9457. */
export function problemResponse(c: Context, problem: HttpProblem): Response {
  const body: Problem = {
    type: 'about:blank',
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    instance: c.req.path.replace(/^(\/hooks\/[^/]+\/).*/, '$1…'),
    ...(problem.fields ? { fields: [...problem.fields] } : {}),
    ...(problem.until ? { until: problem.until.toISOString() } : {}),
  };
  return c.body(JSON.stringify(body), problem.status, {
    'content-type': 'application/problem+json',
    // What was not read of the body still comes: the next request must not use this connection.
    ...(problem.status === 413 ? { connection: 'close' } : {}),
  });
}

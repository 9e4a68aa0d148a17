import { createRoute, type z } from '@hono/zod-openapi';
import { problem } from '../contract/primitives.ts';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

interface Shape<M extends Method, P extends string, A extends z.ZodType, S extends 200 | 202> {
  readonly method: M;
  readonly path: P;
  readonly summary: string;
  readonly tag: string;
  readonly answer: A;
  readonly status?: S;
}

interface JsonAnswer<A extends z.ZodType> {
  content: { 'application/json': { schema: A } };
  description: string;
}

/** What any route answers when it does not do what it was asked. */
export const refusal = { content: { 'application/problem+json': { schema: problem } }, description: 'A problem' };

/** The parts of a route that all have in common: its answer as JSON, and problems as problem+json. */
export function describeRoute<
  const M extends Method,
  const P extends string,
  A extends z.ZodType,
  S extends 200 | 202 = 200,
>(shape: Shape<M, P, A, S>) {
  const answer: JsonAnswer<A> = {
    content: { 'application/json': { schema: shape.answer } },
    description: shape.summary,
  };
  return {
    method: shape.method,
    path: shape.path,
    summary: shape.summary,
    tags: [shape.tag],
    security: [{ bearer: [] }, { session: [] }] as Record<string, string[]>[],
    responses: { [shape.status ?? 200]: answer, default: refusal } as unknown as Record<S, JsonAnswer<A>>,
  };
}

/** A body that is JSON and must be there. */
export const jsonBody = <Body extends z.ZodType>(schema: Body) =>
  ({ content: { 'application/json': { schema } }, required: true }) as const;

export { createRoute };

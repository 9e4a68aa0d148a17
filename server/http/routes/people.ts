import type { Context } from 'hono';
import { z } from 'zod';
import { invitationWish, invitedPerson, oneTimeLink, person, personChange } from '../../contract/index.ts';
import { clientAddress } from '../client-address.ts';
import type { App, Env, HttpParts } from '../parts.ts';
import { notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** Who may sign in, and as what. */
export function peopleRoutes(app: App, parts: HttpParts): void {
  const { people } = parts;
  const tag = 'People';
  const params = z.object({ id: z.string().min(1).max(64) });
  const asking = (c: Context<Env>) => ({ caller: c.get('caller'), address: clientAddress(c, parts) });
  const found = <T>(answer: T | null): T => {
    if (answer === null) throw notFound('such person');
    return answer;
  };

  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/users',
        tag,
        summary: 'Everybody who may sign in, with what they have set up to prove who they are',
        answer: z.object({ items: z.array(person) }),
      }),
    ),
    async (c) => c.json({ items: [...(await people.list())] }, 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/users',
        tag,
        summary: 'Invite somebody: answers with a link to set a password, which is shown this once',
        answer: invitedPerson,
      }),
      request: { body: jsonBody(invitationWish) },
    }),
    async (c) => c.json(await people.invite(c.req.valid('json'), asking(c)), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'patch',
        path: '/api/v1/users/{id}',
        tag,
        summary: 'Rename, give another role, switch off or on; switched off, every session ends at once',
        answer: person,
      }),
      request: { params, body: jsonBody(personChange) },
    }),
    async (c) => c.json(found(await people.change(c.req.valid('param').id, c.req.valid('json'), asking(c))), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/users/{id}/link',
        tag,
        summary: 'A new link to set a password; an earlier one is no good any more',
        answer: oneTimeLink,
      }),
      request: { params },
    }),
    async (c) => c.json(found(await people.link(c.req.valid('param').id, asking(c))), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path: '/api/v1/users/{id}/sessions',
        tag,
        summary: 'Sign somebody out everywhere',
        answer: person,
      }),
      request: { params },
    }),
    async (c) => c.json(found(await people.signOutEverywhere(c.req.valid('param').id, asking(c))), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path: '/api/v1/users/{id}/second-factor',
        tag,
        summary: 'Take away the authenticator app, the recovery codes and the passkeys of somebody who has lost them',
        answer: person,
      }),
      request: { params },
    }),
    async (c) => c.json(found(await people.removeFactors(c.req.valid('param').id, asking(c))), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/users/{id}/unlock',
        tag,
        summary: 'Forget the wrong passwords and codes of somebody who is locked out by them',
        answer: person,
      }),
      request: { params },
    }),
    async (c) => c.json(found(await people.unlock(c.req.valid('param').id, asking(c))), 200),
  );
}

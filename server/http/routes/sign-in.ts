import type { Context } from 'hono';
import {
  done,
  linkAbout,
  linkToken,
  linkUse,
  linkUsed,
  passkeyAnswer,
  passkeyQuestion,
  signInWish,
} from '../../contract/index.ts';
import { clientAddress } from '../client-address.ts';
import { toSetup } from '../first-sign-in.ts';
import { refuseOtherOrigin } from '../guard.ts';
import type { App, Env, HttpParts } from '../parts.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** The ways in, for whoever is not signed in: each answers with a session's cookie, and none is taken from another site. */
export function signInRoutes(app: App, parts: HttpParts): void {
  const { auth, signInDesk } = parts;
  const tag = 'Signing in';
  const open = { security: [] as Record<string, string[]>[] };

  const fromOf = (c: Context<Env>) => ({ headers: c.req.raw.headers, address: clientAddress(c, parts) });
  const own = (c: Context<Env>) => {
    refuseOtherOrigin(c, parts.origins());
    return fromOf(c);
  };
  const keep = (c: Context<Env>, cookies: readonly string[]): void => {
    for (const cookie of cookies) c.header('set-cookie', cookie, { append: true });
  };

  app.get('/api/auth/magic-link/verify', async (c) => {
    // Whatever only looks whether the link is there must not use it up.
    if (c.req.raw.method === 'HEAD') return c.body(null, 204);
    return toSetup(await auth.signIn(c.req.raw, fromOf(c).address), parts.commands);
  });
  app.post('/api/auth/sign-out', (c) => auth.signOut(c.req.raw.headers, own(c).address));

  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/auth/sign-in',
        tag,
        summary: 'Sign in with a password, and a code where a second factor is set up',
        answer: done,
      }),
      ...open,
      request: { body: jsonBody(signInWish) },
    }),
    async (c) => {
      keep(c, (await signInDesk.byPassword(c.req.valid('json'), own(c))).cookies);
      return c.json({ done: true as const }, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/auth/passkey/question',
        tag,
        summary: 'What a passkey has to sign; the cookie that comes with it goes with the answer',
        answer: passkeyQuestion,
      }),
      ...open,
    }),
    async (c) => {
      const { options, cookies } = await signInDesk.passkeyQuestion(own(c));
      keep(c, cookies);
      return c.json({ options }, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/auth/passkey/sign-in',
        tag,
        summary: 'Sign in with a passkey',
        answer: done,
      }),
      ...open,
      request: { body: jsonBody(passkeyAnswer) },
    }),
    async (c) => {
      keep(c, (await signInDesk.byPasskey(c.req.valid('json').response, own(c))).cookies);
      return c.json({ done: true as const }, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/auth/link',
        tag,
        summary: 'Whose a link to set a password is',
        answer: linkAbout,
      }),
      ...open,
      request: { body: jsonBody(linkToken) },
    }),
    async (c) => {
      own(c);
      return c.json(await signInDesk.lookAtLink(c.req.valid('json').token), 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/auth/link/use',
        tag,
        summary: 'Set a password with it, once',
        answer: linkUsed,
      }),
      ...open,
      request: { body: jsonBody(linkUse) },
    }),
    async (c) => {
      const { token, password } = c.req.valid('json');
      const { signedIn, cookies } = await signInDesk.useLink(token, password, own(c));
      keep(c, cookies);
      return c.json({ signedIn }, 200);
    },
  );
}

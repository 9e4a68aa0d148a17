import type { Context } from 'hono';
import { z } from 'zod';
import {
  codeProof,
  done,
  newPasskey,
  newPassword,
  newSecondFactor,
  ownAccount as ownAccountShape,
  ownChange,
  passkeyAnswer,
  passkeyName,
  passkeyQuestion,
  proofWish,
  recoveryCodes,
} from '../../contract/index.ts';
import { clientAddress } from '../client-address.ts';
import type { App, Env, HttpParts } from '../parts.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** What people do with their own account. The permission table lets no token here. */
export function ownAccountRoutes(app: App, parts: HttpParts): void {
  const { ownAccount } = parts;
  const tag = 'Your account';
  const params = z.object({ id: z.string().min(1).max(64) });
  const asking = (c: Context<Env>) => ({
    caller: c.get('caller'),
    headers: c.req.raw.headers,
    address: clientAddress(c, parts),
  });
  const finished = { done: true as const };

  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/me/account',
        tag,
        summary: 'Your own account: who you are, where you are signed in, and what you have set up to prove it',
        answer: ownAccountShape,
      }),
    ),
    async (c) => c.json(await ownAccount.show(asking(c)), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'patch',
        path: '/api/v1/me',
        tag,
        summary: 'Change your name, or the address that you sign in with',
        answer: done,
      }),
      request: { body: jsonBody(ownChange) },
    }),
    async (c) => {
      await ownAccount.change(c.req.valid('json'), asking(c));
      return c.json(finished, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'put',
        path: '/api/v1/me/password',
        tag,
        summary: 'Set your password; every other session of yours ends',
        answer: done,
      }),
      request: { body: jsonBody(newPassword) },
    }),
    async (c) => {
      await ownAccount.setPassword(c.req.valid('json').password, asking(c));
      return c.json(finished, 200);
    },
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'post',
        path: '/api/v1/me/second-factor',
        tag,
        summary: 'Begin to set up an authenticator app: nothing is asked for until a code confirms it',
        answer: newSecondFactor,
      }),
    ),
    async (c) => c.json(await ownAccount.beginCodes(asking(c)), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/me/second-factor/confirm',
        tag,
        summary: 'Confirm it with its first code; answers with the recovery codes, this once',
        answer: recoveryCodes,
      }),
      request: { body: jsonBody(codeProof) },
    }),
    async (c) => c.json(await ownAccount.confirmCodes(c.req.valid('json').code, asking(c)), 200),
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'delete',
        path: '/api/v1/me/second-factor',
        tag,
        summary: 'Take the authenticator app and its recovery codes away',
        answer: done,
      }),
    ),
    async (c) => {
      await ownAccount.removeCodes(asking(c));
      return c.json(finished, 200);
    },
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'post',
        path: '/api/v1/me/recovery-codes',
        tag,
        summary: 'New recovery codes in the place of the old ones, shown this once',
        answer: recoveryCodes,
      }),
    ),
    async (c) => c.json(await ownAccount.newRecoveryCodes(asking(c)), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/me/passkeys/question',
        tag,
        summary: 'What a new passkey has to sign; the cookie that comes with it goes with the answer',
        answer: passkeyQuestion,
      }),
      request: { body: jsonBody(passkeyName) },
    }),
    async (c) => {
      const { options, cookies } = await ownAccount.passkeyQuestion(c.req.valid('json').name, asking(c));
      for (const cookie of cookies) c.header('set-cookie', cookie, { append: true });
      return c.json({ options }, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/me/passkeys',
        tag,
        summary: 'Add a passkey',
        answer: done,
      }),
      request: { body: jsonBody(newPasskey) },
    }),
    async (c) => {
      await ownAccount.addPasskey(c.req.valid('json'), asking(c));
      return c.json(finished, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'patch',
        path: '/api/v1/me/passkeys/{id}',
        tag,
        summary: 'Rename a passkey',
        answer: done,
      }),
      request: { params, body: jsonBody(passkeyName) },
    }),
    async (c) => {
      await ownAccount.renamePasskey(c.req.valid('param').id, c.req.valid('json').name, asking(c));
      return c.json(finished, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path: '/api/v1/me/passkeys/{id}',
        tag,
        summary: 'Take a passkey away',
        answer: done,
      }),
      request: { params },
    }),
    async (c) => {
      await ownAccount.removePasskey(c.req.valid('param').id, asking(c));
      return c.json(finished, 200);
    },
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'delete',
        path: '/api/v1/me/sessions',
        tag,
        summary: 'Sign yourself out everywhere else',
        answer: done,
      }),
    ),
    async (c) => {
      await ownAccount.endOtherSessions(asking(c));
      return c.json(finished, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path: '/api/v1/me/sessions/{id}',
        tag,
        summary: 'Sign yourself out in one place',
        answer: done,
      }),
      request: { params },
    }),
    async (c) => {
      await ownAccount.endSession(c.req.valid('param').id, asking(c));
      return c.json(finished, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/me/proof',
        tag,
        summary:
          'Prove again that it is you, by a code or the password: for 5 minutes, what asks for a fresh proof is done',
        answer: done,
      }),
      request: { body: jsonBody(proofWish) },
    }),
    async (c) => {
      await ownAccount.prove(c.req.valid('json'), asking(c));
      return c.json(finished, 200);
    },
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'post',
        path: '/api/v1/me/proof/question',
        tag,
        summary: 'What a passkey of yours has to sign for it',
        answer: passkeyQuestion,
      }),
    ),
    async (c) => {
      const { options, cookies } = await ownAccount.proofQuestion(asking(c));
      for (const cookie of cookies) c.header('set-cookie', cookie, { append: true });
      return c.json({ options }, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/me/proof/passkey',
        tag,
        summary: 'The same by a passkey',
        answer: done,
      }),
      request: { body: jsonBody(passkeyAnswer) },
    }),
    async (c) => {
      await ownAccount.proveByPasskey(c.req.valid('json').response, asking(c));
      return c.json(finished, 200);
    },
  );
}

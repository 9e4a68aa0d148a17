import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';

/**
 * A session for a person whom our own code has asked for a password and codes. Only to be called from here: no request reaches it. Who signs in
 * with a password has just proved who they are; who came by an invitation has set one.
 */
export const sessionOpener = (now: () => Date) =>
  ({
    id: 'signalbox-session-opener',
    endpoints: {
      openSession: createAuthEndpoint(
        '/open-session',
        {
          method: 'POST',
          body: z.object({ personId: z.string(), by: z.enum(['password', 'invitation']) }),
          requireHeaders: true,
          metadata: { SERVER_ONLY: true },
        },
        async (context) => {
          const { internalAdapter } = context.context;
          const { personId, by } = context.body;
          const user = await internalAdapter.findUserById(personId);
          const session =
            user && (await internalAdapter.createSession(personId, false, { signedInBy: by, provedAt: now() }));
          if (!session) throw new APIError('UNAUTHORIZED', { message: 'no session for this person' });
          await setSessionCookie(context, { session, user });
          return context.json({ sessionId: session.id });
        },
      ),
    },
  }) satisfies BetterAuthPlugin;

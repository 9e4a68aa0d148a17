import { AsyncLocalStorage } from 'node:async_hooks';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { magicLink } from 'better-auth/plugins/magic-link';
import type postgres from 'postgres';
import { role } from '../../contract/primitives.ts';
import type { Random } from '../../core/ports/random.ts';
import type { Caller } from '../../platform/access/roles.ts';
import type { ApiTokens } from './api-tokens.ts';

export interface AuthParts {
  /** A drizzle database on our tables; see adapters/database/schema/auth.ts. */
  readonly db: Parameters<typeof drizzleAdapter>[0];
  readonly tables: {
    readonly users: unknown;
    readonly sessions: unknown;
    readonly credentials: unknown;
    readonly verifications: unknown;
  };
  readonly sql: postgres.Sql;
  readonly random: Random;
  readonly tokens: ApiTokens;
  /** Signs cookies; 32 random bytes or more, kept over restarts. */
  readonly secret: string;
  /** Where people reach the dashboard. */
  readonly baseUrl: string;
  /** Other addresses of the same dashboard. */
  readonly trustedOrigins: readonly string[];
}

export interface Auth {
  /** Follows a sign-in link: a session and the way to the dashboard, or the way to the sign-in page with why not. */
  signIn(request: Request, remoteAddress: string | null): Promise<Response>;
  /** Ends the session of whoever asks. */
  signOut(headers: Headers): Promise<Response>;
  /** Who asks, by session cookie or bearer token; null: nobody we know. */
  callerOf(headers: Headers): Promise<Caller | null>;
  /** A link that signs the administrator in once, within `signInLinkMinutes`. Makes the administrator at the first time. */
  administratorLink(): Promise<string>;
  /** The same for anybody who has an account; null: nobody of that address has. */
  signInLink(email: string): Promise<string | null>;
}

export const signInLinkMinutes = 15;
export const administratorEmail = 'admin@signalbox.local';
/** Links tried a minute from one address. A token has 32 letters of 52: this only keeps the noise down. */
const triesAMinute = 10;
/** Who tries, by the connection: a header that anybody can send says nothing. */
const peerHeader = 'x-signalbox-peer';

/** People sign in by one-time links and have no passwords; scripts have tokens. */
export function createAuth(parts: AuthParts): Auth {
  const { sql, random, tokens, tables } = parts;
  const asked = new AsyncLocalStorage<(url: string) => void>();
  const auth = betterAuth({
    appName: 'Signalbox',
    baseURL: parts.baseUrl,
    basePath: '/api/auth',
    secret: parts.secret,
    trustedOrigins: [...parts.trustedOrigins],
    telemetry: { enabled: false },
    database: drizzleAdapter(parts.db, {
      provider: 'pg',
      schema: {
        user: tables.users,
        session: tables.sessions,
        account: tables.credentials,
        verification: tables.verifications,
      } as unknown as Record<string, never>,
    }),
    user: { additionalFields: { role: { type: 'string', required: true, input: false, defaultValue: 'viewer' } } },
    session: { expiresIn: 30 * 86_400, updateAge: 86_400 },
    advanced: {
      ipAddress: { ipAddressHeaders: [peerHeader] },
      useSecureCookies: parts.baseUrl.startsWith('https:'),
      cookiePrefix: 'signalbox',
      database: { generateId: () => random.id() },
    },
    rateLimit: { enabled: true, window: 60, max: 100 },
    logger: { disabled: true },
    plugins: [
      magicLink({
        expiresIn: signInLinkMinutes * 60,
        disableSignUp: true,
        storeToken: 'hashed',
        rateLimit: { window: 60, max: triesAMinute },
        sendMagicLink: ({ url }) => asked.getStore()?.(url),
      }),
    ],
  });

  async function linkFor(email: string): Promise<string> {
    let link = '';
    await asked.run(
      (url) => {
        link = url;
      },
      () =>
        auth.api.signInMagicLink({
          body: { email, callbackURL: '/', errorCallbackURL: '/sign-in' },
          headers: new Headers({ origin: parts.baseUrl }),
        }),
    );
    return link;
  }

  return {
    async signIn(request, remoteAddress) {
      const headers = new Headers(request.headers);
      headers.delete(peerHeader);
      if (remoteAddress !== null) headers.set(peerHeader, remoteAddress);
      const answer = await auth.handler(new Request(request.url, { headers }));
      if (answer.status === 429) return redirect('/sign-in?error=TOO_MANY_ATTEMPTS');
      const location = answer.headers.get('location');
      if (location === null) return redirect('/sign-in?error=INVALID_TOKEN');
      // Relative: whoever came by another name of this server stays on it, where the cookie is.
      const { pathname, search } = new URL(location, parts.baseUrl);
      return redirect(pathname + search, answer.headers.getSetCookie());
    },

    signOut: (headers) => auth.api.signOut({ headers, asResponse: true }),

    async callerOf(headers) {
      const bearer = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
      if (bearer) return tokens.verify(bearer);
      if (!headers.get('cookie')) return null;
      const session = await auth.api.getSession({ headers });
      if (!session) return null;
      const { id, name, email } = session.user;
      const known = role.safeParse((session.user as { role?: unknown }).role);
      if (!known.success) return null;
      const { id: sessionId, createdAt: provedAt } = session.session;
      return { id, name, email, role: known.data, by: 'session', sessionId, provedAt };
    },

    async administratorLink() {
      await sql`
        insert into auth_users (id, name, email, email_verified, role)
        values (${random.id()}, 'Administrator', ${administratorEmail}, true, 'admin')
        on conflict (email) do nothing`;
      return linkFor(administratorEmail);
    },

    async signInLink(email) {
      const [known] = await sql`select 1 from auth_users where email = ${email}`;
      return known ? linkFor(email) : null;
    },
  };
}

function redirect(to: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location: to, 'cache-control': 'no-store' });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(null, { status: 302, headers });
}

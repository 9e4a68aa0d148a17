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
  /** better-auth's own handler, for the paths that http lets through to it. */
  handle(request: Request): Promise<Response>;
  /** Who asks, by session cookie or bearer token; null: nobody we know. */
  callerOf(headers: Headers): Promise<Caller | null>;
  /** A link that signs the administrator in once, within `signInLinkMinutes`. Makes the administrator at the first time. */
  administratorLink(): Promise<string>;
}

export const signInLinkMinutes = 15;
export const administratorEmail = 'admin@signalbox.local';

/** People sign in by one-time links and have no passwords; scripts have tokens. */
export function createAuth(parts: AuthParts): Auth {
  const { sql, random, tokens, tables } = parts;
  let sent: ((url: string) => void) | null = null;
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
        sendMagicLink: ({ url }) => sent?.(url),
      }),
    ],
  });

  return {
    handle: (request) => auth.handler(request),

    async callerOf(headers) {
      const bearer = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
      if (bearer) return tokens.verify(bearer);
      if (!headers.get('cookie')) return null;
      const session = await auth.api.getSession({ headers });
      if (!session) return null;
      const { id, name, email } = session.user;
      const known = role.safeParse((session.user as { role?: unknown }).role);
      return known.success ? { id, name, email, role: known.data, by: 'session' } : null;
    },

    async administratorLink() {
      await sql`
        insert into auth_users (id, name, email, email_verified, role)
        values (${random.id()}, 'Administrator', ${administratorEmail}, true, 'admin')
        on conflict (email) do nothing`;
      const link = new Promise<string>((resolve) => {
        sent = resolve;
      });
      await auth.api.signInMagicLink({
        body: { email: administratorEmail, callbackURL: '/', errorCallbackURL: '/sign-in' },
        headers: new Headers({ origin: parts.baseUrl }),
      });
      return link;
    },
  };
}

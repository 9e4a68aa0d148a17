import { AsyncLocalStorage } from 'node:async_hooks';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { magicLink } from 'better-auth/plugins/magic-link';
import type postgres from 'postgres';
import { role } from '../../contract/primitives.ts';
import type { EventKind } from '../../core/model/event.ts';
import { readAddress } from '../../core/net/address.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { EventWriter } from '../../core/ports/event-writer.ts';
import type { Random } from '../../core/ports/random.ts';
import type { Caller } from '../../platform/access/roles.ts';
import type { ApiTokens } from './api-tokens.ts';
import { basePath, createPasskeys, type Passkeys, passkeyPaths, verifiedPasskeys } from './passkeys.ts';
import { sessionOpener } from './session-opener.ts';

export interface AuthParts {
  /** A drizzle database on our tables; see adapters/database/schema/auth.ts. */
  readonly db: Parameters<typeof drizzleAdapter>[0];
  readonly tables: {
    readonly users: unknown;
    readonly sessions: unknown;
    readonly credentials: unknown;
    readonly verifications: unknown;
    readonly passkeys: unknown;
  };
  readonly sql: postgres.Sql;
  readonly random: Random;
  readonly clock: Pick<Clock, 'now'>;
  /** Told of every session that begins and ends. */
  readonly events: Pick<EventWriter, 'append'>;
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
  signOut(headers: Headers, remoteAddress: string | null): Promise<Response>;
  /** A session for somebody who has proved who they are; its cookies. */
  openSession(personId: string, by: 'password' | 'invitation', from: From): Promise<readonly string[]>;
  readonly passwords: {
    hash(password: string): Promise<string>;
    /** Takes as long for nobody's (null) as for somebody's. */
    verify(password: string, hash: string | null): Promise<boolean>;
  };
  readonly passkeys: Passkeys;
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
/** Set by us alone, where no sign-in is to be told of. */
const proofHeader = 'x-signalbox-proof-only';
/** A hash to compare with where nobody of that name is known. */
const nobodys = hashPassword('nobody has this password');

/** Who asks, for what a session keeps and rates are limited by. */
export interface From {
  readonly headers: Headers;
  readonly address: string | null;
  /** A passkey that only proves again who is signed in already: the session that comes of it is no sign-in. */
  readonly proofOnly?: boolean;
}

/** Sign-in by password, one-time link or passkey, with sessions by better-auth; scripts have tokens. */
export function createAuth(parts: AuthParts): Auth {
  const { sql, random, clock, tokens, tables } = parts;
  const asked = new AsyncLocalStorage<(url: string) => void>();
  const { hostname } = new URL(parts.baseUrl);
  const auth = betterAuth({
    appName: 'Signalbox',
    baseURL: parts.baseUrl,
    basePath,
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
        passkey: tables.passkeys,
      } as unknown as Record<string, never>,
    }),
    user: {
      additionalFields: {
        role: { type: 'string', required: true, input: false, defaultValue: 'viewer' },
        disabledAt: { type: 'date', required: false, input: false },
      },
    },
    session: {
      expiresIn: 30 * 86_400,
      updateAge: 86_400,
      // What asks for more than a session asks for a fresh proof: platform/access/step-up.ts.
      freshAge: 0,
      additionalFields: {
        signedInBy: { type: 'string', required: false, input: false },
        provedAt: { type: 'date', required: false, input: false },
      },
    },
    databaseHooks: {
      session: {
        create: {
          async before(session, context) {
            const [person] = await sql`select 1 from auth_users where id = ${session.userId} and disabled_at is null`;
            if (!person) return false;
            if (context?.path !== passkeyPaths.verify) return;
            return { data: { ...session, signedInBy: 'passkey', provedAt: clock.now() } };
          },
          async after(session, context) {
            if (context?.headers?.get(proofHeader)) return;
            const { userId, ipAddress, userAgent, signedInBy } = session as typeof session & { signedInBy?: string };
            const [person] = await sql<{ name: string }[]>`select name from auth_users where id = ${userId}`;
            await tell('person.signed_in', { id: userId, name: person?.name ?? userId }, ipAddress || null, {
              way: signedInBy ?? 'link',
              userAgent: (userAgent ?? '').slice(0, 300),
            });
          },
        },
      },
    },
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
      sessionOpener(() => clock.now()),
      verifiedPasskeys({
        // A number is no name that a passkey can be bound to: on the machine itself it is bound to its own.
        rpID: readAddress(hostname.replace(/^\[|\]$/g, '')) ? 'localhost' : hostname,
        origins: parts.trustedOrigins,
      }),
    ],
  });

  const tell = (
    kind: EventKind,
    person: { readonly id: string; readonly name: string },
    address: string | null,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<void> =>
    parts.events.append([
      {
        kind,
        data: {
          ...{
            personId: person.id,
            person: person.name,
            by: person.name,
            byId: person.id,
            through: 'session',
            address,
          },
          ...more,
        },
      },
    ]);

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

  /** Headers as the library reads them: who asks is who is connected, whatever a header says. */
  function headersOf({ headers: given, address, proofOnly }: From): Headers {
    const headers = new Headers(given);
    headers.delete(peerHeader);
    headers.delete(proofHeader);
    if (proofOnly) headers.set(proofHeader, 'yes');
    if (address !== null) headers.set(peerHeader, address);
    return headers;
  }

  async function callerOf(headers: Headers): Promise<Caller | null> {
    const bearer = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
    if (bearer) return tokens.verify(bearer);
    if (!headers.get('cookie')) return null;
    const found = await auth.api.getSession({ headers });
    if (!found) return null;
    const user = found.user as typeof found.user & { role?: unknown; disabledAt?: Date | null };
    const session = found.session as typeof found.session & { provedAt?: Date | null };
    const known = role.safeParse(user.role);
    if (!known.success || user.disabledAt) return null;
    const { id, name, email } = user;
    return {
      ...{ id, name, email, role: known.data, by: 'session' as const },
      sessionId: session.id,
      provedAt: session.provedAt ?? null,
    };
  }

  return {
    async signIn(request, remoteAddress) {
      const headers = headersOf({ headers: request.headers, address: remoteAddress });
      const answer = await auth.handler(new Request(request.url, { headers }));
      if (answer.status === 429) return redirect('/sign-in?error=TOO_MANY_ATTEMPTS');
      const location = answer.headers.get('location');
      if (location === null) return redirect('/sign-in?error=INVALID_TOKEN');
      // Relative: whoever came by another name of this server stays on it, where the cookie is.
      const { pathname, search } = new URL(location, parts.baseUrl);
      return redirect(pathname + search, answer.headers.getSetCookie());
    },

    async signOut(headers, remoteAddress) {
      const caller = await callerOf(headers);
      const answer = await auth.api.signOut({ headers, asResponse: true });
      if (caller?.by === 'session') await tell('person.signed_out', caller, remoteAddress);
      return answer;
    },

    async openSession(personId, by, from) {
      const answer = await auth.api.openSession({ body: { personId, by }, headers: headersOf(from), asResponse: true });
      if (!answer.ok) throw new Error(`no session could be opened: ${answer.status}`);
      return answer.headers.getSetCookie();
    },

    passwords: {
      hash: hashPassword,
      async verify(password, hash) {
        // Whether somebody is known must not be told by how long it takes.
        const right = await verifyPassword({ password, hash: hash ?? (await nobodys) }).catch(() => false);
        return right && hash !== null;
      },
    },

    passkeys: createPasskeys({
      baseUrl: parts.baseUrl,
      handler: (request) => auth.handler(request),
      headersOf,
    }),

    callerOf,

    async administratorLink() {
      const oldest = async () =>
        (
          await sql<{ email: string }[]>`
            select email from auth_users where role = 'admin' and disabled_at is null order by created_at, id limit 1`
        )[0]?.email;
      if ((await oldest()) === undefined) {
        await sql`
          insert into auth_users (id, name, email, email_verified, role)
          values (${random.id()}, 'Administrator', ${administratorEmail}, true, 'admin')
          on conflict (email) do nothing`;
      }
      return linkFor((await oldest())!);
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

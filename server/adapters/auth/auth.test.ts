import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, openApi } from '../../testing/api.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { systemRandom } from '../clock/system-random.ts';
import { createApiTokens } from './api-tokens.ts';
import { administratorEmail } from './auth.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const cookieOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
/** The library allows few tries a minute from one address: each test comes from its own. */
const follow = (link: string, from: string) => {
  const { pathname, search } = new URL(link);
  return api.request(pathname + search, { headers: { 'x-test-peer': from } });
};

describe('the sign-in link', () => {
  it('signs the administrator in, once', async () => {
    const link = await api.auth.administratorLink();
    const first = await follow(link, '203.0.113.1');
    expect([first.status, first.headers.get('location')]).toEqual([302, '/']);
    const me = await api.request('/api/v1/me', { headers: { cookie: cookieOf(first) } });
    expect(await me.json()).toMatchObject({ name: 'Administrator', email: administratorEmail, role: 'admin' });

    const second = await follow(link, '203.0.113.1');
    expect(second.status).toBe(302);
    expect(second.headers.get('location')).toMatch(/^\/sign-in\?error=/);
    expect(second.headers.getSetCookie().filter((cookie) => /session_token=[^;]/.test(cookie))).toEqual([]);
  });

  it('stays usable when something only looks whether it is there', async () => {
    const link = await api.auth.administratorLink();
    await api.request(new URL(link).pathname + new URL(link).search, { method: 'HEAD' });
    expect((await follow(link, '203.0.113.2')).headers.get('location')).toBe('/');
  });

  it('sets a session that scripts of a page cannot read and other sites cannot send along', async () => {
    const [session] = (await follow(await api.auth.administratorLink(), '203.0.113.3')).headers
      .getSetCookie()
      .filter((cookie) => cookie.startsWith('signalbox.session_token='));
    expect(session).toMatch(/HttpOnly/i);
    expect(session).toMatch(/SameSite=Lax/i);
    expect(session).not.toMatch(/Secure/i);
  });

  it('sets one that is never sent without TLS, where people come by it', async () => {
    const behind = await openApi({}, { baseUrl: 'https://desk.example.org' });
    try {
      const { pathname, search } = new URL(await behind.auth.administratorLink());
      const response = await behind.request(pathname + search, { headers: { 'x-test-peer': '203.0.113.9' } });
      const cookies = response.headers.getSetCookie();
      expect(cookies.join()).toContain('__Secure-signalbox.session_token=');
      for (const cookie of cookies) expect(cookie).toMatch(/; Secure/i);
      const me = await behind.request('/api/v1/me', { headers: { cookie: cookieOf(response) } });
      expect(await me.json()).toMatchObject({ role: 'admin' });
    } finally {
      await behind.close();
    }
  });

  it('is stored as a hash, and no good when it has expired', async () => {
    const link = await api.auth.administratorLink();
    const token = new URL(link).searchParams.get('token')!;
    const stored = await api.sql`select identifier, value from auth_verifications`;
    expect(JSON.stringify(stored)).not.toContain(token);
    await api.sql`update auth_verifications set expires_at = now() - interval '1 second'`;
    expect((await follow(link, '203.0.113.4')).headers.get('location')).toMatch(/^\/sign-in\?error=/);
  });

  it('is made for whoever has an account, and for nobody else', async () => {
    await api.sql`
      insert into auth_users (id, name, email, email_verified, role)
      values ('u1', 'Ada', 'ada@example.org', true, 'analyst')`;
    const response = await follow((await api.auth.signInLink('ada@example.org'))!, '203.0.113.5');
    const me = await api.request('/api/v1/me', { headers: { cookie: cookieOf(response) } });
    expect(await me.json()).toMatchObject({ name: 'Ada', role: 'analyst' });
    expect(await api.auth.signInLink('nobody@example.org')).toBeNull();
  });

  it('made for two at once is each one’s own', async () => {
    const [ada, admin] = await Promise.all([api.auth.signInLink('ada@example.org'), api.auth.administratorLink()]);
    const roleBehind = async (link: string) => {
      const cookie = cookieOf(await follow(link, '203.0.113.6'));
      return ((await (await api.request('/api/v1/me', { headers: { cookie } })).json()) as { role: string }).role;
    };
    expect(await roleBehind(ada!)).toBe('analyst');
    expect(await roleBehind(admin)).toBe('admin');
  });

  it('cannot be guessed at without end, and says so on a page', async () => {
    const guess = () => follow(`${api.url}/api/auth/magic-link/verify?token=guess&callbackURL=%2F`, '203.0.113.99');
    const answers = await Promise.all(Array.from({ length: 14 }, guess));
    const places = answers.map((answer) => answer.headers.get('location'));
    expect(places).toContain('/sign-in?error=TOO_MANY_ATTEMPTS');
    expect(answers.every((answer) => answer.status === 302)).toBe(true);
  });
});

describe('a session', () => {
  it('ends with signing out', async () => {
    const cookie = cookieOf(await follow(await api.auth.administratorLink(), '203.0.113.7'));
    const status = async () => (await api.request('/api/v1/me', { headers: { cookie } })).status;
    expect(await status()).toBe(200);
    const signOut = (headers: Record<string, string>) =>
      api.request('/api/auth/sign-out', { method: 'POST', headers: { cookie, ...headers } });
    expect((await signOut({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })).status).toBe(403);
    expect(await status()).toBe(200);
    expect((await signOut({ origin: api.url })).status).toBe(200);
    expect(await status()).toBe(401);
  });

  it('cannot be made up', async () => {
    const cookie = cookieOf(await follow(await api.auth.administratorLink(), '203.0.113.8'));
    const forged = cookie.replace(/(session_token=)[^.]+/, '$1forged');
    expect(forged).not.toBe(cookie);
    expect((await api.request('/api/v1/me', { headers: { cookie: forged } })).status).toBe(401);
  });

  it('leaves the rest of the library’s doors shut', async () => {
    for (const path of ['/sign-in/magic-link', '/sign-up/email', '/sign-in/email', '/update-user']) {
      const response = await api.request(`/api/auth${path}`, { method: 'POST', headers: { origin: api.url } });
      expect([path, response.status]).toEqual([path, 404]);
    }
  });
});

describe('a token', () => {
  it('is stored as its SHA-256 only, and known by it', async () => {
    const token = await api.apiTokens.issue('a script', 'trader');
    const [row] = await api.sql`select * from api_tokens where name = 'a script'`;
    expect(row!.token_hash).toBe(createHash('sha256').update(token).digest('hex'));
    expect(JSON.stringify(row)).not.toContain(token);
    expect(await api.apiTokens.isKnown(token)).toBe(true);
    expect(await api.apiTokens.isKnown(`${token}x`)).toBe(false);
  });

  it('is noted as used at most once a minute, and forgotten within 5 s of its end', async () => {
    const clock = new ManualClock();
    const tokens = createApiTokens({ sql: api.sql, clock, random: systemRandom });
    const token = await tokens.issue('busy', 'viewer');
    const usedAt = async () =>
      ((await api.sql`select last_used_at from api_tokens where name = 'busy'`)[0]!.last_used_at as Date).getTime();
    expect(await tokens.verify(token)).toMatchObject({ name: 'busy', role: 'viewer', by: 'token' });
    const first = await usedAt();
    await clock.advance(59_000);
    await tokens.verify(token);
    expect(await usedAt()).toBe(first);
    await clock.advance(2_000);
    await tokens.verify(token);
    expect(await usedAt()).toBe(first + 61_000);

    await api.sql`update api_tokens set revoked_at = now() where name = 'busy'`;
    await clock.advance(5_001);
    expect(await tokens.verify(token)).toBeNull();
  });
});

// Tokens that people make: never more than their maker, for what was chosen, for a time; and what ends them ends them at once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiTokenJson, MadeTokenJson, Problem, Role, TokenScope } from '../contract/index.ts';
import { tokenScopes } from '../contract/index.ts';
import { type Api, openApi } from '../testing/api.ts';
import { type OpenApiDocument, sampleRequests } from '../testing/openapi-document.ts';
import { guardedBy, routePermissions } from './permissions.ts';
import { scopesFor } from './scopes.ts';

let api: Api;
let admin: string;
let trader: string;
beforeAll(async () => {
  api = await openApi();
  admin = await api.signIn();
  await api.sql`
    insert into auth_users (id, name, email, email_verified, role) values ('ada', 'Ada', 'ada@example.com', true, 'trader')`;
  trader = await follow((await api.auth.signInLink('ada@example.com'))!);
  await prove();
}, 60_000);
afterAll(() => api.close());

async function follow(link: string): Promise<string> {
  const { pathname, search } = new URL(link);
  const answer = await api.request(pathname + search, { headers: { 'x-test-peer': '203.0.113.20' } });
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}
/** Everybody who is signed in has just proved who they are. */
const prove = () => api.sql`update auth_sessions set proved_at = now(), created_at = now()`;

async function send<T>(cookie: string, method: string, path: string, body?: unknown): Promise<[number, T]> {
  const answer = await api.request(`/api/v1${path}`, {
    method,
    headers: { cookie, origin: api.url, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return [answer.status, (await answer.json()) as T];
}
const wish = { name: 'a job', role: 'viewer' as Role, scopes: ['read'] as TokenScope[], days: 30 as number | null };
async function make(cookie: string, change: Partial<typeof wish> & { reason?: string } = {}): Promise<MadeTokenJson> {
  const [status, made] = await send<MadeTokenJson>(cookie, 'POST', '/tokens', { ...wish, ...change });
  expect([status, made]).toMatchObject([200, {}]);
  return made;
}
const use = async (token: string, path = '/api/v1/status', method = 'GET') => {
  const answer = await api.request(path, { method, headers: { authorization: `Bearer ${token}` } });
  return [answer.status, (await answer.json()) as Problem] as const;
};
/** Past the seconds for which a token is believed. */
const later = () => api.clock.advance(5_001);

describe('a token', () => {
  it('is shown once, known by its beginning, and kept as its hash', async () => {
    const { token, made } = await make(trader, { name: 'night job' });
    expect(made).toMatchObject({
      name: 'night job',
      role: 'viewer',
      scopes: ['read'],
      state: 'good',
      mine: true,
      madeBy: 'Ada',
    });
    expect(token.startsWith(made.prefix!)).toBe(true);
    expect((await use(token))[0]).toBe(200);
    const stored = JSON.stringify([await api.sql`select * from api_tokens`, await api.sql`select data from events`]);
    expect(stored).not.toContain(token);
    const [, { items }] = await send<{ items: ApiTokenJson[] }>(trader, 'GET', '/tokens');
    expect(items.map(({ name }) => name)).toEqual(['night job']);
    expect(items[0]!.lastUsedAt).not.toBeNull();
    expect(JSON.stringify(items)).not.toContain(token);
    const [, all] = await send<{ items: ApiTokenJson[] }>(admin, 'GET', '/tokens');
    expect(all.items.map(({ name }) => name)).toEqual(expect.arrayContaining(['night job', 'admin script']));
    const [told] = await api.sql`select data from events where kind = 'token.made'`;
    expect(told!.data).toMatchObject({ tokenName: 'night job', by: 'Ada', scopes: ['read'] });
  });

  it.each([
    ['above its maker', { role: 'admin' }, 403, 'ABOVE_YOUR_ROLE'],
    ['without an end, of a trader', { days: null, reason: 'it must' }, 403, 'MUST_END'],
    ['for longer than a year', { days: 366 }, 400, 'INVALID'],
    ['for no time', { days: 0 }, 400, 'INVALID'],
    ['for nothing', { scopes: [] }, 400, 'INVALID'],
    ['without a name', { name: '' }, 400, 'INVALID'],
  ])('is not made %s', async (_what, change, status, code) => {
    const before = await api.sql`select 1 from api_tokens`;
    const [answered, problem] = await send<Problem>(trader, 'POST', '/tokens', { ...wish, ...change });
    expect([answered, problem.code]).toEqual([status, code]);
    expect(await api.sql`select 1 from api_tokens`).toHaveLength(before.length);
  });

  it('without an end is an admin’s, with a reason', async () => {
    const [status, problem] = await send<Problem>(admin, 'POST', '/tokens', { ...wish, days: null, reason: '  ' });
    expect([status, problem.code]).toEqual([400, 'REASON_NEEDED']);
    const { made } = await make(admin, { days: null, reason: 'the status board in the hall' });
    expect(made).toMatchObject({ expiresAt: null, reason: 'the status board in the hall' });
  });

  it('is made by a person who has just proved who they are, never by a token', async () => {
    await api.sql`update auth_sessions set proved_at = null, created_at = now() - interval '1 hour'`;
    const [status, problem] = await send<Problem>(admin, 'POST', '/tokens', wish);
    expect([status, problem.code]).toEqual([403, 'STEP_UP_REQUIRED']);
    await prove();
    const answer = await api.as('admin', '/api/v1/tokens', { method: 'POST', body: wish });
    expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([403, 'NOT_A_PERSON']);
  });

  it('that was revoked is refused in words, by its maker’s or an admin’s hand, and by nobody else’s', async () => {
    const [own, other] = [await make(trader, { name: 'one' }), await make(admin, { name: 'other' })];
    expect((await send(trader, 'DELETE', `/tokens/${other.made.id}`))[0]).toBe(404);
    expect((await use(other.token))[0]).toBe(200);
    expect((await send<ApiTokenJson>(trader, 'DELETE', `/tokens/${own.made.id}`))[1].state).toBe('revoked');
    await later();
    const [status, problem] = await use(own.token);
    expect([status, problem.detail]).toEqual([401, 'The token one was revoked. Make another one.']);
    const again = await make(trader, { name: 'again' });
    expect((await send(admin, 'DELETE', `/tokens/${again.made.id}`))[0]).toBe(200);
    expect((await use(again.token))[0]).toBe(401);
    expect(await api.sql`select 1 from events where kind = 'token.revoked'`).toHaveLength(2);
  });

  it('that has expired is refused in words, also while it is believed', async () => {
    const { token, made } = await make(trader, { name: 'short', days: 1 });
    expect((await use(token))[0]).toBe(200);
    const day = made.expiresAt!.slice(0, 10);
    await api.sql`update api_tokens set expires_at = ${new Date(api.clock.now().getTime() - 1)} where id = ${made.id}`;
    await later();
    expect(await use(token)).toMatchObject([
      401,
      { detail: expect.stringContaining('The token short has expired on') },
    ]);
    expect(day).toMatch(/^\d{4}-/);
  });

  it('goes down with its maker’s role, and ends where its maker may not sign in', async () => {
    const { token } = await make(trader, { name: 'falling', role: 'trader', scopes: ['read', 'trade'] });
    expect((await use(token, '/api/v1/setup'))[1].code).toBe('NOT_IN_SCOPE');
    const role = async () => ((await use(token, '/api/v1/me'))[1] as unknown as { role: Role }).role;
    expect(await role()).toBe('trader');
    await api.sql`update auth_users set role = 'viewer' where id = 'ada'`;
    await later();
    expect(await role()).toBe('viewer');
    await api.sql`update auth_users set role = 'trader', disabled_at = now() where id = 'ada'`;
    await later();
    expect(await use(token)).toMatchObject([401, { detail: expect.stringContaining('Ada’s, who may not sign in') }]);
    await api.sql`update auth_users set disabled_at = null where id = 'ada'`;
    await later();
  });
});

describe('what a token is for', () => {
  it('lets it in where a route asks for that, and nowhere else: every scope at every route', async () => {
    const document = (await (await api.request('/api/v1/openapi.json')).json()) as OpenApiDocument;
    const samples = sampleRequests(document);
    for (const scope of tokenScopes) {
      const { token } = await make(admin, { name: `only ${scope}`, role: 'admin', scopes: [scope] });
      for (const { line, method, path, body } of samples) {
        const guarded = guardedBy(routePermissions[line]!);
        if (!guarded || guarded.personOnly) continue;
        const answer = await api.app.request(path, {
          method,
          headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': body.type } : {}) },
          ...(body ? { body: body.text } : {}),
        });
        const code = ((await answer.json().catch(() => null)) as { code?: string } | null)?.code;
        if (!scopesFor(line).includes(scope))
          expect([answer.status, code], `${scope}: ${line}`).toEqual([403, 'NOT_IN_SCOPE']);
        // Without leave for real money it is told so.
        else if (code === 'STEP_UP_REQUIRED')
          expect([scope === 'production', guarded.stepUp], line).toEqual([false, expect.any(String)]);
        else expect([401, 403, 405, 500, 501, 503], `${scope}: ${line}`).not.toContain(answer.status);
      }
    }
  }, 180_000);

  it('is said of every route that only reads: read, but for the address of alerts', () => {
    expect(scopesFor('GET /api/v1/orders')).toEqual(['read']);
    expect(scopesFor('POST /api/v1/lint')).toEqual(['read']);
    expect(scopesFor('GET /api/v1/setup')).toEqual(['settings']);
    expect(scopesFor('POST /api/v1/kill-switch')).toEqual(['stop', 'trade']);
    expect(scopesFor('POST /api/v1/something/new')).toEqual([]);
  });

  it('is more than listening where it is not reading', async () => {
    const { token } = await make(admin, { name: 'mute', scopes: ['stop'] });
    const socket = api.socket({ token });
    const refused = new Promise<Error>((resolve) => socket.once('connect_error', resolve));
    socket.connect();
    expect((await refused).message).toBe('not signed in');
  });
});

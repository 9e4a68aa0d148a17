// Who may ask what, and how a refusal reads: on a real database, with real sign-in.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem, Role } from '../contract/index.ts';
import { socketEvents } from '../contract/index.ts';
import { createTestApp } from '../testing/http-app.ts';
import { guardedBy, routePermissions, socketPermissions } from './permissions.ts';

let test: Awaited<ReturnType<typeof createTestApp>>;
const bearer: Partial<Record<Role, string>> = {};

beforeAll(async () => {
  test = await createTestApp({ cancelOrder: async () => 'final' });
  for (const role of ['admin', 'trader', 'analyst', 'viewer'] as const)
    bearer[role] = await test.tokens.issue(role, role);
});
afterAll(() => test.close());

const ask = (role: Role | null, path: string, init: RequestInit = {}) =>
  test.app.request(`${test.baseUrl}${path}`, {
    ...init,
    headers: {
      ...(role ? { authorization: `Bearer ${bearer[role]}` } : {}),
      ...(init.body ? { 'content-type': 'application/json', 'content-length': String(String(init.body).length) } : {}),
      ...init.headers,
    },
  });

describe('the permission table', () => {
  const lines = () =>
    test.app.routes.filter((route) => route.method !== 'ALL').map((route) => `${route.method} ${route.path}`);

  it('has a line for every route', () => {
    expect([...new Set(lines())].filter((line) => !(line in routePermissions))).toEqual([]);
  });

  it('has a route for every line, behind its guard', () => {
    const times = (line: string) => lines().filter((one) => one === line).length;
    for (const [line, permission] of Object.entries(routePermissions)) {
      // The guard is registered under the same line as the route, and some have a validator there as well.
      expect(times(line), line).toBeGreaterThanOrEqual(guardedBy(permission) ? 2 : 1);
    }
  });

  it('has every socket event', () => {
    expect(Object.keys(socketPermissions).sort()).toEqual(Object.keys(socketEvents).sort());
  });

  it('lets nobody in without a session or a token', async () => {
    for (const [line, permission] of Object.entries(routePermissions)) {
      if (!guardedBy(permission)) continue;
      const [method, path] = line.split(' ') as [string, string];
      const response = await ask(null, path.replace(/:\w+/g, '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b'), { method });
      expect([line, response.status]).toEqual([line, 401]);
    }
  });

  it('tells a role that is too low which one it takes', async () => {
    const response = await ask('viewer', '/api/v1/kill-switch', {
      method: 'POST',
      body: JSON.stringify({ reason: 'because' }),
    });
    expect(response.status).toBe(403);
    expect(((await response.json()) as Problem).detail).toContain('takes the role trader; you are viewer');
    expect((await ask('analyst', '/api/v1/events')).status).toBe(200);
    expect((await ask('viewer', '/api/v1/events')).status).toBe(403);
    expect((await ask('trader', '/api/v1/settings', { method: 'PATCH', body: '{}' })).status).toBe(403);
    expect((await ask('admin', '/api/v1/settings', { method: 'PATCH', body: '{}' })).status).toBe(200);
  });
});

describe('signing in', () => {
  it('takes a link once, answers with a cookie, and leads to the dashboard', async () => {
    const link = await test.auth.administratorLink();
    const first = await test.app.request(link);
    expect(first.status).toBe(302);
    expect(first.headers.get('location')).toMatch(/\/$/);
    const cookie = first.headers.get('set-cookie')!;
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    const session = { cookie: cookie.split(';')[0]! };
    const me = await ask(null, '/api/v1/me', { headers: session });
    expect(await me.json()).toMatchObject({ role: 'admin', name: 'Administrator' });

    const again = await test.app.request(link);
    expect(again.headers.get('location')).toContain('/sign-in?error=');

    const change = { method: 'PATCH', body: '{}' };
    const foreign = { ...session, origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await ask(null, '/api/v1/settings', { ...change, headers: foreign })).status).toBe(403);
    const own = { ...session, origin: test.baseUrl, 'sec-fetch-site': 'same-origin' };
    expect((await ask(null, '/api/v1/settings', { ...change, headers: own })).status).toBe(200);
  });

  it('keeps no link and no token in clear', async () => {
    const link = await test.auth.administratorLink();
    const token = new URL(link).searchParams.get('token')!;
    const stored = JSON.stringify([
      await test.sql`select * from auth_verifications`,
      await test.sql`select * from api_tokens`,
    ]);
    expect(stored).not.toContain(token);
    for (const clear of Object.values(bearer)) expect(stored).not.toContain(clear);
  });
});

describe('refusals', () => {
  it('name each field that was wrong, as problem+json', async () => {
    const response = await ask('admin', '/api/v1/settings', {
      method: 'PATCH',
      body: JSON.stringify({ brokers: { breakerFailures: 0 }, protection: { stopLimitOffset: 0.2 } }),
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const problem = (await response.json()) as Problem;
    expect(problem.fields?.map((field) => field.field).sort()).toEqual([
      'brokers.breakerFailures',
      'protection.stopLimitOffset',
    ]);
    expect(problem.detail).toContain('Nothing was changed');
  });

  it.each([
    ['/api/v1/signals?limit=0', 400],
    ['/api/v1/signals?cursor=nonsense', 400],
    ['/api/v1/signals/not-an-id', 400],
    ['/api/v1/signals/0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b', 404],
    ['/api/v1/events?after=-1', 400],
    ['/api/v1/nothing', 404],
  ])('%s: %i', async (path, status) => {
    const response = await ask('admin', path);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status });
  });

  it('say that an order that ended cannot be cancelled', async () => {
    const response = await ask('admin', '/api/v1/orders/0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b/cancel', {
      method: 'POST',
    });
    expect(response.status).toBe(409);
  });

  it('ask for the words before real money is traded', async () => {
    const turn = (confirmation?: string) =>
      ask('admin', '/api/v1/mode', { method: 'PUT', body: JSON.stringify({ mode: 'production', confirmation }) });
    expect((await turn()).status).toBe(400);
    expect(test.settings.current()['mode.master']).toBe('paper');
    expect((await turn('trade real money')).status).toBe(200);
    expect(test.settings.current()['mode.master']).toBe('production');
  });
});

describe('the description', () => {
  it('is OpenAPI 3.1 and has every route of the API', async () => {
    const description = (await (await ask(null, '/api/v1/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { responses: object }>>;
      components: { schemas: Record<string, object> };
    };
    expect(description.openapi).toBe('3.1.0');
    const described = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    const api = Object.keys(routePermissions).filter(
      (line) => line.includes(' /api/v1/') && !line.endsWith('openapi.json'),
    );
    // The webhook and health are described too; openapi.test.ts has them.
    expect(described.filter((line) => line.includes(' /api/v1/')).sort()).toEqual(api.sort());
    expect(Object.keys(description.components.schemas)).toEqual(
      expect.arrayContaining(['Signal', 'Order', 'Receipt', 'Problem']),
    );
  });

  it('has a page whose script is ours to serve', async () => {
    const page = await (await ask(null, '/docs')).text();
    expect(page).not.toMatch(/(src|href)="https?:/);
    const script = await ask(null, '/docs/rapidoc.js');
    expect(script.headers.get('content-type')).toContain('javascript');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { socketEvents } from '../contract/socket.ts';
import { type Api, openApi } from '../testing/api.ts';
import { guardedBy, permissionGaps, routePermissions, socketPermissions } from './permissions.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const guarded = Object.entries(routePermissions).flatMap(([line, permission]) => {
  const by = guardedBy(permission);
  return by ? [[line, by.least] as const] : [];
});
const open = Object.entries(routePermissions).flatMap(([line, permission]) =>
  typeof permission === 'object' && 'public' in permission ? [[line, permission.public] as const] : [],
);
describe('the table', () => {
  it('names the route that has no line, and the line that has no route', () => {
    expect(permissionGaps(['GET /a', 'GET /b'], { 'GET /a': 'viewer', 'GET /c': 'admin' })).toEqual([
      'GET /b has no line in the permission table',
      'GET /c is in the permission table and is no route',
    ]);
    expect(permissionGaps(['GET /a'], { 'GET /a': 'viewer' })).toEqual([]);
  });

  it('lets no route start without a line', () => {
    const { 'GET /api/v1/orders': _forgotten, ...rest } = routePermissions;
    expect(() => api.makeApp(rest)).toThrow('GET /api/v1/orders has no line in the permission table');
    expect(() => api.makeApp({ ...routePermissions, 'GET /api/v1/gone': 'viewer' })).toThrow('GET /api/v1/gone is');
  });

  it('says of every open route why it is', () => {
    for (const [line, reason] of open) expect(reason.length, line).toBeGreaterThan(20);
    expect(open.filter(([line]) => line.includes('/api/v1/')).map(([line]) => line)).toEqual([
      'GET /api/v1/openapi.json',
      'POST /api/v1/push/answers',
    ]);
  });

  it('has every socket message, and no other', () => {
    expect(Object.keys(socketPermissions).sort()).toEqual(Object.keys(socketEvents).sort());
  });

  it('lets nobody but traders and admins change anything', () => {
    // What would become of an order or an alert is asked with a body, and changes nothing: risk-check.test.ts and lint.test.ts hold them to that.
    const asks = ['POST /api/v1/risk/check', 'POST /api/v1/lint', 'POST /api/v1/notifications/templates/preview'];
    // Their own tokens, for themselves, and no more than they may.
    asks.push('POST /api/v1/tokens', 'DELETE /api/v1/tokens/:id');
    // Everybody looks after their own account, and says what their own devices are told: notifications.test.ts holds them to their own.
    const own = (line: string): boolean =>
      line.includes('/api/v1/me') ||
      line.includes(' /api/v1/push/devices') ||
      line.endsWith('/notifications/log/:id/again');
    const changing = guarded.filter(([line]) => !line.startsWith('GET ') && !asks.includes(line) && !own(line));
    expect(changing.length).toBeGreaterThan(5);
    for (const [line, least] of changing) expect(['trader', 'admin'], line).toContain(least);
  });
});

describe('a browser’s request that changes something', () => {
  let cookie = '';
  beforeAll(async () => {
    cookie = await api.signIn();
  });
  const change = (headers: Record<string, string>) =>
    api.request('/api/v1/kill-switch', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ reason: 'a test' }),
    });

  it.each([
    ['of another site', { 'sec-fetch-site': 'cross-site' }],
    ['of a neighbour', { 'sec-fetch-site': 'same-site' }],
    ['of another origin', { origin: 'https://evil.example' }],
    ['of a page without origin', { origin: 'null' }],
    ['of nobody knows where', {}],
  ])('%s is refused', async (_from, headers) => {
    const response = await change({ cookie, ...headers });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([403, 'OTHER_ORIGIN']);
  });

  it('of our own pages is taken, as is a script’s with its token', async () => {
    expect(api.asked.filter(([name]) => name === 'engageKillSwitch')).toHaveLength(0);
    expect((await change({ cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await change({ cookie, origin: api.url })).status).toBe(200);
    expect((await change({ authorization: `Bearer ${api.tokens.trader}` })).status).toBe(200);
    expect(api.asked.filter(([name]) => name === 'engageKillSwitch')).toHaveLength(3);
  });

  it('is not let in by HEAD either', async () => {
    expect((await api.request('/api/v1/status', { method: 'HEAD' })).status).toBe(401);
  });
});

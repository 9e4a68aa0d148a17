import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Problem, WebhookJson, WebhookMade } from '../contract/index.ts';
import { type Api, openApi } from '../testing/api.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const make = (body: object, role: 'admin' | 'trader' = 'admin') =>
  api.as(role, '/api/v1/sources', { method: 'POST', body });

it('makes a source, whose address is told once and in both forms', async () => {
  const response = await make({ name: 'Momentum', source: 'momentum', dialect: 'traders-post', strategy: 'momentum' });
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const made = (await response.json()) as WebhookMade;
  expect(made).toMatchObject({ source: 'momentum', dialect: 'traders-post', strategy: 'momentum' });
  const token = /\/hooks\/momentum\/([^/]+)$/.exec(made.url)![1]!;
  expect(made.tradersPostUrl).toMatch(new RegExp(`/trading/webhook/${made.id}/${token}$`));
  const listed = await (await api.as('viewer', '/api/v1/sources')).text();
  expect(listed).toContain('"momentum"');
  expect(listed).not.toContain(token);
});

it('refuses a name that is taken, a dialect that is none, and whoever may not', async () => {
  expect((await make({ name: 'Taken', source: 'taken' })).status).toBe(200);
  expect((await make({ name: 'Taken', source: 'taken' })).status).toBe(409);
  const unknown = await make({ name: 'X', source: 'x', dialect: 'klingon' });
  expect(unknown.status).toBe(400);
  expect(((await unknown.json()) as Problem).fields).toMatchObject([{ field: 'dialect' }]);
  expect((await make({ name: 'X', source: 'x' }, 'trader')).status).toBe(403);
});

it('changes how alerts are read, leaves what is not said, and ends a source once', async () => {
  const { id } = (await (await make({ name: 'Mine', source: 'mine', strategy: 'breakout' })).json()) as WebhookMade;
  const change = (body: object) => api.as('admin', `/api/v1/sources/${id}`, { method: 'PATCH', body });
  expect((await (await change({ dialect: 'traders-post' })).json()) as WebhookJson).toEqual({
    ...{ id, source: 'mine', name: 'Mine', dialect: 'traders-post', strategy: 'breakout' },
  });
  expect((await change({ dialect: 'klingon' })).status).toBe(400);
  const end = () => api.as('admin', `/api/v1/sources/${id}`, { method: 'DELETE' });
  expect((await end()).status).toBe(200);
  expect((await end()).status).toBe(404);
  expect((await change({ name: 'Gone' })).status).toBe(404);
});

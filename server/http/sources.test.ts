// Whoever administers says what senders must prove; secrets are shown once, and what would lock everybody out is refused.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock as clock } from '../adapters/clock/system-clock.ts';
import { systemRandom as random } from '../adapters/clock/system-random.ts';
import { createWebhookTokens } from '../adapters/database/intake-store/webhook-tokens.ts';
import { rotated, type SourcesJson, sourceJson, sourcesJson } from '../contract/index.ts';
import { createTestApp } from '../testing/http-app.ts';

let app: Awaited<ReturnType<typeof createTestApp>>;
let admin: string;
let id: string;
let first: string;

beforeAll(async () => {
  app = await createTestApp();
  admin = await app.tokens.issue('a person', 'admin');
  const tokens = createWebhookTokens({ sql: app.sql, clock, random });
  first = await tokens.issue('Mine', 'mine');
  await tokens.issue('Dashboard', 'dashboard');
  id = (await tokens.find(first))!.id;
});
afterAll(() => app?.close());

const ask = async (method: string, path: string, body?: object) => {
  const response = await app.app.request(`/api/v1/sources${path}`, {
    method,
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return {
    status: response.status,
    cache: response.headers.get('cache-control'),
    body: (await response.json()) as Record<string, unknown>,
  };
};
const list = async (): Promise<SourcesJson> => sourcesJson.parse((await ask('GET', '')).body);

test('a source asks for the secret of its address, until somebody says more; the dashboard’s own is not shown', async () => {
  const { items, trustedProxies } = await list();
  expect(items.map((one) => [one.name, one.required, one.changedBy])).toEqual([['Mine', ['url_secret'], null]]);
  expect(trustedProxies).toEqual([]);
});

test('a new secret is shown once, with the address and the end of the one before', async () => {
  const answer = await ask('POST', `/${id}/secrets/url_secret`, { overlapSeconds: 3600 });
  expect([answer.status, answer.cache]).toEqual([200, 'no-store']);
  const made = rotated.parse(answer.body);
  expect(made.url).toBe(`${app.baseUrl}/hooks/mine/${made.secret}`);
  expect(made.secret).not.toBe(first);
  const after = await list();
  expect(after.items[0]!.secrets[0]!.previousUntil).toBe(made.previousUntil);
  expect(JSON.stringify([after, await app.sql`select data from events`])).not.toContain(made.secret);
});

test('a proof without its secret is refused, and with it taken; the secret of the address cannot be waived', async () => {
  expect(await ask('PATCH', `/${id}/proofs`, { required: ['signature'] })).toMatchObject({
    status: 409,
    body: { code: 'PROOF_INCOMPLETE' },
  });
  expect(await ask('PATCH', `/${id}/proofs`, { required: ['body_secret'], bodyField: 'secret' })).toMatchObject({
    status: 409,
  });
  await ask('POST', `/${id}/secrets/signature`, {});
  const changed = await ask('PATCH', `/${id}/proofs`, { required: ['signature'] });
  expect(sourceJson.parse(changed.body)).toMatchObject({
    required: ['url_secret', 'signature'],
    changedBy: 'a person',
  });
  expect(await app.sql`select data->>'by' as by from events where kind = 'source.proofs_changed'`).toEqual([
    { by: 'a person' },
  ]);
});

test.each<[string, string, object]>([
  ['PATCH', 'proofs', { addresses: ['10.0.0.1/8'] }],
  ['PATCH', 'proofs', { addresses: ['tradingview.com'] }],
  ['PATCH', 'proofs', { required: ['password'] }],
  [
    'PATCH',
    'proofs',
    { certificate: { commonName: 'x', organization: null, alternativeName: null, authority: 'no pem' } },
  ],
  ['POST', 'secrets/url_secret', { secret: 'one of my own' }],
  ['POST', 'secrets/body_secret', { secret: 'short' }],
  ['POST', 'secrets/url_secret', { overlapSeconds: -1 }],
])('%s %s %j is refused', async (method, path, body) => {
  expect((await ask(method, `/${id}/${path}`, body)).status).toBe(400);
});

test('what is not there is not found, the dashboard’s own among it', async () => {
  const [own] = await app.sql`select id from webhook_tokens where source = 'dashboard'`;
  for (const other of [random.id(), own!.id as string]) {
    expect((await ask('PATCH', `/${other}/proofs`, { required: [] })).status).toBe(404);
    expect((await ask('POST', `/${other}/secrets/url_secret`, {})).status).toBe(404);
  }
});

test('each change of a source is an event with who made it, what it was and what it is; what changes nothing is none', async () => {
  const made = (await ask('POST', '', { name: 'Events', source: 'events', strategy: 'momentum' })).body as {
    id: string;
    url: string;
  };
  await ask('PATCH', `/${made.id}`, { name: 'Renamed', dialect: 'template' });
  await ask('PATCH', `/${made.id}`, { name: 'Renamed' });
  const reading = { template: '{action} {ticker}', targetUnit: null, volumeUnit: null };
  await ask('PUT', `/${made.id}/reading`, reading);
  await ask('DELETE', `/${made.id}`);
  await ask('DELETE', `/${made.id}`);
  const told = await app.sql`
    select kind, data from events where data->>'webhookId' = ${made.id} order by xid, seq`;
  const about = { name: 'Events', dialect: null, strategy: 'momentum', reading: null };
  const renamed = { ...about, name: 'Renamed', dialect: 'template' };
  const common = { webhookId: made.id, source: 'events', by: 'a person' };
  expect(told).toEqual([
    { kind: 'source.created', data: { ...common, name: 'Events', to: about } },
    { kind: 'source.changed', data: { ...common, name: 'Renamed', from: about, to: renamed } },
    { kind: 'source.changed', data: { ...common, name: 'Renamed', from: renamed, to: { ...renamed, reading } } },
    { kind: 'source.removed', data: { ...common, name: 'Renamed', from: { ...renamed, reading } } },
  ]);
  expect(JSON.stringify(told)).not.toContain(made.url.split('/').at(-1));
});

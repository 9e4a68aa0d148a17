// Invariant: nothing is changed by way of the API that is not in the event table first, whatever route it is; and no secret is told there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, openApi } from '../testing/api.ts';
import { type OpenApiDocument, sampleRequests } from '../testing/openapi-document.ts';
import { isAction } from './audited.ts';
import { guardedBy, routePermissions } from './permissions.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
}, 60_000);
afterAll(() => api.close());

type Told = { kind: string; data: Record<string, unknown> };
const told = (action: string) =>
  api.sql<Told[]>`select kind, data from events where kind like 'action.%' and data->>'line' = ${action} order by seq`;

describe('every route that changes something', () => {
  it('leaves what was asked, by whom, from where, and what was answered', async () => {
    const document = (await (await api.request('/api/v1/openapi.json')).json()) as OpenApiDocument;
    const samples = new Map(sampleRequests(document).map((sample) => [sample.line, sample]));
    const lines = Object.entries(routePermissions).flatMap(([line, permission]) =>
      guardedBy(permission) && isAction(line) ? [line] : [],
    );
    expect(lines.length).toBeGreaterThan(40);
    let cookie = await api.signIn();
    for (const line of lines) {
      const { method, path, body } = samples.get(line)!;
      const send = (headers: Record<string, string>) =>
        api.request(path, {
          method,
          headers: { ...(body ? { 'content-type': body.type } : {}), 'x-test-peer': '203.0.113.9', ...headers },
          ...(body ? { body: body.text } : {}),
        });
      await send({ authorization: `Bearer ${api.tokens.admin}` });
      await send({ cookie, origin: api.url });
      const rows = await told(line);
      for (const by of ['token', 'session']) {
        const mine = rows.filter(({ data }) => (data.who as { by: string } | null)?.by === by);
        // Refused by its rule, or asked and then answered.
        const kinds = mine.map(({ kind }) => kind);
        expect([['action.refused'], ['action.asked', 'action.answered']], `${line} by ${by}`).toContainEqual(kinds);
        for (const { data } of mine) {
          expect(data).toMatchObject({ line, from: '203.0.113.9', who: { role: 'admin', by } });
          expect(data.action).toBe(mine[0]!.data.action);
        }
        const answered = mine.find(({ kind }) => kind === 'action.answered');
        if (answered) {
          expect(['done', 'refused', 'failed']).toContain(answered.data.outcome);
          expect(answered.data.status).toEqual(expect.any(Number));
        }
      }
      // Some routes end the session of whoever asks.
      if ((await api.request('/api/v1/me', { headers: { cookie } })).status !== 200) cookie = await api.signIn();
    }
  }, 120_000);
});

describe('what is written down of an action', () => {
  it('is what was wished for, where that is no secret, and what came of it', async () => {
    await api.as('trader', '/api/v1/kill-switch', { method: 'POST', body: { reason: 'a test of the audit' } });
    const [asked, answered] = (await told('POST /api/v1/kill-switch')).slice(-2);
    expect(asked!.data).toMatchObject({
      body: { reason: 'a test of the audit' },
      who: { role: 'trader', by: 'token' },
    });
    expect(answered!.data).toMatchObject({ outcome: 'done', status: 200, code: null });
  });

  it('names the fields of what may hold a secret, and tells none of its values', async () => {
    const body = { keyId: 'PKSECRETSECRET', secretKey: 'very-secret-indeed' };
    const id = '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b';
    await api.as('admin', `/api/v1/accounts/${id}/keys`, { method: 'POST', body });
    const [asked] = (await told('POST /api/v1/accounts/:id/keys')).slice(-2);
    expect(asked!.data).toMatchObject({ fields: ['keyId', 'secretKey'], path: `/api/v1/accounts/${id}/keys` });
    const everything = JSON.stringify(await api.sql`select data from events`);
    expect(everything).not.toContain('SECRETSECRET');
    expect(everything).not.toContain('very-secret-indeed');
  });

  it('is that somebody was refused as well, and nothing of strangers', async () => {
    await api.as('viewer', '/api/v1/mode', { method: 'PUT', body: { mode: 'production' } });
    const before = await told('PUT /api/v1/mode');
    expect(before.at(-1)).toMatchObject({
      kind: 'action.refused',
      data: { code: 'NOT_ALLOWED', who: { name: 'viewer script', role: 'viewer' } },
    });
    await api.request('/api/v1/mode', { method: 'PUT' });
    expect(await told('PUT /api/v1/mode')).toHaveLength(before.length);
  });

  it('comes first: what cannot be written down is not done, but for stopping', async () => {
    await api.sql`alter table events rename to events_away`;
    try {
      const mode = await api.as('admin', '/api/v1/alarms/0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b/acknowledge', {
        method: 'POST',
        body: {},
      });
      expect([mode.status, ((await mode.json()) as { code: string }).code]).toEqual([503, 'NOT_RECORDED']);
      const asked = api.asked.length;
      const stop = await api.as('trader', '/api/v1/kill-switch', { method: 'POST', body: { reason: 'now' } });
      expect(stop.status).toBe(200);
      expect(api.asked.slice(asked).map(([name]) => name)).toEqual(['engageKillSwitch']);
    } finally {
      await api.sql`alter table events_away rename to events`;
    }
  });
});

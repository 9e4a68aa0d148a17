import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { problem } from '../contract/index.ts';
import { type Api, openApi } from '../testing/api.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterEach(() => api.failWith(null));
afterAll(() => api.close());

const id = '019aa2f4-0000-7000-8000-000000000000';
/** The answer as a problem, checked against the contract. */
async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = problem.parse(await response.json());
  expect(body.status).toBe(response.status);
  expect(body.detail.length).toBeGreaterThan(10);
  return body;
}

describe('a problem', () => {
  it.each([
    ['GET', '/api/v1/signals?limit=9999', undefined, ['limit']],
    ['GET', '/api/v1/signals?status=maybe', undefined, ['status']],
    ['GET', '/api/v1/signals/not-an-id', undefined, ['id']],
    ['GET', `/api/v1/accounts/${id}/equity?since=yesterday`, undefined, ['since']],
    ['PUT', '/api/v1/mode', { mode: 'casino' }, ['mode']],
    ['POST', '/api/v1/kill-switch', { scope: 'some' }, ['scope', 'reason']],
    ['POST', '/api/v1/kill-switch', { scope: 'symbol', reason: 'a test' }, ['key']],
    ['POST', '/api/v1/kill-switch', { key: 'AAPL', reason: 'a test' }, ['key']],
    ['POST', '/api/v1/signals/test', { signal: 'HOLD', ticker: '', risk: '-' }, ['signal', 'ticker', 'risk']],
    ['PATCH', '/api/v1/settings', { brokers: { breakerFailures: 0 } }, ['brokers.breakerFailures']],
    ['PATCH', '/api/v1/settings', { zone: 'Mars/Olympus' }, ['zone']],
    ['PUT', '/api/v1/strategies/x', { settings: { exit: 'never' } }, ['settings.exit']],
  ])('of %s %s %j names the fields %j', async (method, path, body, fields) => {
    const answer = await problemOf(await api.as('admin', path, { method, body }));
    expect(answer.status).toBe(400);
    expect(answer.fields?.map((one) => one.field)).toEqual(fields);
    for (const { message } of answer.fields ?? []) expect(message.length).toBeGreaterThan(3);
  });

  it('says that the body is no JSON, or none at all', async () => {
    const send = (headers: Record<string, string>, body?: string) =>
      api.request('/api/v1/mode', {
        method: 'PUT',
        headers: { authorization: `Bearer ${api.tokens.admin}`, ...headers },
        ...(body === undefined ? {} : { body }),
      });
    expect((await problemOf(await send({ 'content-type': 'application/json' }, '{"mode":'))).status).toBe(400);
    expect((await problemOf(await send({ 'content-type': 'application/json' }))).status).toBe(400);
    // Not taken for JSON because it could be: a form of another site can send this without asking.
    expect((await problemOf(await send({ 'content-type': 'text/plain' }, '{"mode":"production"}'))).status).toBe(415);
  });

  it.each([
    ['GET', '/api/v1/nothing'],
    ['GET', `/api/v1/signals/${id}`],
    ['GET', `/api/v1/signals/${id}/receipt`],
    ['GET', `/api/v1/orders/${id}`],
    ['PATCH', `/api/v1/orders/${id}`],
    ['POST', `/api/v1/orders/${id}/cancel`],
    ['POST', `/api/v1/positions/${id}/none/close`],
    ['POST', `/api/v1/accounts/${id}/reconcile`],
    ['GET', '/hooks/tradingview/a-token'],
    ['POST', '/hooks/tradingview/a-token/and-more'],
    ['POST', '/nothing'],
    ['DELETE', '/api/v1/orders'],
  ])('of %s %s is 404, and repeats no secret of the address', async (method, path) => {
    const response = await api.as('admin', path, { method });
    expect(response.status).toBe(404);
    expect(JSON.stringify(await problemOf(response))).not.toContain('a-token');
  });

  it.each([
    '/api/v1/signals?cursor=made-up',
    `/api/v1/orders?cursor=${Buffer.from(`2026-01-01T00:00:00Z ${'-'.repeat(36)}`).toString('base64url')}`,
    '/api/v1/events?after=-1',
    '/api/v1/events?cursor=999999',
  ])('of %s is a cursor that is not ours', async (path) => {
    expect((await problemOf(await api.as('admin', path))).status).toBe(400);
  });

  it.each([
    ['GET', '/api/v1/signals?ticker=%00', undefined],
    ['GET', '/api/v1/signals?strategy=%00', undefined],
    ['GET', '/api/v1/orders?symbol=%00', undefined],
    ['GET', '/api/v1/executions?symbol=%00', undefined],
    ['GET', '/api/v1/events?kind=%00', undefined],
    ['GET', '/api/v1/signals/%E0%A4%A', undefined],
    ['GET', `/api/v1/accounts/${id}/equity?since=0000-01-01T00:00:00Z`, undefined],
    [
      'GET',
      `/api/v1/signals?cursor=${Buffer.from(`+275760-09-13T00:00:00.000Z ${id}`).toString('base64url')}`,
      undefined,
    ],
    [
      'GET',
      `/api/v1/signals?cursor=${Buffer.from(`-271821-04-20T00:00:00.000Z ${id}`).toString('base64url')}`,
      undefined,
    ],
    ['POST', '/api/v1/kill-switch', { reason: 'a\u0000b c' }],
    ['PUT', '/api/v1/strategies/%00', { enabled: true }],
    ['PATCH', '/api/v1/settings', { zone: '\u0000' }],
    ['POST', `/api/v1/positions/${id}/%00/close`, undefined],
  ])('of %s %s %j is the caller’s, though the database could not hold it', async (method, path, body) => {
    const errors = () => api.log.lines.filter((line) => line.level === 'error').length;
    const before = errors();
    const response = await api.as('admin', path, { method, body });
    expect([200, 400]).toContain(response.status);
    expect(errors()).toBe(before);
  });

  it('that nobody expected is calm, logged, and tells nothing of the inside', async () => {
    api.failWith(new Error('connect ECONNREFUSED postgres://signalbox:hunter2@db'));
    const answer = await problemOf(await api.as('viewer', '/api/v1/status'));
    expect(answer).toMatchObject({ status: 500, code: 'INTERNAL' });
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|ECONN|postgres|Error/);
    expect(api.log.lines.filter((line) => line.level === 'error' && line.message === 'a request failed')).toHaveLength(
      1,
    );
  });

  it('of a body that is too large comes before it is read, said or unsaid', async () => {
    const large = JSON.stringify({ mode: 'paper', confirmation: 'x'.repeat(300_000) });
    const headers = { authorization: `Bearer ${api.tokens.admin}`, 'content-type': 'application/json' };
    const said = await api.request('/api/v1/mode', { method: 'PUT', headers, body: large });
    expect((await problemOf(said)).status).toBe(413);
    const chunked = (body: string) =>
      api.request('/api/v1/mode', {
        method: 'PUT',
        headers,
        body: Readable.toWeb(Readable.from([Buffer.from(body)])) as ReadableStream,
        duplex: 'half',
      } as RequestInit);
    expect((await problemOf(await chunked(large))).status).toBe(413);
    expect((await chunked('{"mode":"paper"}')).status).toBe(200);
  });
});

describe('the switches', () => {
  it('go to production only with the words typed', async () => {
    const turn = (body: object) => api.as('trader', '/api/v1/mode', { method: 'PUT', body });
    for (const confirmation of [undefined, '', 'yes', 'Trade real money']) {
      const answer = await problemOf(await turn({ mode: 'production', confirmation }));
      expect(answer).toMatchObject({ status: 400, code: 'NOT_CONFIRMED' });
    }
    expect(await (await api.as('viewer', '/api/v1/mode')).json()).toMatchObject({ mode: 'paper' });
    expect((await turn({ mode: 'production', confirmation: 'trade real money' })).status).toBe(200);
    expect(await (await api.as('viewer', '/api/v1/mode')).json()).toMatchObject({
      mode: 'production',
      by: expect.any(String),
    });
    expect((await turn({ mode: 'paper' })).status).toBe(200);
    const [event] = await api.sql`select data from events where kind = 'mode.changed' order by seq limit 1`;
    expect(event!.data).toMatchObject({ by: 'trader script' });
  });

  it('keep what a change of settings does not name', async () => {
    const before = (await (await api.as('viewer', '/api/v1/settings')).json()) as { brokers: object };
    const after = await api.as('admin', '/api/v1/settings', {
      method: 'PATCH',
      body: { brokers: { breakerFailures: 7 } },
    });
    expect(await after.json()).toEqual({ ...before, brokers: { ...before.brokers, breakerFailures: 7 } });
  });

  it('change a strategy, and make one that was not there', async () => {
    const body = { enabled: false, settings: { stopDistance: '0.02' } };
    const response = await api.as('trader', '/api/v1/strategies/momentum', { method: 'PUT', body });
    expect(await response.json()).toMatchObject({
      key: 'momentum',
      enabled: false,
      settings: { stopDistance: '0.02', exit: 'close' },
    });
    const { items } = (await (await api.as('viewer', '/api/v1/strategies')).json()) as { items: { key: string }[] };
    expect(items.map((one) => one.key)).toContain('momentum');
  });
});

describe('what it asks to be done', () => {
  it('is passed on with who asks, and answered 202', async () => {
    const alert = { signal: 'BUY', ticker: 'AAPL', risk: '100' };
    const response = await api.as('trader', '/api/v1/signals/test', { method: 'POST', body: alert });
    expect(response.status).toBe(202);
    expect(api.asked.at(-1)).toEqual(['sendTestAlert', { ...alert, mode: 'Paper' }, 'trader']);
    expect((await api.as('trader', `/api/v1/positions/${id}/aapl/close`, { method: 'POST' })).status).toBe(202);
    expect(api.asked.at(-1)).toEqual(['closePosition', id, 'AAPL']);
  });
});

describe('every answer', () => {
  it.each(['/', '/docs', '/healthz', '/api/v1/openapi.json', '/api/v1/status', '/nothing.js'])(
    '%s is kept from being framed, guessed at or fed from elsewhere',
    async (path) => {
      const { headers } = await api.request(path);
      const policy = headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/https?:|wss?:|\*|unsafe-eval/);
      expect(policy).not.toMatch(/unsafe-inline/);
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      // No browser is told to insist on TLS where there is none, and nobody but a trusted proxy says that there is.
      const claimed = await api.request(path, { headers: { 'x-forwarded-proto': 'https' } });
      expect(claimed.headers.get('strict-transport-security')).toBeNull();
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('of the API comes compressed to whoever takes it so, and says that it depends on that', async () => {
    // As it goes over the wire: fetch would unpack it.
    const ask = async (accept: string) => {
      const request = get(`${api.url}/api/v1/openapi.json`, { headers: { 'accept-encoding': accept } });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      return { headers: response.headers, body: await buffer(response) };
    };
    const [plain, small] = await Promise.all([ask('identity'), ask('gzip, br')]);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(small.headers['content-encoding']).toBe('gzip');
    expect(small.headers.vary).toMatch(/accept-encoding/i);
    expect(small.body.length).toBeLessThan(plain.body.length / 4);
    expect(gunzipSync(small.body).equals(plain.body)).toBe(true);
  });

  it('of the API is not kept', async () => {
    expect((await api.as('viewer', '/api/v1/status')).headers.get('cache-control')).toBe('no-store');
  });
});

describe('health', () => {
  it('is alive as long as it answers, and ready while alerts can be stored', async () => {
    expect((await api.request('/healthz')).status).toBe(200);
    expect((await api.request('/readyz')).status).toBe(200);
    api.failWith(new Error('away'));
    expect((await api.request('/healthz')).status).toBe(200);
    expect((await api.request('/readyz')).status).toBe(503);
  });
});

describe('the dashboard’s files', () => {
  it('are served compressed where the build made it so, and kept for ever by their names', async () => {
    const get = (encoding: string) => api.request('/_app/immutable/a.js', { headers: { 'accept-encoding': encoding } });
    const plain = await get('identity');
    expect([await plain.text(), plain.headers.get('content-type')]).toEqual([
      'plain',
      'text/javascript; charset=utf-8',
    ]);
    expect(plain.headers.get('cache-control')).toContain('immutable');
    expect((await get('br')).headers.get('content-encoding')).toBe('br');
  });

  it('are the page for whatever address it may find, but nothing for a file that is gone', async () => {
    for (const path of ['/', '/positions', `/signals/${id}`, '/%2e%2e/%2e%2e/etc/passwd', '/%', '/%00']) {
      const response = await api.request(path);
      expect([path, response.status, response.headers.get('cache-control')]).toEqual([path, 200, 'no-cache']);
      expect(await response.text()).toContain('<title>box</title>');
    }
    for (const path of ['/_app/immutable/gone.js', '/gone.css', '/favicon.ico']) {
      const response = await api.request(path);
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.get('cache-control') ?? '').not.toContain('immutable');
    }
  });

  it('are not sent again when nothing changed', async () => {
    const first = await api.request('/');
    const again = await api.request('/', { headers: { 'if-none-match': first.headers.get('etag')! } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('may run the scripts that stand in the page, by their hashes', async () => {
    const response = await api.request('/');
    // The base64 of the SHA-256 of "let a = 1;".
    const hash = createHash('sha256').update('let a = 1;').digest('base64');
    expect(response.headers.get('content-security-policy')).toContain(`'sha256-${hash}'`);
  });
});

it.each(['/docs', '/docs/rapidoc.js'])('%s comes from here', async (path) => {
  const response = await api.request(path);
  expect(response.status).toBe(200);
  expect((await response.text()).length).toBeGreaterThan(300);
});

import { expect, test } from 'vitest';
import { problem } from '../contract/primitives.ts';
import { acknowledgement } from '../contract/signals.ts';
import type { IncomingAlert, IntakeAnswer } from '../pipeline/intake/intake.ts';
import { hookRoutes } from './hooks.ts';

const id = '019aa2f4-0000-7000-8000-000000000000';

function setUp(answer: IntakeAnswer = { kind: 'accepted', id }) {
  const received: IncomingAlert[] = [];
  const app = hookRoutes({
    intake: {
      async receive(alert) {
        received.push(alert);
        return answer;
      },
    },
    connectionOf: () => ({ remote: { address: '203.0.113.7' } }),
  });
  const post = (
    body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
    headers: Record<string, string> = {},
  ) => app.request('/hooks/tradingview/secret', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
  return { received, post, app };
}

test('hands on the bytes, the address parts and the proofs', async () => {
  const { received, post } = setUp();
  await post('{"signal":"BUY"}', {
    'content-type': 'text/plain',
    'user-agent': 'tv',
    'x-forwarded-for': '1.2.3.4',
    cookie: 'x',
  });
  expect(received).toHaveLength(1);
  expect({ ...received[0], body: Buffer.from(received[0]!.body).toString() }).toEqual({
    source: 'tradingview',
    token: 'secret',
    body: '{"signal":"BUY"}',
    contentType: 'text/plain',
    headers: { 'user-agent': 'tv', 'x-forwarded-for': '1.2.3.4' },
    remoteAddress: '203.0.113.7',
  });
});

test.each<[IntakeAnswer, number]>([
  [{ kind: 'accepted', id }, 202],
  [{ kind: 'repeated', id }, 200],
])('%j is %i with id, status and receipt', async (answer, status) => {
  const response = await setUp(answer).post('x');
  expect(response.status).toBe(status);
  const body = acknowledgement.parse(await response.json());
  expect(body).toEqual({ id, status: answer.kind, receiptUrl: `/signals/${id}` });
});

test('a refusal names each field, and where the alert is kept', async () => {
  const fields = [
    { field: 'risk', code: 'not_positive', message: 'expected an amount above zero' },
    { field: 'stopLoss', code: 'wrong_side', message: 'expected a price below the entry' },
  ];
  const response = await setUp({ kind: 'refused', id, code: 'INTAKE_INVALID', fields }).post('x');
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(problem.parse(await response.json())).toMatchObject({
    status: 400,
    code: 'INTAKE_INVALID',
    fields,
    id,
    receiptUrl: `/signals/${id}`,
    detail: 'risk: expected an amount above zero; stopLoss: expected a price below the entry',
  });
});

test.each<[IntakeAnswer, number, string | null]>([
  [{ kind: 'unknown_token' }, 404, null],
  [{ kind: 'too_large', maxBytes: 65536 }, 413, null],
  [{ kind: 'rate_limited', retryAfterMs: 1200 }, 429, '2'],
  [{ kind: 'rate_limited', retryAfterMs: 3 }, 429, '1'],
  [{ kind: 'unavailable', retryAfterMs: 1000 }, 503, '1'],
])('%j is %i', async (answer, status, retryAfter) => {
  const response = await setUp(answer).post('x');
  expect(response.status).toBe(status);
  expect(response.headers.get('retry-after')).toBe(retryAfter);
  expect(problem.parse(await response.json()).status).toBe(status);
});

const chunked = (bytes: number) => {
  let left = bytes;
  let pulled = 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (left === 0) return controller.close();
        const size = Math.min(left, 8 * 1024);
        left -= size;
        pulled += size;
        controller.enqueue(new Uint8Array(size).fill(32));
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, pulled: () => pulled };
};

test('64 KiB are taken, one byte more is not, said or unsaid', async () => {
  const { received, post } = setUp();
  expect((await post(new Uint8Array(65536), { 'content-length': '65536' })).status).toBe(202);
  expect((await post(chunked(65536).stream)).status).toBe(202);
  expect((await post(new Uint8Array(65537), { 'content-length': '65537' })).status).toBe(413);
  expect((await post(chunked(65537).stream)).status).toBe(413);
  expect((await post(new Uint8Array(65537), { 'content-length': '10' })).status).toBe(413);
  expect(received).toHaveLength(2);
});

test('a body without end is not read to its end', async () => {
  const { post } = setUp();
  const endless = chunked(Number.MAX_SAFE_INTEGER);
  expect((await post(endless.stream)).status).toBe(413);
  expect(endless.pulled()).toBeLessThan(128 * 1024);
});

test('only POST, and only the whole address', async () => {
  const { app, received } = setUp();
  expect((await app.request('/hooks/tradingview/secret')).status).toBe(404);
  expect((await app.request('/hooks/tradingview', { method: 'POST', body: 'x' })).status).toBe(404);
  expect(received).toEqual([]);
});

// What goes over the wire, whoever's client it is: nothing here uses a client of Alpaca's, nor a friendly HTTP library.
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestExchange } from '../../testing/exchange.ts';
import type { Exchange } from '../exchange.ts';
import { call } from '../spec/checked-client.ts';
import { assetIdOf } from './assets.ts';

let exchange: Exchange;
let keys: Record<string, string>;
/** One connection for all, so that whatever an answer leaves in it is the next one's trouble. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

beforeAll(async () => {
  exchange = await startTestExchange();
  await exchange.setQuote('AAPL', 149.99, 150.01);
  keys = { 'apca-api-key-id': exchange.keyId, 'apca-api-secret-key': exchange.secretKey };
});
beforeEach(async () => {
  await call(exchange, 'DELETE', '/v2/orders');
});
afterAll(async () => {
  agent.destroy();
  await exchange.stop();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

function ask(method: string, path: string, body?: string, headers: Record<string, string> = keys): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const asked = request(exchange.url + path, { method, agent, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = (response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
        const json = /^[[{]/.test(text) ? JSON.parse(text) : null;
        resolve({ status: response.statusCode!, headers: response.headers, text, json });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const order = { symbol: 'AAPL', qty: '1', side: 'buy', type: 'limit', limit_price: '100', time_in_force: 'gtc' };
const place = (change: object = {}, headers?: Record<string, string>) =>
  ask('POST', '/v2/orders', JSON.stringify({ ...order, ...change }), headers);

describe('methods', () => {
  it('HEAD is GET without the body, of a stream too', async () => {
    const head = await ask('HEAD', '/v2/account');
    expect([head.status, head.text, head.headers['content-type']]).toEqual([200, '', 'application/json']);
    expect(await ask('HEAD', '/v2/events/trades')).toMatchObject({ status: 200, text: '' });
    expect((await ask('GET', '/v2/account')).json.status).toBe('ACTIVE');
  });

  it.each([
    ['/v2/account', 'GET, HEAD, OPTIONS'],
    ['/v2/orders', 'GET, POST, DELETE, HEAD, OPTIONS'],
    [`/v2/orders/${assetIdOf('A')}`, 'GET, PATCH, DELETE, HEAD, OPTIONS'],
    ['/v2/watchlists:by_name', 'GET, POST, PUT, DELETE, HEAD, OPTIONS'],
  ])('that %s does not know are told what it knows', async (path, allow) => {
    for (const [method, status] of [
      ['OPTIONS', 204],
      ['TRACE', 405],
      ['PROPFIND', 405],
    ] as const) {
      const answer = await ask(method, path);
      expect([method, answer.status, answer.headers.allow]).toEqual([method, status, allow]);
    }
    expect(await ask('PUT', '/v2/account', '{}')).toMatchObject({ status: 405, json: { code: 40_510_000 } });
  });

  it('of what is not there are 404, whichever', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      expect(await ask(method, '/v2/nothing')).toMatchObject({ status: 404, json: { code: 40_410_000 } });
    }
  });
});

describe('paths', () => {
  it('may end in a slash, but not where an id was forgotten and everything would be cancelled', async () => {
    expect((await ask('GET', '/v2/account/')).status).toBe(200);
    expect((await ask('GET', '/v2/orders/?status=all')).status).toBe(200);
    expect((await ask('POST', '/v2/orders/', JSON.stringify(order))).status).toBe(200);
    expect((await ask('GET', '/v2/assets/AAPL/')).json.symbol).toBe('AAPL');
    for (const path of ['/v2/orders/', '/v2/positions/', '/v2/watchlists/']) {
      expect((await ask('DELETE', path)).status).toBeGreaterThanOrEqual(400);
    }
    expect((await ask('GET', '/v2/orders')).json).toHaveLength(1);
  });

  it('may have their colon escaped, and letters of symbols in either case', async () => {
    await place({ client_order_id: 'mine:1' });
    for (const path of ['/v2/orders:by_client_order_id', '/v2/orders%3Aby_client_order_id']) {
      expect((await ask('GET', `${path}?client_order_id=mine%3A1`)).json.client_order_id).toBe('mine:1');
    }
    expect((await ask('GET', '/v2/assets/aapl')).json.symbol).toBe('AAPL');
  });

  it('that are no text are refused, not failed on', async () => {
    for (const path of [
      '/v2/assets/%',
      '/v2/assets/%ff',
      '/v2/orders/%00',
      '/v2/positions/%E0%A4%A',
      '/%',
      '//',
      '/v2/..',
    ]) {
      const { status, headers } = await ask('GET', path);
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
      expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  it('may have queries that nobody asked for, repeated or without a value', async () => {
    for (const query of ['?foo=bar', '?status=open&status=closed', '?status', '?status=', '?&&', '?=', '?a=%']) {
      expect([query, (await ask('GET', `/v2/orders${query}`)).status]).toEqual([query, 200]);
    }
  });
});

describe('bodies', () => {
  it.each([
    ['no content type', {}],
    ['an empty content type', { 'content-type': '' }],
    ['a charset', { 'content-type': 'application/json; charset=utf-8' }],
    ['text for a content type', { 'content-type': 'text/plain' }],
  ])('are JSON with %s', async (_what, headers) => {
    expect((await place({}, { ...keys, ...headers })).status).toBe(200);
    expect(await ask('DELETE', '/v2/orders', undefined, { ...keys, ...headers })).toMatchObject({ status: 207 });
  });

  it('of a DELETE and of a GET are passed over', async () => {
    const json = { ...keys, 'content-type': 'application/json' };
    expect((await ask('DELETE', '/v2/orders', '{}', json)).status).toBe(207);
    expect((await ask('GET', '/v2/orders', '{"status":"all"}', json)).status).toBe(200);
  });

  it('have amounts as numbers or as text, and come back as text', async () => {
    for (const change of [{ qty: 2, limit_price: 100.5 }, { qty: '2', limit_price: '100.50' }, { qty: 2.0 }]) {
      const { json } = await place(change);
      expect([json.qty, typeof json.limit_price]).toEqual(['2', 'string']);
      expect(['100', '100.5']).toContain(json.limit_price);
    }
  });

  it('may come in chunks, and with a byte order mark', async () => {
    expect((await ask('POST', '/v2/orders', `\ufeff${JSON.stringify(order)}`)).status).toBe(200);
    const chunked = await new Promise<number>((resolve, reject) => {
      const asked = request(`${exchange.url}/v2/orders`, { method: 'POST', agent, headers: keys }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode!));
      });
      asked.on('error', reject);
      const text = JSON.stringify(order);
      asked.write(text.slice(0, 20));
      asked.end(text.slice(20));
    });
    expect(chunked).toBe(200);
  });

  it('that are a form, nothing, or a megabyte too many are refused', async () => {
    expect((await ask('POST', '/v2/orders', 'symbol=AAPL&qty=1&side=buy&type=market')).status).toBe(400);
    expect((await ask('POST', '/v2/orders', '')).status).toBe(400);
    expect((await ask('POST', '/v2/orders')).status).toBe(400);
    const huge = await ask('POST', '/v2/orders', `{"symbol":"${'A'.repeat(1024 * 1024)}"}`);
    expect([huge.status, huge.headers['content-type']]).toEqual([413, 'text/html; charset=UTF-8']);
    expect((await ask('GET', '/v2/orders')).json).toEqual([]);
  });
});

describe('who asks', () => {
  it('is known by the headers in any case, and by HTTP Basic', async () => {
    const basic = Buffer.from(`${exchange.keyId}:${exchange.secretKey}`).toString('base64');
    for (const headers of [
      { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey },
      { 'Apca-Api-Key-Id': exchange.keyId, 'Apca-Api-Secret-Key': exchange.secretKey },
      { authorization: `Basic ${basic}` },
    ] as object[]) {
      expect((await ask('GET', '/v2/account', undefined, headers as Record<string, string>)).status).toBe(200);
    }
  });

  it('need not be known where prices of crypto are asked for, but must not say what is wrong', async () => {
    const path = '/v1beta3/crypto/us/latest/quotes?symbols=BTC%2FUSD';
    expect((await ask('GET', path, undefined, {})).status).toBe(200);
    expect((await ask('GET', path)).status).toBe(200);
    expect((await ask('GET', path, undefined, { ...keys, 'apca-api-secret-key': 'no' })).status).toBe(401);
  });

  it.each([
    ['nothing', {}, 'text/html; charset=UTF-8'],
    ['the key id alone', { 'apca-api-key-id': 'PKTEST' }, 'application/json'],
    ['the secret alone', { 'apca-api-secret-key': 'a-secret-of-the-test' }, 'application/json'],
    ['another secret', { 'apca-api-key-id': 'PKTEST', 'apca-api-secret-key': 'no' }, 'application/json'],
    ['a token of OAuth', { authorization: 'Bearer abc' }, 'application/json'],
    ['Basic with another secret', { authorization: 'Basic UEtURVNUOm5v' }, 'application/json'],
    ['Basic with nonsense', { authorization: 'Basic ====' }, 'application/json'],
  ])('is not known by %s', async (_what, headers, type) => {
    for (const path of ['/v2/account', '/v2/nothing', '/v2/stocks/quotes/latest?symbols=AAPL', '/v2/events/trades']) {
      const answer = await ask('GET', path, undefined, headers as Record<string, string>);
      expect([path, answer.status, answer.headers['content-type']]).toEqual([path, 401, type]);
      if (type === 'application/json') expect(answer.json).toEqual({ message: 'unauthorized.' });
    }
  });
});

it('keeps connections, and takes several requests in one breath', async () => {
  const head = (path: string, more = '') =>
    `GET ${path} HTTP/1.1\r\nHost: x\r\nApca-Api-Key-Id: ${exchange.keyId}\r\nApca-Api-Secret-Key: ${exchange.secretKey}\r\n${more}\r\n`;
  const socket = connect(Number(new URL(exchange.url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => (text += chunk));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(
    head('/v2/clock') + head('/v2/account', 'Accept-Encoding: gzip\r\n') + head('/v2/nothing', 'Connection: close\r\n'),
  );
  await closed;
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 404']);
});

it('says in every answer which request it was, and never the same twice', async () => {
  const paths = ['/v2/account', '/v2/nothing', '/v2/orders?status=x', '/v2/stocks/quotes/latest?symbols=AAPL'];
  const ids = await Promise.all(paths.map(async (path) => (await ask('GET', path)).headers['x-request-id']));
  expect(new Set(ids).size).toBe(paths.length);
});

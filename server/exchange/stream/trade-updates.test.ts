// The stream of an account's orders, over WebSocket in every way that clients speak, and as Server-Sent Events.
import { decode, encode } from '@msgpack/msgpack';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTestExchange } from '../../testing/exchange.ts';
import { catalogued } from '../api/error-catalogue.ts';
import type { Exchange } from '../exchange.ts';
import { call, type Json } from '../spec/checked-client.ts';
import { faultsOf } from '../spec/conforms.ts';
import { sequenceOf } from './event-id.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await startTestExchange();
  await exchange.setQuote('AAPL', 149.99, 150.01);
});
afterEach(() => exchange.stop());

const buy = (client_order_id?: string) =>
  call(exchange, 'POST', '/v2/orders', {
    symbol: 'AAPL',
    qty: '2',
    side: 'buy',
    type: 'market',
    time_in_force: 'day',
    ...(client_order_id ? { client_order_id } : {}),
  });

/** A client that waits for one message after the other. */
async function connect(path = '/stream', headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${exchange.url.replace('http', 'ws')}${path}`, { headers });
  const told: { data: Buffer; binary: boolean }[] = [];
  let wake = () => {};
  socket.on('message', (data: Buffer, binary) => {
    told.push({ data, binary });
    wake();
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const raw = async () => {
    while (told.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return told.shift()!;
  };
  return {
    socket,
    say: (message: unknown, binary = false) =>
      socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message), {
        binary,
      }),
    raw,
    next: async () => JSON.parse((await raw()).data.toString()) as { stream: string; data: Json },
  };
}

const older = () => ({
  action: 'authenticate',
  data: { key_id: exchange.keyId, secret_key: exchange.secretKey },
});
const newer = () => ({ action: 'auth', key: exchange.keyId, secret: exchange.secretKey });
const authorized = { stream: 'authorization', data: { status: 'authorized', action: 'authenticate' } };
const listen = { action: 'listen', data: { streams: ['trade_updates'] } };

describe.each(['/stream', '/stream/'])('%s', (path) => {
  it.each([
    ['older', older, false],
    ['older, in binary frames', older, true],
    ['newer', newer, false],
  ])('lets in by the %s form', async (_, form, binary) => {
    const client = await connect(path);
    client.say(form(), binary);
    expect(await client.next()).toEqual(authorized);
    client.say(listen, binary);
    expect(await client.next()).toEqual({ stream: 'listening', data: { streams: ['trade_updates'] } });
    await buy();
    const [taken, fill] = [await client.next(), await client.next()];
    expect([taken.data.event, fill.data.event]).toEqual(['new', 'fill']);
    expect(fill.data).toMatchObject({ price: '150.01', qty: '2', position_qty: '2' });
    expect(faultsOf('Order', fill.data.order)).toEqual([]);
    expect(taken.data).not.toHaveProperty('execution_id');
    client.socket.close();
  });
});

it('speaks JSON in binary frames as the paper venue does, and MessagePack to whoever asks for it', async () => {
  const plain = await connect();
  plain.say(older());
  expect((await plain.raw()).binary).toBe(true);
  plain.socket.close();
  const packed = await connect('/stream', { 'Content-Type': 'application/msgpack' });
  packed.say(Buffer.from(encode(older())), true);
  expect(decode((await packed.raw()).data)).toEqual(authorized);
  packed.say(Buffer.from(encode(listen)), true);
  await packed.raw();
  await buy();
  expect(decode((await packed.raw()).data)).toMatchObject({ stream: 'trade_updates', data: { event: 'new' } });
  packed.socket.close();
});

it('tells nothing to whoever has not shown keys, or shows wrong ones afterwards', async () => {
  const client = await connect();
  client.say(listen);
  expect(await client.next()).toEqual({ stream: 'authorization', data: { status: 'unauthorized', action: 'listen' } });
  for (const wrong of [
    { action: 'auth', key: 'x', secret: 'y' },
    { action: 'authenticate' },
    { action: 'auth', key: 5 },
  ]) {
    client.say(wrong);
    expect((await client.next()).data.status).toBe('unauthorized');
  }
  client.say(newer());
  await client.next();
  client.say(listen);
  await client.next();
  client.say({ action: 'auth', key: 'x', secret: 'y' });
  await client.next();
  await buy();
  client.say('still there?');
  expect((await client.next()).stream).toBe('error');
  client.socket.close();
});

it('answers what makes no sense, and each listen replaces the last', async () => {
  const client = await connect();
  for (const nonsense of ['', 'null', '[]', '7', '{"action":{}}', '\u0000']) {
    client.say(nonsense);
    expect((await client.next()).stream).toBe('error');
  }
  client.say(older());
  await client.next();
  client.say({ action: 'listen', data: { streams: ['trade_updates', 'other'] } });
  expect((await client.next()).data).toEqual({ streams: ['trade_updates'] });
  client.say({ action: 'listen', data: { streams: 'trade_updates' } });
  expect((await client.next()).data).toEqual({ streams: [] });
  await buy();
  client.say('nothing was told');
  expect((await client.next()).stream).toBe('error');
  client.socket.close();
});

describe('/v2/events/trades', () => {
  const open = async (query: string) => {
    const abort = new AbortController();
    const response = await fetch(`${exchange.url}/v2/events/trades${query}`, {
      headers: { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey },
      signal: abort.signal,
    });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const events: Json[] = [];
    const read = async (): Promise<Json | null> => {
      while (events.length === 0) {
        const { done, value } = await reader.read();
        if (done) return null;
        text += value;
        const blocks = text.split('\n\n');
        text = blocks.pop()!;
        for (const block of blocks) {
          if (block.startsWith('data: ')) events.push(JSON.parse(block.slice(6)) as Json);
          else expect(block).toMatch(/^:/);
        }
      }
      return events.shift()!;
    };
    return { response, read, close: () => abort.abort() };
  };
  const all = async (query: string): Promise<Json[]> => {
    const { read } = await open(query);
    const events: Json[] = [];
    for (let event = await read(); event; event = await read()) events.push(event);
    return events;
  };

  it('tells what happens from now on', async () => {
    await buy('before');
    const stream = await open('');
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    await buy('after');
    expect([await stream.read(), await stream.read()]).toMatchObject([
      { event: 'new', order: { client_order_id: 'after' } },
      { event: 'fill', order: { client_order_id: 'after' }, qty: '2' },
    ]);
    stream.close();
  });

  it('tells what was, by moment and by id, and ends where it is told to', async () => {
    for (const id of ['one', 'two', 'three']) await buy(id);
    const everything = await all(`?since=2020-01-01&until=2100-01-01`);
    const told = (events: Json[]) => events.map(({ event, order }) => `${event} ${(order as Json).client_order_id}`);
    expect(told(everything)).toEqual(['new one', 'fill one', 'new two', 'fill two', 'new three', 'fill three']);
    const id = everything.map((event) => event.event_id as string);
    expect([...id].sort()).toEqual(id);
    expect(id.map(sequenceOf)).not.toContain(null);
    expect(await all(`?since_id=${id[1]}&until_id=${id[3]}`)).toEqual(everything.slice(2, 4));
    expect(await all('?since=2100-01-01&until=2100-01-02')).toEqual([]);
  });

  it('goes on with what happens after what was', async () => {
    await buy('one');
    const stream = await open('?since=2020-01-01');
    await stream.read();
    await stream.read();
    await buy('two');
    expect(await stream.read()).toMatchObject({ event: 'new', order: { client_order_id: 'two' } });
    stream.close();
  });

  it.each([
    '?until=2026-01-01',
    '?until_id=01ARZ3NDEKTSV4RRFFQ69G5FAV',
    '?since=2026-01-01&since_id=01ARZ3NDEKTSV4RRFFQ69G5FAV',
    '?since=yesterday',
    '?since_id=7',
    '?since=2026-02-01&until=2026-01-01',
  ])('does not take %s', async (query) => {
    const { response } = await open(query);
    expect(response.status).toBe(422);
    expect(catalogued(422, { code: 40_010_001, message: 'invalid since' })).toBeDefined();
  });
});

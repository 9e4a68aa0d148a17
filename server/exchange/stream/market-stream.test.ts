// The data streams over real sockets, on a clock that stands still: who is let in, what each is told in either kind of frames, and each of
// Alpaca's documented errors.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { DataStreamClient, type FrameKind } from '../../testing/data-stream-client.ts';
import { startTestExchange } from '../../testing/exchange.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { freePlan, unlimitedPlan } from '../api/data-plan.ts';
import type { Exchange, ExchangeOptions } from '../exchange.ts';
import { instruments } from '../market/instruments.ts';
import { ScriptedMarket } from '../market/scripted.ts';
import { dataFaultsOf } from '../spec/market-data.ts';
import { MarketStream } from './market-stream.ts';

let exchange: Exchange;
let clock: ManualClock;
const clients: DataStreamClient[] = [];

async function start(options: Partial<ExchangeOptions> = {}): Promise<void> {
  clock = new ManualClock('2026-11-20T15:30:30.000Z');
  exchange = await startTestExchange({ clock, market: { kind: 'scripted' }, ...options });
  await exchange.setQuote('AAPL', 149.99, 150.01);
}
beforeEach(() => start());
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.terminate();
  await exchange.stop();
});

function connect(
  url = exchange.dataStreamUrl,
  frames: FrameKind = 'json',
  headers: Record<string, string> = {},
): DataStreamClient {
  const client = new DataStreamClient(url, frames, headers);
  clients.push(client);
  return client;
}
async function enter(url = exchange.dataStreamUrl, frames: FrameKind = 'json'): Promise<DataStreamClient> {
  const client = connect(url, frames);
  await client.authenticate(exchange.keyId, exchange.secretKey);
  return client;
}
const at = (path: string): string => exchange.dataStreamUrl.replace('/v2/iex', path);
const schemas: Readonly<Record<string, string>> = { q: 'quote', t: 'trade', b: 'bar', d: 'bar', o: 'orderbook' };
/** What a stream tells is what REST answers, with its type and its symbol. */
const faultsIn = (client: DataStreamClient, kind: 'stock' | 'crypto'): string[] =>
  client.told.flatMap(({ T, S: _symbol, r: _whole, ...rest }) =>
    schemas[T as string] ? dataFaultsOf(`${kind}_${schemas[T as string]}`, rest) : [],
  );

describe.each(['json', 'msgpack'] as const)('in %s', (frames) => {
  it('a client is told of the trades, quotes, bars and days of what it subscribed to, and of nothing else', async () => {
    const client = await enter(exchange.dataStreamUrl, frames);
    const all = ['trades', 'quotes', 'bars', 'dailyBars', 'updatedBars', 'statuses', 'lulds'];
    const subscription = await client.subscribe(Object.fromEntries(all.map((channel) => [channel, ['AAPL']])));
    expect(subscription).toMatchObject(Object.fromEntries(all.map((channel) => [channel, ['AAPL']])));
    expect(subscription).toMatchObject({ corrections: ['AAPL'], cancelErrors: ['AAPL'] });
    await exchange.setQuote('MSFT', 410, 410.2);
    await exchange.setQuote('AAPL', 151.01, 151.03, 300);
    await clock.advance(30_000);
    const t = '2026-11-20T15:30:30.000Z';
    await client.of('q').toMatchObject([
      { S: 'AAPL', t, bp: 149.99, bx: 'V' },
      { S: 'AAPL', t, bp: 151.01, ap: 151.03, bs: 300, as: 300 },
    ]);
    await client.of('t').toMatchObject([{ S: 'AAPL', t, p: 151.02, s: 100, x: 'V', z: 'C' }]);
    const bar = { S: 'AAPL', o: 150, h: 151.02, l: 150, c: 151.02, v: 200, n: 2, vw: 150.51 };
    await client.of('b').toEqual([{ T: 'b', t: '2026-11-20T15:30:00.000Z', ...bar }]);
    await client.of('d').toEqual([{ T: 'd', t: '2026-11-20T05:00:00.000Z', ...bar }]);
    expect(faultsIn(client, 'stock')).toEqual([]);
    expect(new Set(client.binary)).toEqual(new Set([frames === 'msgpack']));
  });

  it('one of crypto is told of books too', async () => {
    await exchange.setQuote('BTC/USD', 60_000, 60_009, 0.5);
    const client = await enter(exchange.cryptoStreamUrl, frames);
    await client.subscribe({ orderbooks: ['BTC/USD'], trades: ['*'], quotes: ['*'], bars: ['*'] });
    await exchange.setQuote('ETH/USD', 3000, 3001);
    await exchange.setQuote('BTC/USD', 60_001, 60_010, 0.25);
    await exchange.setQuote('AAPL', 151, 151.02);
    await clock.advance(30_000);
    await client.of('b').toHaveLength(2);
    await client.of('o').toHaveLength(1);
    const [book] = client.told.filter(({ T }) => T === 'o') as unknown as { b: unknown[]; a: unknown[] }[];
    expect(book).toMatchObject({ S: 'BTC/USD', r: true });
    expect([book!.b[0], book!.a[0]]).toEqual([
      { p: 60_001, s: 0.25 },
      { p: 60_010, s: 0.25 },
    ]);
    await client.of('t').toMatchObject([{ S: 'ETH/USD', tks: 'B' }, { S: 'BTC/USD' }]);
    expect(faultsIn(client, 'crypto')).toEqual([]);
  });

  it('a client says who it is in the headers as well', async () => {
    const keys = { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey };
    const client = connect(exchange.dataStreamUrl, frames, keys);
    await client.of('success').toEqual([
      { T: 'success', msg: 'connected' },
      { T: 'success', msg: 'authenticated' },
    ]);
    await client.subscribe({ quotes: ['AAPL'] });
    await client.of('q').toMatchObject([{ S: 'AAPL', bp: 149.99 }]);
    await clock.advance(60_000);
    expect(client.closed).toBe(false);
  });
});

describe('a subscription', () => {
  it('grows by what is said, with symbols in any case, and shrinks by what is unsaid', async () => {
    const client = await enter();
    expect(await client.subscribe({ quotes: ['aapl'], trades: ['MSFT'] })).toMatchObject({ quotes: ['AAPL'] });
    expect(await client.subscribe({ quotes: ['KO', 'AAPL'] })).toMatchObject({
      quotes: ['AAPL', 'KO'],
      trades: ['MSFT'],
      bars: [],
    });
    expect(await client.subscribe({ quotes: ['AAPL'], trades: ['*'] }, 'unsubscribe')).toMatchObject({
      quotes: ['KO'],
      trades: ['MSFT'],
    });
    const before = client.told.length;
    await exchange.setQuote('AAPL', 151, 151.02);
    await exchange.setQuote('KO', 68, 68.02);
    await client.of('q').toContainEqual(expect.objectContaining({ S: 'KO', bp: 68 }));
    expect(client.told.slice(before).every(({ S }) => S === 'KO')).toBe(true);
  });

  it('to all is told of every symbol, until all is unsaid', async () => {
    const client = await enter();
    await client.subscribe({ quotes: ['*'], bars: ['*'] });
    for (const symbol of ['KO', 'MSFT']) await exchange.setQuote(symbol, 70, 70.02);
    await clock.advance(30_000);
    await client.of('b').toMatchObject([{ S: 'AAPL' }, { S: 'KO' }, { S: 'MSFT' }]);
    await client.of('q').toMatchObject([{ S: 'AAPL' }, { S: 'KO' }, { S: 'MSFT' }]);
    await client.subscribe({ quotes: ['*'] }, 'unsubscribe');
    await exchange.setQuote('KO', 71, 71.02);
    await clock.advance(60_000);
    await client.of('b').toHaveLength(4);
    expect(client.told.filter(({ T }) => T === 'q')).toHaveLength(3);
  });

  it('takes a list of every channel there is, with nothing in those of another feed, as the Go client sends it', async () => {
    const client = await enter();
    const none = { trades: [], bars: [], updatedBars: [], dailyBars: [], statuses: [], imbalances: [], lulds: [] };
    client.say({ action: 'subscribe', quotes: ['AAPL'], ...none, orderbooks: [], news: null, corrections: [] });
    await client.of('subscription').toMatchObject([{ quotes: ['AAPL'], trades: [], imbalances: [] }]);
    await client.of('q').toMatchObject([{ S: 'AAPL', bp: 149.99, ap: 150.01 }]);
  });

  it('tells of a halt and of its end', async () => {
    const client = await enter();
    await client.subscribe({ statuses: ['*'] });
    const { id } = await exchange.awkward.add({ kind: 'halt', match: { symbol: 'KO' } });
    await client.of('s').toMatchObject([{ S: 'KO', sc: 'H', z: 'A' }]);
    await exchange.awkward.remove(id);
    await client.of('s').toMatchObject([{}, { S: 'KO', sc: 'T', z: 'A' }]);
  });
});

describe('an error', () => {
  it.each([
    [{ action: 'subscribe', orderbooks: ['BTC/USD'] }, 410, 'invalid subscribe action for this feed'],
    [{ action: 'subscribe', news: ['*'] }, 410, 'invalid subscribe action for this feed'],
    [{ action: 'subscribe', quotes: 'AAPL' }, 400, 'invalid syntax'],
    [{ action: 'subscribe', quotes: [5] }, 400, 'invalid syntax'],
    [{ action: 'subscribe', quotes: [null] }, 400, 'invalid syntax'],
    [{ action: 'listen' }, 400, 'invalid syntax'],
    [{ quotes: ['AAPL'] }, 400, 'invalid syntax'],
    [{ action: 'auth', key: 'x', secret: 'y' }, 403, 'already authenticated'],
    [[], 400, 'invalid syntax'],
    [null, 400, 'invalid syntax'],
    [5, 400, 'invalid syntax'],
    ['subscribe', 400, 'invalid syntax'],
  ])('answers %j with %i, and the stream goes on', async (message, code, msg) => {
    const client = await enter();
    client.say(message);
    await client.of('error').toEqual([{ T: 'error', code, msg }]);
    await client.subscribe({ quotes: ['AAPL'] });
    await client.of('q').toHaveLength(1);
  });

  it.each(['{', '', '\u0000\u00ff', '[[[[', 'x'.repeat(5000)])('answers the frame %j too', async (frame) => {
    const client = await enter();
    client.socket.send(frame);
    client.socket.send(Buffer.from(frame));
    await client.of('error').toMatchObject([{ code: 400 }, { code: 400 }]);
    await client.subscribe({ quotes: ['AAPL'] });
  });

  it('401 answers who subscribes without a name, 402 who has a wrong one, and a right one is still taken', async () => {
    const client = connect();
    await client.of('success').toHaveLength(1);
    client.say({ action: 'subscribe', quotes: ['AAPL'] });
    await client.of('error').toEqual([{ T: 'error', code: 401, msg: 'not authenticated' }]);
    for (const wrong of [
      { key: exchange.keyId, secret: 'wrong' },
      { key: 'PKOTHER', secret: exchange.secretKey },
      {},
    ]) {
      client.say({ action: 'auth', ...wrong });
    }
    await client.of('error').toMatchObject([{}, { code: 402, msg: 'auth failed' }, { code: 402 }, { code: 402 }]);
    client.say({ action: 'auth', key: exchange.keyId, secret: exchange.secretKey });
    await client.of('success').toMatchObject([{}, { msg: 'authenticated' }]);
    await exchange.setQuote('AAPL', 151, 151.02);
    expect(client.told.some(({ T }) => T === 'q')).toBe(false);
  });

  it('402 answers wrong keys in the headers', async () => {
    const client = connect(exchange.dataStreamUrl, 'json', {
      'APCA-API-KEY-ID': exchange.keyId,
      'APCA-API-SECRET-KEY': 'wrong',
    });
    await client.of('error').toMatchObject([{ code: 402 }]);
  });

  it('404 ends who does not say a name within ten seconds', async () => {
    const [silent, wrong] = [connect(), connect()];
    const named = await enter();
    await silent.of('success').toHaveLength(1);
    await wrong.of('success').toHaveLength(1);
    wrong.say({ action: 'auth', key: 'x', secret: 'y' });
    await wrong.of('error').toHaveLength(1);
    await clock.advance(9_999);
    expect([silent.closed, wrong.closed]).toEqual([false, false]);
    await clock.advance(1);
    await expect.poll(() => [silent.closed, wrong.closed]).toEqual([true, true]);
    expect(silent.told.at(-1)).toEqual({ T: 'error', code: 404, msg: 'auth timeout' });
    expect(named.closed).toBe(false);
  });

  it('405 answers more symbols than the plan has, and nothing is changed by it', async () => {
    await exchange.stop();
    await start({ dataPlan: { ...freePlan, symbols: 2 } });
    const client = await enter();
    await client.subscribe({ quotes: ['AAPL', 'MSFT'], trades: ['KO'] });
    for (const more of [{ quotes: ['KO'] }, { trades: ['*'] }, { trades: ['AAPL', 'MSFT'], bars: ['AAPL'] }]) {
      client.say({ action: 'subscribe', ...more });
    }
    await client.of('error').toMatchObject([{ code: 405, msg: 'symbol limit exceeded' }, { code: 405 }, { code: 405 }]);
    expect(await client.subscribe({ bars: ['*'] })).toMatchObject({
      quotes: ['AAPL', 'MSFT'],
      trades: ['KO'],
      bars: ['*'],
    });
    await client.subscribe({ quotes: ['MSFT'] }, 'unsubscribe');
    expect(await client.subscribe({ quotes: ['KO'] })).toMatchObject({ quotes: ['AAPL', 'KO'] });
  });

  it('406 ends one connection too many, until the first one is gone', async () => {
    await exchange.stop();
    await start({ dataPlan: freePlan });
    const first = await enter();
    const second = connect();
    await second.of('success').toHaveLength(1);
    second.say({ action: 'auth', key: exchange.keyId, secret: exchange.secretKey });
    await second.of('error').toEqual([{ T: 'error', code: 406, msg: 'connection limit exceeded' }]);
    await expect.poll(() => second.closed).toBe(true);
    // Another stream has a limit of its own.
    await enter(exchange.cryptoStreamUrl);
    first.socket.close();
    await expect
      .poll(async () => {
        const next = connect();
        await next.of('success').toHaveLength(1);
        next.say({ action: 'auth', key: exchange.keyId, secret: exchange.secretKey });
        await expect.poll(() => next.told.length).toBe(2);
        return next.told[1]!.msg;
      })
      .toBe('authenticated');
  });

  it.each(['boats', 'overnight', 'otc', 'delayed_sip'])('409 ends who wants the feed %s', async (feed) => {
    const client = connect(at(`/v2/${feed}`));
    await client.of('success').toHaveLength(1);
    client.say({ action: 'auth', key: exchange.keyId, secret: exchange.secretKey });
    await client.of('error').toEqual([{ T: 'error', code: 409, msg: 'insufficient subscription' }]);
    await expect.poll(() => client.closed).toBe(true);
  });
});

it('409 ends who wants the SIP on the free plan', async () => {
  await exchange.stop();
  await start({ dataPlan: freePlan });
  const client = connect(at('/v2/sip'));
  await client.of('success').toHaveLength(1);
  client.say({ action: 'auth', key: exchange.keyId, secret: exchange.secretKey });
  await client.of('error').toMatchObject([{ code: 409 }]);
  await enter(at('/v2/iex'));
});

it.each(['/v2/iex/', '/v2/sip', '/v1beta3/crypto/us', '/v1beta3/crypto/us-1', '/v1beta3/crypto/eu-1'])(
  'is at %s',
  async (path) => {
    await enter(at(path));
  },
);

it.each(['/v2', '/v2/nasdaq', '/v1beta3/crypto', '/v1beta3/crypto/mars'])('is not at %s', async (path) => {
  const client = connect(at(path));
  await expect.poll(() => client.closed).toBe(true);
  expect(client.told).toEqual([]);
});

it('sends away who reads too slowly, and keeps nothing for it, while the others are told', async () => {
  const quiet = new ManualClock();
  const market = new ScriptedMarket(instruments);
  const stream = new MarketStream({ market, clock: quiet, accountOf: () => 'account', plan: unlimitedPlan });
  const server = createServer().listen(0);
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => stream.serve(socket, request, 'iex'));
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [slow, good] = [connect(url), connect(url)];
  for (const client of [slow, good]) {
    await client.authenticate('any', 'key');
    await client.subscribe({ quotes: ['*'] });
  }
  slow.socket.pause();
  let most = 0;
  for (let round = 1; stream.size === 2; round++) {
    for (const { symbol } of instruments) market.script(symbol, 100, 100 + round / 100, quiet.now());
    const shown = instruments.map(({ symbol }) => ({ symbol, quote: market.quote(symbol)!, trade: null }));
    for (let again = 0; again < 20; again++) stream.show(shown.map((tick) => ({ ...tick, quote: { ...tick.quote } })));
    await expect.poll(() => good.told.findLast(({ S }) => S === 'XOM')?.ap).toBe(100 + round / 100);
    most = Math.max(most, ...[...sockets.clients].map((socket) => socket.bufferedAmount));
  }
  const roundBytes = 4 * 1024 * 1024 + 20 * 60 * 200;
  expect(most).toBeLessThan(roundBytes);
  // It does not even read the farewell: the connection is cut.
  expect(sockets.clients.size).toBe(2);
  await quiet.advance(5000);
  await expect.poll(() => sockets.clients.size).toBe(1);
  const told = good.told.length;
  market.script('KO', 70, 70.02, quiet.now());
  stream.show([{ symbol: 'KO', quote: market.quote('KO')!, trade: null }]);
  await expect.poll(() => good.told.slice(told)).toMatchObject([{ S: 'KO', ap: 70.02 }]);
  good.socket.terminate();
  sockets.close();
  await new Promise((resolve) => server.close(resolve));
});

it('says 407 to a slow client that listens again', async () => {
  const quiet = new ManualClock();
  const market = new ScriptedMarket(instruments);
  const stream = new MarketStream({ market, clock: quiet, accountOf: () => 'account', plan: unlimitedPlan });
  const server = createServer().listen(0);
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => stream.serve(socket, request, 'iex'));
  const slow = connect(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await slow.authenticate('any', 'key');
  await slow.subscribe({ quotes: ['*'] });
  slow.socket.pause();
  while (stream.size === 1) {
    const quote = { bid: 1_000_000, ask: 1_000_100, bidSize: 1, askSize: 1, at: quiet.now() };
    stream.show(instruments.map(({ symbol }) => ({ symbol, quote: { ...quote }, trade: null })));
    await new Promise((resolve) => setImmediate(resolve));
  }
  slow.socket.resume();
  await expect.poll(() => slow.closed).toBe(true);
  expect(slow.told.at(-1)).toEqual({ T: 'error', code: 407, msg: 'slow client' });
  sockets.close();
  await new Promise((resolve) => server.close(resolve));
});

it('tells nothing twice that the market shows twice', async () => {
  const market = new ScriptedMarket(instruments);
  const stream = new MarketStream({ market, clock, accountOf: () => 'account', plan: unlimitedPlan });
  const server = createServer().listen(0);
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => stream.serve(socket, request, 'iex'));
  const client = connect(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await client.authenticate('any', 'key');
  await client.subscribe({ quotes: ['KO'], trades: ['KO'] });
  for (const price of [70, 71]) {
    market.script('KO', price, price + 0.02, clock.now());
    for (let again = 0; again < 2; again++) {
      stream.show([{ symbol: 'KO', quote: market.quote('KO')!, trade: market.lastTrade('KO') }]);
    }
  }
  await client.of('t').toMatchObject([{ p: 70.01 }, { p: 71.01 }]);
  await client.of('q').toMatchObject([{ bp: 70 }, { bp: 71 }]);
  client.socket.terminate();
  sockets.close();
  await new Promise((resolve) => server.close(resolve));
});

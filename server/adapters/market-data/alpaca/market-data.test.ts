// Invariants:
// 1. A symbol nobody asked for before costs one request, however many ask at once; from then on the stream carries it.
// 2. Null only when the venue is sure; a fault is an exception.
import { decode, encode } from '@msgpack/msgpack';
import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../../../core/decimal.ts';
import type { Quote } from '../../../core/model/market.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { createRecordedLog } from '../../../testing/recorded-log.ts';
import { json, type StubRequest, startStubVenue } from '../../../testing/stub-venue.ts';
import { createAlpacaMarketData } from './market-data.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const restQuote = {
  ap: 150.02,
  as: 1,
  ax: 'V',
  bp: 150.01,
  bs: 1,
  bx: 'V',
  c: ['R'],
  t: '2026-11-20T15:00:00Z',
  z: 'C',
};
const asset = {
  id: '1',
  class: 'us_equity',
  exchange: 'NASDAQ',
  symbol: 'AAPL',
  name: 'Apple Inc.',
  status: 'active',
  tradable: true,
  marginable: true,
  shortable: true,
  easy_to_borrow: true,
  fractionable: true,
};

async function scene(answer?: Parameters<typeof startStubVenue>[0]) {
  const stub = await startStubVenue(
    answer ??
      ((request, response) => {
        const symbol = request.path.split('/').find((part) => part === 'AAPL' || part === 'KO');
        if (symbol === undefined) return json(response, 404, { code: 40410000, message: 'not found' });
        if (request.path.startsWith('/v2/assets/')) return json(response, 200, { ...asset, symbol });
        return json(response, 200, { symbol, quote: restQuote });
      }),
  );
  closing.push(() => stub.close());
  const subscribed: string[][] = [];
  let step = Promise.withResolvers<void>();
  stub.onSocket((socket) => {
    const current = new Set<string>();
    socket.send(encode([{ T: 'success', msg: 'connected' }]));
    socket.on('message', (data: Buffer) => {
      const frame = decode(data) as { action: string; quotes?: string[] };
      if (frame.action === 'auth') return socket.send(encode([{ T: 'success', msg: 'authenticated' }]));
      for (const symbol of frame.quotes ?? []) {
        if (frame.action === 'subscribe') current.add(symbol);
        else current.delete(symbol);
      }
      subscribed.push([...current].sort());
      socket.send(encode([{ T: 'subscription', quotes: [...current] }]));
      step.resolve();
    });
  });
  const clock = new ManualClock();
  const market = createAlpacaMarketData({
    dataUrl: stub.url,
    tradingUrl: stub.url,
    dataStreamUrl: stub.streamUrl,
    keyId: 'key',
    secretKey: 'secret',
    timeoutMs: 2000,
    log: createRecordedLog(),
    clock,
  });
  closing.push(() => market.close());
  return {
    stub,
    market,
    clock,
    subscribed,
    /** Resolves when the venue was told of another set of symbols. */
    async subscription() {
      await step.promise;
      step = Promise.withResolvers<void>();
      return subscribed.at(-1);
    },
    asked: (prefix: string) => stub.requests.filter((request: StubRequest) => request.path.startsWith(prefix)).length,
    quote: (symbol: string, bid: number, ask: number, at = '2026-11-20T15:00:01Z') =>
      stub.sockets
        .at(-1)!
        .send(encode([{ T: 'q', S: symbol, bp: bid, ap: ask, bs: 1, as: 1, bx: 'V', ax: 'V', t: at }])),
  };
}
const plain = (quote: Quote | null) => quote && [text(quote.bid), text(quote.ask)];

describe('a quote', () => {
  it('of a cold symbol is asked for once, for all who want it', async () => {
    const on = await scene();
    const all = await Promise.all(Array.from({ length: 20 }, () => on.market.quote('AAPL')));
    expect(all.map(plain)).toEqual(Array.from({ length: 20 }, () => ['150.01', '150.02']));
    expect(on.asked('/v2/stocks')).toBe(1);
    expect(plain(on.market.lastQuote('AAPL'))).toEqual(['150.01', '150.02']);
  });

  it('comes from the stream while it is fresh, and is asked for when it is not', async () => {
    const on = await scene();
    on.market.follow(['AAPL']);
    expect(await on.subscription()).toEqual(['AAPL']);
    const arrived = new Promise<Quote>((resolve) => on.market.onQuote(resolve));
    on.quote('AAPL', 151.1, 151.2);
    await arrived;
    expect(plain(await on.market.quote('AAPL'))).toEqual(['151.1', '151.2']);
    expect(on.asked('/v2/stocks')).toBe(0);
    await on.clock.advance(5001);
    expect(plain(await on.market.quote('AAPL'))).toEqual(['150.01', '150.02']);
    expect(on.asked('/v2/stocks')).toBe(1);
  });

  it('puts the symbol that was asked for on the stream', async () => {
    const on = await scene();
    on.market.follow(['KO']);
    await on.subscription();
    await on.market.quote('AAPL');
    expect(await on.subscription()).toEqual(['AAPL', 'KO']);
  });

  it('is null for an unknown symbol and for one without a side; a fault is thrown', async () => {
    const on = await scene();
    expect(await on.market.quote('NOSUCHX')).toBeNull();
    const oneSided = await scene((_request, response) =>
      json(response, 200, { symbol: 'AAPL', quote: { ...restQuote, ap: 0 } }),
    );
    expect(await oneSided.market.quote('AAPL')).toBeNull();
    const faulty = await scene((_request, response) => json(response, 403, { message: 'forbidden' }));
    await expect(faulty.market.quote('AAPL')).rejects.toThrow('forbidden');
  });
});

describe('following', () => {
  it('replaces the set, and is taken up again after the stream was lost', async () => {
    const on = await scene();
    on.market.follow(['AAPL']);
    await on.subscription();
    on.market.follow(['KO']);
    await on.subscription();
    await expect.poll(() => on.subscribed.at(-1)).toEqual(['KO']);
    on.stub.sockets[0]!.terminate();
    await expect.poll(() => on.stub.sockets.length).toBe(2);
    await expect.poll(() => on.subscribed.at(-1)).toEqual(['KO']);
    const arrived = new Promise<Quote>((resolve) => on.market.onQuote(resolve));
    await expect.poll(() => on.subscribed.length).toBeGreaterThanOrEqual(4);
    on.quote('KO', 60, 60.1);
    expect(plain(await arrived)).toEqual(['60', '60.1']);
  });
});

describe('an instrument', () => {
  it('is asked for once an hour, its absence once a minute', async () => {
    const on = await scene();
    for (let i = 0; i < 3; i++) {
      expect(await on.market.asset('AAPL')).toEqual({
        symbol: 'AAPL',
        name: 'Apple Inc.',
        exchange: 'NASDAQ',
        tradable: true,
        shortable: true,
        fractionable: true,
        marginable: true,
        easyToBorrow: true,
      });
      expect(await on.market.asset('NOSUCHX')).toBeNull();
    }
    expect(on.asked('/v2/assets')).toBe(2);
    await on.clock.advance(60_001);
    await on.market.asset('AAPL');
    await on.market.asset('NOSUCHX');
    expect(on.asked('/v2/assets')).toBe(3);
  });
});

// Every operation of the official specification of the Market Data API about stocks and crypto: every parameter that it documents tried with
// every form it may have, every answer held against its schema; and with what does not belong there, a refusal of the documented kind.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestExchange } from '../../testing/exchange.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import type { Exchange } from '../exchange.ts';
import { dataFaultsOf, dataOperations } from '../spec/market-data.ts';
import { freePlan } from './data-plan.ts';

let exchange: Exchange;
let clock: ManualClock;
/** A Friday, half past ten in New York. */
const now = '2026-11-20T15:30:30.000Z';

beforeAll(async () => {
  clock = new ManualClock(now);
  exchange = await startTestExchange({ clock, alwaysOpen: false });
  await exchange.setQuote('AAPL', 149.99, 150.01);
  await exchange.setQuote('BTC/USD', 60_000, 60_009, 0.5);
});
afterAll(() => exchange.stop());

interface Points {
  readonly [symbol: string]: readonly { readonly t: string; readonly [field: string]: unknown }[];
}
interface Answered {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the schema says what it is
  readonly json: any;
}

async function get(path: string, headers?: Record<string, string>): Promise<Answered> {
  const keys = { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey };
  const response = await fetch(`${exchange.dataUrl}${path}`, { headers: headers ?? keys });
  expect(response.headers.get('x-request-id'), path).toMatch(/^[0-9a-f]{32}$/);
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : null;
  return { status: response.status, text, json };
}

const moments = {
  start: ['2026-11-19', '2026-11-20T15:00:00Z', '2026-11-20T10:00:00-05:00', '2026-11-20T15:00:00.123456789Z'],
  end: ['2026-11-20', '2026-11-20T15:20:00Z', '2026-11-20T10:20:00-05:00', '2026-11-20T15:20:00.123456789Z'],
};
const good: Readonly<Record<string, readonly string[]>> = {
  ...moments,
  limit: ['1', '1000', '10000'],
  timeframe: ['1Min', '59T', '1Hour', '23H', '1Day', '1D', '1Week', '1W', '1Month', '2M', '3Month', '6M', '12Month'],
  adjustment: ['raw', 'split', 'dividend', 'spin-off', 'all', 'split,spin-off'],
  asof: ['2026-11-20', '2012-05-18', '-'],
  currency: ['USD'],
};
const never = [
  'né 株 😀',
  'a\0b',
  '%00',
  "'; drop table orders --",
  '{}',
  'NaN',
  '-1',
  '1e3',
  '0x10',
  ' ',
  'x'.repeat(3000),
];
const notAMoment = [
  '2026-13-01',
  '2026-02-30',
  '2026-01-01T25:00:00Z',
  '20260101',
  '1.5',
  'yesterday',
  '2026-1-1',
  '1763640000',
];
const bad: Readonly<Record<string, readonly string[]>> = {
  start: [...never, ...notAMoment],
  end: [...never, ...notAMoment],
  limit: [...never, '0', '10001', '1.5', '٣', '+5'],
  sort: [...never, 'ascending'],
  timeframe: [...never, '0Min', '60Min', '24Hour', '2Day', '2Week', '5Month', '13Month', '1min', '1Year', 'Min', '1'],
  adjustment: [...never, 'raw,none', 'splits'],
  asof: [...never, '2026-02-30', '2026-11-20T00:00:00Z'],
  currency: [...never, 'EUR', 'dollars'],
  feed: [...never, 'nasdaq'],
  page_token: [...never, 'QUFQTA==', 'QUFQTHxub3doZW5fMA=='],
  symbols: [...never.filter((one) => one !== 'NaN' && one !== '0x10' && one !== '1e3'), ',', 'AAPL,$'],
  tape: [...never, 'D', 'a'],
};

/** An address with what is required of it. */
function addressOf(path: string, required: readonly string[], named: Record<string, string> = {}): string {
  const crypto = path.includes('crypto');
  const usual: Record<string, string> = {
    symbols: crypto ? 'BTC/USD,ETH/USD' : 'AAPL,MSFT',
    timeframe: '1Min',
    tape: 'C',
  };
  const query = Object.fromEntries(required.map((name) => [name, usual[name]!]));
  const at = path.replace('{symbol}', 'AAPL').replace('{loc}', 'us').replace('{ticktype}', 'trade');
  return `${at}?${new URLSearchParams({ ...query, ...named })}`;
}

describe.each(dataOperations)('$path', ({ path, schema, query, required = [] }) => {
  const check = async (address: string): Promise<void> => {
    const { status, text, json } = await get(address);
    expect([address, status, dataFaultsOf(schema, json)], text.slice(0, 300)).toEqual([address, 200, []]);
  };

  it('answers as specified, with each parameter in each of its forms', async () => {
    await check(addressOf(path, required));
    for (const [name, kind] of Object.entries(query)) {
      const values = typeof kind === 'object' ? kind : (good[name] ?? []);
      for (const value of values) await check(addressOf(path, required, { [name]: value }));
    }
  });

  it.each(Object.keys(query))('refuses a wrong %s', async (name) => {
    const wrong = name === 'feed' && path.includes('auctions') ? ['iex', ...bad.feed!] : bad[name]!;
    for (const value of wrong) {
      // Blank is as if it were not there at all.
      if (value.trim() === '' && !required.includes(name)) continue;
      const { status, json } = await get(addressOf(path, required, { [name]: value }));
      expect([name, value, status, Object.keys(json)]).toEqual([name, value, 400, ['message']]);
    }
  });

  it('refuses to answer without what it requires', async () => {
    for (const name of required) {
      const others = required.filter((one) => one !== name);
      expect(await get(addressOf(path, others))).toMatchObject({
        status: 400,
        json: { message: `${name} is required` },
      });
    }
  });
});

describe('what is asked for', () => {
  it('by a name that nothing has is missing: the latest of one is 404, of several it is left out, its past is empty', async () => {
    for (const path of ['bars/latest', 'quotes/latest', 'trades/latest', 'snapshot']) {
      const { status, json } = await get(`/v2/stocks/NOPE/${path}`);
      expect([status, Object.keys(json), json.message]).toEqual([
        404,
        ['message'],
        expect.stringMatching(/no \w+ found/),
      ]);
    }
    for (const kind of ['quotes', 'trades', 'bars']) {
      expect(Object.keys((await get(`/v2/stocks/${kind}/latest?symbols=NOPE,AAPL`)).json[kind])).toEqual(['AAPL']);
      expect((await get(`/v2/stocks/NOPE/${kind}?timeframe=1Day`)).json).toEqual({
        symbol: 'NOPE',
        [kind]: [],
        next_page_token: null,
      });
    }
    expect((await get('/v1beta3/crypto/us/bars?symbols=DOES/NOTEXIST&timeframe=1Day')).json).toEqual({
      bars: {},
      next_page_token: null,
    });
  });

  it('of the wrong kind, or where nothing is, is refused', async () => {
    for (const path of [
      '/v2/stocks/bars?symbols=BTC/USD&timeframe=1Day',
      '/v2/stocks/BTC%2FUSD/bars?timeframe=1Day',
      '/v2/stocks/AAPL,MSFT/bars?timeframe=1Day',
      '/v1beta3/crypto/us/bars?symbols=BTCUSD&timeframe=1Day',
      '/v1beta3/crypto/mars/bars?symbols=BTC/USD&timeframe=1Day',
      '/v1beta3/crypto/mars/latest/quotes?symbols=BTC/USD',
      '/v2/stocks/meta/conditions/bar?tape=C',
      '/v2/stocks/AAPL/bars?timeframe=1Day&start=2026-11-20&end=2026-11-19',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 400]);
    }
    expect((await get('/v2/stocks/AAPL/candles')).status).toBe(404);
  });

  it('without keys, or with wrong ones, is refused, but for the data of crypto', async () => {
    expect((await get('/v2/stocks/AAPL/quotes/latest', {})).status).toBe(401);
    const wrong = { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': 'wrong' };
    expect((await get('/v2/stocks/AAPL/quotes/latest', wrong)).status).toBe(401);
    expect((await get('/v1beta3/crypto/us/latest/quotes?symbols=BTC/USD', {})).status).toBe(200);
    const basic = Buffer.from(`${exchange.keyId}:${exchange.secretKey}`).toString('base64');
    expect((await get('/v2/stocks/AAPL/quotes/latest', { authorization: `Basic ${basic}` })).status).toBe(200);
  });

  it('is what the market shows', async () => {
    const { quotes } = (await get('/v2/stocks/quotes/latest?symbols=AAPL')).json;
    expect(quotes.AAPL).toMatchObject({ t: now, bp: 149.99, ap: 150.01, bs: 1000, as: 1000, z: 'C', c: ['R'] });
    const { trade } = (await get('/v2/stocks/AAPL/trades/latest?feed=iex&currency=usd')).json;
    expect(trade).toMatchObject({ t: now, p: 150, s: 100, x: 'V' });
    const { orderbooks } = (await get('/v1beta3/crypto/us/latest/orderbooks?symbols=BTC/USD')).json;
    expect(orderbooks['BTC/USD'].b[0]).toEqual({ p: 60_000, s: 0.5 });
    expect(orderbooks['BTC/USD'].a[0]).toEqual({ p: 60_009, s: 0.5 });
    const { latestQuote } = (await get('/v2/stocks/AAPL/snapshot')).json;
    expect(latestQuote).toEqual(quotes.AAPL);
  });

  it('says its currency where one was asked for', async () => {
    expect((await get('/v2/stocks/AAPL/quotes/latest?currency=usd')).json.currency).toBe('USD');
    expect((await get('/v2/stocks/AAPL/quotes/latest')).json).not.toHaveProperty('currency');
  });
});

describe('on the free plan', () => {
  let free: Exchange;
  beforeAll(async () => {
    free = await startTestExchange({ clock, alwaysOpen: false, dataPlan: freePlan });
  });
  afterAll(() => free.stop());
  const ask = async (path: string) => {
    const headers = { 'APCA-API-KEY-ID': free.keyId, 'APCA-API-SECRET-KEY': free.secretKey };
    const response = await fetch(`${free.dataUrl}${path}`, { headers });
    return { status: response.status, json: (await response.json()) as Record<string, never> };
  };
  const refusal = { status: 403, json: { message: 'subscription does not permit querying recent SIP data' } };

  it('the SIP of the last quarter of an hour is forbidden, and IEX and crypto are not', async () => {
    for (const path of [
      '/v2/stocks/AAPL/quotes/latest?feed=sip',
      '/v2/stocks/snapshots?symbols=AAPL&feed=sip',
      '/v2/stocks/AAPL/bars?timeframe=1Min&end=2026-11-20T15:15:31Z',
      '/v2/stocks/AAPL/bars?timeframe=1Day&end=2026-11-20&feed=sip',
      '/v2/stocks/trades?symbols=AAPL&start=2026-11-20T15:29:00Z',
    ]) {
      expect([path, await ask(path)]).toEqual([path, refusal]);
    }
    for (const path of [
      '/v2/stocks/AAPL/bars?timeframe=1Min&end=2026-11-20T15:15:30Z',
      '/v2/stocks/AAPL/bars?timeframe=1Min&end=2026-11-20T15:30:30Z&feed=iex',
      '/v2/stocks/AAPL/quotes/latest?feed=iex',
      '/v1beta3/crypto/us/bars?symbols=BTC/USD&timeframe=1Min',
    ]) {
      expect([path, (await ask(path)).status]).toEqual([path, 200]);
    }
  });

  it('what is not said is what the plan has: the latest of IEX, and the SIP until a quarter of an hour ago', async () => {
    const latest = (await ask('/v2/stocks/AAPL/quotes/latest')).json as unknown as { quote: Record<string, string> };
    expect(latest.quote.bx).toBe('V');
    const { bars } = (await ask('/v2/stocks/AAPL/bars?timeframe=1Min')).json as unknown as { bars: { t: string }[] };
    expect(bars.at(-1)?.t).toBe('2026-11-20T15:15:00.000Z');
  });
});

describe('bars', () => {
  const bars = async (query: string): Promise<Points> => (await get(`/v2/stocks/bars?symbols=AAPL&${query}`)).json.bars;
  const yesterday = 'start=2026-11-19&end=2026-11-19&limit=10000';

  it.each([
    [1, '1Min'],
    [7, '7T'],
    [59, '59Min'],
    [60, '1Hour'],
    [240, '4H'],
    [1380, '23Hour'],
  ])('of %i minutes are made of the minutes', async (minutes, timeframe) => {
    const { AAPL: fine = [] } = await bars(`timeframe=1Min&${yesterday}`);
    const { AAPL: coarse = [] } = await bars(`timeframe=${timeframe}&${yesterday}`);
    const midnight = Date.parse('2026-11-19T05:00:00Z');
    const groups = Map.groupBy(fine, ({ t }) => Math.floor((Date.parse(t) - midnight) / (minutes * 60_000)));
    expect(fine.length).toBeGreaterThan(900);
    expect(coarse).toEqual(
      [...groups].map(([index, group]) => ({
        t: new Date(midnight + index * minutes * 60_000).toISOString(),
        o: group[0]!.o,
        h: Math.max(...group.map(({ h }) => Number(h))),
        l: Math.min(...group.map(({ l }) => Number(l))),
        c: group.at(-1)!.c,
        v: group.reduce((sum, { v }) => sum + Number(v), 0),
        n: group.reduce((sum, { n }) => sum + Number(n), 0),
        vw: expect.closeTo(
          group.reduce((sum, { v, vw }) => sum + Number(v) * Number(vw), 0) /
            group.reduce((sum, { v }) => sum + Number(v), 0),
          4,
        ),
      })),
    );
  });

  it.each([
    ['1Week', (day: Date) => new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * 86_400_000)],
    ['1Month', (day: Date) => new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1))],
    ['3M', (day: Date) => new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - (day.getUTCMonth() % 3), 1))],
    ['12Month', (day: Date) => new Date(Date.UTC(day.getUTCFullYear(), 0, 1))],
  ])('of %s are made of the days', async (timeframe, first) => {
    const span = 'start=2024-01-01&end=2026-11-19&limit=10000';
    const { AAPL: days = [] } = await bars(`timeframe=1Day&${span}`);
    const { AAPL: coarse = [] } = await bars(`timeframe=${timeframe}&${span}`);
    const groups = Map.groupBy(days, ({ t }) =>
      first(new Date(t.slice(0, 10)))
        .toISOString()
        .slice(0, 10),
    );
    // Trading days of two years and all but six weeks.
    expect(days.length).toBeGreaterThan(715);
    // The last one goes on after the day asked for.
    expect(coarse.slice(0, -1).map(({ t, o, h, c, v }) => [t.slice(0, 10), o, h, c, v])).toEqual(
      [...groups]
        .map(([t, group]) => [
          t,
          group[0]!.o,
          Math.max(...group.map(({ h }) => Number(h))),
          group.at(-1)!.c,
          group.reduce((sum, { v }) => sum + Number(v), 0),
        ])
        .slice(0, -1),
    );
  });

  it('begin within the span, its ends included, to the nanosecond', async () => {
    const times = async (start: string, end: string) =>
      ((await bars(`timeframe=1Min&start=${start}&end=${end}`)).AAPL ?? []).map(({ t }) => t.slice(11, 16));
    expect(await times('2026-11-19T15:00:00Z', '2026-11-19T15:02:00Z')).toEqual(['15:00', '15:01', '15:02']);
    expect(await times('2026-11-19T15:00:00.000000001Z', '2026-11-19T15:01:59.999999999Z')).toEqual(['15:01']);
    expect(await times('2026-11-19T10:00:00-05:00', '2026-11-19T15:00:00%2B00:00')).toEqual(['15:00']);
    expect(await times('2026-11-19T16:00:00+01:00', '2026-11-19T15:00:00')).toEqual(['15:00']);
  });

  it('of today are those that have ended, and the day as far as it has come', async () => {
    const { AAPL: minutes = [] } = await bars('timeframe=1Min');
    expect(minutes.at(-1)?.t).toBe('2026-11-20T15:29:00.000Z');
    const { AAPL: days = [] } = await bars('timeframe=1Day');
    expect(days).toMatchObject([{ t: '2026-11-20T05:00:00.000Z', c: 150 }]);
  });
});

it('shows the auctions of each session, none on a day without one, and no close that has not been', async () => {
  const { auctions } = (await get('/v2/stocks/auctions?symbols=KO&start=2026-11-13&end=2026-11-20')).json;
  expect(auctions.KO.map(({ d, o, c }: Record<string, { t: string }[]>) => [d, o![0]!.t, c!.length])).toEqual([
    ['2026-11-13', '2026-11-13T14:30:00.000Z', 1],
    ['2026-11-16', '2026-11-16T14:30:00.000Z', 1],
    ['2026-11-17', '2026-11-17T14:30:00.000Z', 1],
    ['2026-11-18', '2026-11-18T14:30:00.000Z', 1],
    ['2026-11-19', '2026-11-19T14:30:00.000Z', 1],
    ['2026-11-20', '2026-11-20T14:30:00.000Z', 0],
  ]);
  const { bars } = (await get('/v2/stocks/KO/bars?timeframe=1Day&start=2026-11-13&end=2026-11-13')).json;
  expect(auctions.KO[0]).toMatchObject({
    o: [{ p: bars[0].o, x: 'N' }],
    c: [{ p: bars[0].c, t: '2026-11-13T21:00:00.000Z' }],
  });
});

// Bars and indicators over the API, from an exchange that is started here.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAlpacaBarFeed, createAlpacaMarketData } from '../adapters/market-data/alpaca/index.ts';
import type { Link } from '../build/account-links.ts';
import { createChartDesk } from '../build/chart-desk.ts';
import type { BarsJson, IndicatorJson, Problem } from '../contract/index.ts';
import { loadSeries } from '../core/indicators/load-series.ts';
import type { BarFeed } from '../core/ports/bar-feed.ts';
import { type Api, openApi } from '../testing/api.ts';
import { startTestExchange } from '../testing/exchange.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { createRecordedLog } from '../testing/recorded-log.ts';

const now = new Date('2026-11-19T16:00:00Z');
const accountId = '0193b5b0-0000-7000-8000-000000000001';
const clock = new ManualClock(now);
let exchange: Awaited<ReturnType<typeof startTestExchange>>;
let api: Api;
let asked = 0;
let links: Link[];
let broken: Error | null = null;

beforeAll(async () => {
  exchange = await startTestExchange({ clock });
  const log = createRecordedLog();
  const ways = { ...exchange, timeoutMs: 10_000, clock, log };
  const feed = createAlpacaBarFeed({ ...ways, embedded: true });
  const bars: BarFeed = {
    bars(question) {
      asked += 1;
      return broken ? Promise.reject(broken) : feed.bars(question);
    },
  };
  const account = { accountId, name: 'paper', venue: 'embedded', mode: 'paper' };
  const marketData = createAlpacaMarketData({ ...ways, tradingUrl: exchange.url, streams: false });
  links = [{ account, bars, marketData, broker: null } as unknown as Link];
  const charts = createChartDesk({
    links: { all: () => links, find: (id) => links.find(({ account: one }) => one.accountId === id) ?? null },
    indicators: await loadSeries(),
    mode: () => 'production',
    clock,
    log,
  });
  api = await openApi({}, { charts });
});
afterAll(async () => {
  await api.close();
  await links[0]?.marketData.close();
  await exchange.stop();
});

const ask = async (query: string) => api.as('viewer', `/api/v1/bars?${query}`);
async function bars(query: string): Promise<BarsJson> {
  const answer = await ask(query);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as BarsJson;
}
async function refused(query: string, status: number): Promise<Problem> {
  const answer = await ask(query);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  return (await answer.json()) as Problem;
}

describe('bars', () => {
  it('say whose they are, how late, and what the market quotes now', async () => {
    await exchange.setQuote('AAPL', 151.1, 151.12);
    const answer = await bars('symbol=aapl&limit=10');
    expect(answer).toMatchObject({
      symbol: 'AAPL',
      timeframe: '5m',
      feed: 'embedded',
      delaySeconds: 0,
      account: 'paper',
    });
    expect(answer.items).toHaveLength(10);
    expect(answer.quote).toMatchObject({ symbol: 'AAPL', bid: '151.1', ask: '151.12' });
    for (const item of answer.items) expect(item.close).toMatch(/^\d+(\.\d+)?$/);
  });

  it('come page by page until there are no older ones', async () => {
    const since = 'symbol=MSFT&timeframe=1d&from=2026-01-01T00:00:00Z';
    const all = await bars(`${since}&limit=1500`);
    expect(all.older).toBeNull();
    expect(all.items.length).toBeGreaterThan(200);
    const found: typeof all.items = [];
    let page = await bars(`${since}&limit=100`);
    found.unshift(...page.items);
    while (page.older !== null) {
      page = await bars(`${since}&limit=100&to=${page.older}`);
      found.unshift(...page.items);
    }
    expect(found.map(({ at }) => at)).toEqual(all.items.map(({ at }) => at));
  });

  it('are those of a time, with indicators as with all of the past', async () => {
    const span = 'symbol=AAPL&from=2026-11-19T15:00:00Z&to=2026-11-19T15:30:00Z';
    expect((await bars(span)).items.map(({ at }) => at.slice(11, 16))).toEqual([
      '15:00',
      '15:05',
      '15:10',
      '15:15',
      '15:20',
      '15:25',
    ]);
    const with20 = await bars(`${span}&indicators=sma:20,rsi`);
    expect(with20.items).toHaveLength(6);
    const whole = await bars('symbol=AAPL&limit=400&indicators=sma:20,rsi');
    const at = whole.items.findIndex((item) => item.at === with20.items[0]!.at);
    for (const [i, one] of with20.indicators.entries()) {
      const other = whole.indicators[i]!;
      expect(one.values[0]).toHaveLength(6);
      for (const [bar, value] of one.values[0]!.entries()) expect(value).toBeCloseTo(other.values[0]![at + bar]!, 1);
    }
  });

  it('are asked of the market once for several who ask at the same time', async () => {
    await clock.advance(5000);
    const before = asked;
    await Promise.all([bars('symbol=KO&limit=30'), bars('symbol=KO&limit=30'), bars('symbol=KO&limit=30')]);
    await bars('symbol=KO&limit=30');
    expect(asked - before).toBe(1);
    await clock.advance(5000);
    await bars('symbol=KO&limit=30');
    expect(asked - before).toBe(2);
  });

  it('are those of the account that is named', async () => {
    expect((await bars(`symbol=AAPL&limit=1&accountId=${accountId}`)).account).toBe('paper');
    const other = accountId.replace(/1$/, '2');
    expect(await refused(`symbol=AAPL&accountId=${other}`, 503)).toMatchObject({ code: 'NO_MARKET' });
  });
});

describe('indicators', () => {
  it('are listed with their parameters', async () => {
    const { items } = (await (await api.as('viewer', '/api/v1/indicators')).json()) as { items: IndicatorJson[] };
    expect(items).toHaveLength(15);
    expect(items.find(({ key }) => key === 'macd')).toMatchObject({
      place: 'pane',
      parameters: [{ name: 'fast', default: 12, whole: true }, { name: 'slow' }, { name: 'signal' }],
      lines: [{ name: 'histogram', kind: 'histogram' }, { name: 'macd' }, { name: 'signal' }],
    });
  });

  it('have a value for each bar from the first on, whatever their own past is', async () => {
    const { items, indicators } = await bars(
      'symbol=AAPL&limit=60&indicators=ema:50,bollinger,macd,supertrend:10:2.5,vwap',
    );
    expect(indicators.map(({ name }) => name)).toEqual([
      'ema:50',
      'bollinger:20:2',
      'macd:12:26:9',
      'supertrend:10:2.5',
      'vwap',
    ]);
    for (const { name, values } of indicators) {
      for (const line of values) expect(line, name).toHaveLength(items.length);
      expect(
        values.some((line) => line[0] !== null),
        name,
      ).toBe(true);
    }
  });

  it.each([
    ['magic:3', 'magic: expected one of adx, atr'],
    ['ema:0', 'ema:0: expected period to be a whole number from 1 to 400'],
    ['ema:1.5', 'ema:1.5: expected period'],
    ['ema:1e3', 'expected period'],
    ['ema:20:3', 'expected at most 1 parameters'],
    ['bollinger:20:99', 'expected multiple to be a number from 0.1 to 20'],
    ['constructor', 'constructor: expected one of'],
  ])('%s is refused in words', async (indicators, words) => {
    const problem = await refused(`symbol=AAPL&indicators=${indicators}`, 400);
    expect(problem.detail).toContain(words);
    expect(problem.fields?.[0]?.field).toBe('indicators');
  });

  it('are at most a dozen', async () => {
    const many = Array.from({ length: 13 }, (_, i) => `ema:${i + 1}`).join(',');
    expect((await refused(`symbol=AAPL&indicators=${many}`, 400)).detail).toContain('at most 12');
  });
});

describe('what cannot be shown is said', () => {
  it('a symbol that nobody lists', async () => {
    expect(await refused('symbol=NOSUCH', 404)).toMatchObject({
      code: 'NO_SUCH_SYMBOL',
      detail: 'The paper exchange knows no NOSUCH. Stocks are written as AAPL or BRK.B, coins as BTC/USD.',
    });
  });
  it.each(['symbol=AAPL&timeframe=7m', 'symbol=AAPL&limit=5000', 'symbol=AAPL&from=yesterday', 'limit=5', 'symbol='])(
    'a question with values that cannot be used: %s',
    async (query) => {
      expect((await refused(query, 400)).code).toBe('INVALID');
    },
  );
  it('a time that ends before it begins', async () => {
    const problem = await refused('symbol=AAPL&from=2026-11-19T15:00:00Z&to=2026-11-19T14:00:00Z', 400);
    expect(problem.fields).toMatchObject([{ field: 'from' }]);
  });
  it('a market that does not answer, and one that does again', async () => {
    await clock.advance(5000);
    broken = new Error('ECONNREFUSED');
    expect(await refused('symbol=AMD', 503)).toMatchObject({ code: 'MARKET_SILENT' });
    broken = null;
    expect((await bars('symbol=AMD')).items.length).toBeGreaterThan(0);
  });
  it('no account at all', async () => {
    const kept = links;
    links = [];
    expect((await refused('symbol=AAPL', 503)).detail).toContain('No account is switched on');
    links = kept;
  });
});

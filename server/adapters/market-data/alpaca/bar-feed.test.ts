// Bars of the embedded exchange over HTTP, and what a venue that only notes its questions is asked.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { text } from '../../../core/decimal.ts';
import { requireBars } from '../../../core/indicators/bar.ts';
import { timeframeMs, timeframes } from '../../../core/model/timeframe.ts';
import type { BarQuestion } from '../../../core/ports/bar-feed.ts';
import { startTestExchange } from '../../../testing/exchange.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { createAlpacaBarFeed } from './bar-feed.ts';

/** A Thursday, at eleven in New York. */
const now = new Date('2026-11-19T16:00:00Z');
const question = (change: Partial<BarQuestion> = {}): BarQuestion => ({
  symbol: 'AAPL',
  timeframe: '5m',
  from: null,
  before: now,
  limit: 50,
  ...change,
});

describe('the embedded exchange', () => {
  let exchange: Awaited<ReturnType<typeof startTestExchange>>;
  const clock = new ManualClock(now);
  beforeEach(async () => {
    exchange = await startTestExchange({ clock });
  });
  afterEach(() => exchange.stop());
  const feed = () => createAlpacaBarFeed({ ...exchange, timeoutMs: 5000, clock, embedded: true });

  it.each(timeframes)('has the newest %s bars, oldest first, and older ones before them', async (timeframe) => {
    const page = await feed().bars(question({ timeframe, limit: 20 }));
    expect(page).toMatchObject({ feed: 'embedded', delayMs: 0, older: true });
    expect(page.bars).toHaveLength(20);
    requireBars(page.bars);
    expect(page.bars.at(-1)!.at.getTime()).toBeLessThan(now.getTime());
    expect(now.getTime() - page.bars.at(-1)!.at.getTime()).toBeLessThanOrEqual(2 * timeframeMs[timeframe] + 86_400_000);
    const before = await feed().bars(question({ timeframe, limit: 5, before: page.bars[0]!.at }));
    requireBars([...before.bars, ...page.bars]);
    const both = await feed().bars(question({ timeframe, limit: 25 }));
    const closes = (bars: typeof page.bars) => bars.map(({ at, close }) => [at.toISOString(), text(close)]);
    expect(closes(both.bars)).toEqual(closes([...before.bars, ...page.bars]));
  });

  it('gives what begins in a time, and says that there is no more of it', async () => {
    const from = new Date('2026-11-19T15:00:00Z');
    const { bars, older } = await feed().bars(question({ from, before: new Date('2026-11-19T15:30:00Z') }));
    expect(bars.map(({ at }) => at.toISOString().slice(11, 16))).toEqual([
      '15:00',
      '15:05',
      '15:10',
      '15:15',
      '15:20',
      '15:25',
    ]);
    expect(older).toBe(false);
  });

  it('has nothing of a name that is none, and coins under theirs', async () => {
    for (const symbol of ['NOSUCH', 'no such name']) expect((await feed().bars(question({ symbol }))).bars).toEqual([]);
    expect((await feed().bars(question({ symbol: 'BTC/USD' }))).bars.length).toBe(50);
  });

  it('throws when it does not answer', async () => {
    const asking = feed();
    await exchange.stop();
    await expect(asking.bars(question())).rejects.toThrow();
  });
});

describe('Alpaca', () => {
  let server: Server;
  let asked: URL[];
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(new URL(request.url!, 'http://alpaca'));
      const bar = { t: '2026-11-19T15:55:00Z', o: 1, h: 2, l: 0.5, c: 1.5, v: 100, n: 3, vw: 1.4 };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ bars: { AAPL: [bar], 'BTC/USD': [bar] }, next_page_token: null }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));
  const feed = () =>
    createAlpacaBarFeed({
      dataUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ...{ keyId: 'key', secretKey: 'secret', timeoutMs: 5000, clock: new ManualClock(now), embedded: false },
    });
  const last = (name: string) => asked.at(-1)!.searchParams.get(name);

  it('is asked for IEX’s bars of now, and for days of all exchanges once its plan shows them', async () => {
    expect(await feed().bars(question())).toMatchObject({ feed: 'iex', delayMs: 0, older: false });
    expect([last('feed'), last('adjustment'), last('sort'), last('limit')]).toEqual(['iex', 'split', 'desc', '50']);
    const days = await feed().bars(question({ timeframe: '1d' }));
    expect(days).toMatchObject({ feed: 'sip', delayMs: 16 * 60_000 });
    expect(last('feed')).toBe('sip');
    expect(new Date(last('end')!).getTime()).toBeLessThanOrEqual(now.getTime() - 15 * 60_000);
  });

  it('is asked for coins at their own market', async () => {
    expect(await feed().bars(question({ symbol: 'BTC/USD', timeframe: '1d' }))).toMatchObject({
      feed: 'crypto',
      delayMs: 0,
    });
    expect(asked.at(-1)!.pathname).toBe('/v1beta3/crypto/us/bars');
  });

  it('is not asked for a time that its plan does not show yet', async () => {
    const from = new Date(now.getTime() - 60_000);
    expect((await feed().bars(question({ timeframe: '1d', from }))).bars).toEqual([]);
    expect(asked).toEqual([]);
  });
});

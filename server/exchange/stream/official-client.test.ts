// The official npm client on both data streams, as its documentation says: every channel it has, taken back, and over a lost connection.
import { streaming } from '@alpacahq/alpaca-trade-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestExchange } from '../../testing/exchange.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import type { Exchange } from '../exchange.ts';

let exchange: Exchange;
let clock: ManualClock;
let stream: streaming.StockDataStream | streaming.CryptoDataStream;
let heard: string[];

beforeEach(async () => {
  heard = [];
  clock = new ManualClock('2026-11-20T15:30:30.000Z');
  exchange = await startTestExchange({ clock, market: { kind: 'scripted' } });
});
afterEach(async () => {
  stream.disconnect();
  await exchange.stop();
});

async function open(kind: 'stocks' | 'crypto', secret = exchange.secretKey): Promise<boolean> {
  const options = {
    credentials: { keyId: exchange.keyId, secret },
    maxReconnectAttempts: streaming.UNLIMITED_RECONNECT_ATTEMPTS,
    initialReconnectMs: 5,
  };
  stream =
    kind === 'stocks'
      ? new streaming.StockDataStream({ ...options, url: exchange.dataStreamUrl })
      : new streaming.CryptoDataStream({ ...options, url: exchange.cryptoStreamUrl });
  stream.onQuote((q) => heard.push(`quote ${q.symbol} ${q.bidPrice} ${q.askPrice} ${q.timestamp.toISOString()}`));
  stream.onTrade((t) => heard.push(`trade ${t.symbol} ${t.price} ${t.size}`));
  stream.onBar((b) => heard.push(`bar ${b.symbol} ${b.open} ${b.close} ${b.timestamp.toISOString()}`));
  stream.onDailyBar((b) => heard.push(`day ${b.symbol} ${b.open} ${b.close} ${b.timestamp.toISOString()}`));
  stream.connect();
  return stream.waitForAuthentication(5000);
}

it('stocks: trades, quotes, bars, days and halts, until they are unsubscribed from', async () => {
  expect(await open('stocks')).toBe(true);
  const stocks = stream as streaming.StockDataStream;
  stocks.onStatus((s) => heard.push(`status ${s.symbol} ${s.statusCode}`));
  stocks.subscribeForQuotes(['AAPL']);
  stocks.subscribeForTrades(['AAPL']);
  stocks.subscribeForBars(['*']);
  stocks.subscribeForDailyBars(['AAPL']);
  stocks.subscribeForUpdatedBars(['AAPL']);
  stocks.subscribeForStatuses(['*']);
  await expect
    .poll(async () => {
      const { id } = await exchange.awkward.add({ kind: 'halt', match: { symbol: 'KO' } });
      await exchange.awkward.remove(id);
      return heard.includes('status KO T');
    })
    .toBe(true);
  heard = [];
  await exchange.setQuote('AAPL', 150, 150.02);
  await exchange.setQuote('KO', 68, 68.02);
  await exchange.setQuote('AAPL', 151, 151.02);
  await clock.advance(30_000);
  await expect
    .poll(() => heard.filter((one) => !one.startsWith('status')))
    .toEqual([
      'quote AAPL 150 150.02 2026-11-20T15:30:30.000Z',
      'trade AAPL 150.01 100',
      'quote AAPL 151 151.02 2026-11-20T15:30:30.000Z',
      'trade AAPL 151.01 100',
      'bar AAPL 150.01 151.01 2026-11-20T15:30:00.000Z',
      'day AAPL 150.01 151.01 2026-11-20T05:00:00.000Z',
      'bar KO 68.01 68.01 2026-11-20T15:30:00.000Z',
    ]);
  stocks.unsubscribeFromQuotes(['AAPL']);
  stocks.unsubscribeFromBars(['*']);
  await expect
    .poll(async () => {
      heard = [];
      await exchange.setQuote('AAPL', 152, 152.02);
      await expect.poll(() => heard).toContain('trade AAPL 152.01 100');
      return heard;
    })
    .toEqual(['trade AAPL 152.01 100']);
});

it('crypto: trades, quotes, bars and books', async () => {
  expect(await open('crypto')).toBe(true);
  const coins = stream as streaming.CryptoDataStream;
  coins.onOrderbook((o) => heard.push(`book ${o.symbol} ${o.bids[0]?.price} ${o.asks[0]?.price}`));
  coins.subscribeForQuotes(['BTC/USD']);
  coins.subscribeForTrades(['BTC/USD']);
  coins.subscribeForBars(['BTC/USD']);
  coins.subscribeForDailyBars(['BTC/USD']);
  coins.subscribeForOrderbooks(['BTC/USD']);
  await expect
    .poll(async () => {
      await exchange.setQuote('BTC/USD', 60_000, 60_010, 0.5);
      return heard.filter((one) => one.startsWith('book')).length;
    })
    .toBeGreaterThan(0);
  await exchange.setQuote('BTC/USD', 60_001, 60_011, 0.5);
  await clock.advance(30_000);
  const since = () => heard.slice(heard.findIndex((one) => one.startsWith('quote BTC/USD 60001')));
  await expect.poll(() => since().map((one) => one.split(' ')[0])).toEqual(['quote', 'trade', 'book', 'bar', 'day']);
  expect(since()[2]).toBe('book BTC/USD 60001 60011');
  expect(since()[4]).toMatch(/2026-11-20T06:00:00.000Z$/);
});

describe('what goes wrong', () => {
  it('is told to it: wrong keys are no entry', async () => {
    expect(await open('stocks', 'wrong').catch(() => false)).toBe(false);
  });

  it('it overcomes: a dropped stream is taken up again, with all that was subscribed to', async () => {
    expect(await open('stocks')).toBe(true);
    stream.subscribeForQuotes(['AAPL']);
    const reconnected = Promise.withResolvers<void>();
    stream.onReconnected(() => reconnected.resolve());
    await expect
      .poll(async () => {
        await exchange.setQuote('AAPL', 150, 150.02);
        return heard.length;
      })
      .toBeGreaterThan(0);
    await exchange.awkward.add({ kind: 'stream_drop', match: { stream: 'market_data' }, count: 1 });
    await exchange.setQuote('AAPL', 151, 151.02);
    await reconnected.promise;
    await expect.poll(() => heard.at(-1)).toMatch(/^quote AAPL 151 151.02/);
  });
});

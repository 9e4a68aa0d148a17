// Invariant: what a stream told live of trades, quotes and minutes is what REST answers of the same minutes afterwards; all of it, in its
// order, and nothing else.
import { afterEach, describe, expect, it } from 'vitest';
import { DataStreamClient, type FrameKind, type StreamMessage } from '../../testing/data-stream-client.ts';
import { startTestExchange } from '../../testing/exchange.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import type { Exchange, ExchangeOptions } from '../exchange.ts';
import { cryptoPairs, instruments } from '../market/instruments.ts';

let exchange: Exchange;
let stream: DataStreamClient;
let clock: ManualClock;
const stocks = ['AAPL', 'F', 'KO'];
const coins = ['BTC/USD', 'DOGE/USD'];
const listed = [...instruments, ...cryptoPairs].filter(({ symbol }) => [...stocks, ...coins].includes(symbol));

afterEach(async () => {
  stream.socket.terminate();
  await exchange.stop();
});

async function open(url: 'dataStreamUrl' | 'cryptoStreamUrl', frames: FrameKind, options: Partial<ExchangeOptions>) {
  clock = new ManualClock('2026-11-20T15:29:50.000Z');
  exchange = await startTestExchange({ clock, instruments: listed, pace: 3, ...options });
  stream = new DataStreamClient(exchange[url], frames);
  await stream.authenticate(exchange.keyId, exchange.secretKey);
  await stream.subscribe({ trades: ['*'], quotes: ['*'], bars: ['*'] });
}

/** Of some minutes, by symbol; the greeting is from before. */
const told = (T: string, symbol: string, from: string, to: string): StreamMessage[] =>
  stream.told
    .filter((message) => message.T === T && message.S === symbol)
    .filter(({ t }) => String(t) >= from && String(t) < to)
    .map(({ T: _type, S: _symbol, ...rest }) => rest);

async function answered(kind: string, symbol: string, query: string): Promise<unknown> {
  const base = symbol.includes('/') ? '/v1beta3/crypto/us' : '/v2/stocks';
  const all = `symbols=${encodeURIComponent(symbol)}&limit=10000&${query}`;
  const response = await fetch(`${exchange.dataUrl}${base}/${kind}?${all}`, {
    headers: { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey },
  });
  return ((await response.json()) as Record<string, Record<string, unknown>>)[kind]![symbol] ?? [];
}

const [from, to] = ['2026-11-20T15:30:00.000Z', '2026-11-20T15:33:00.000Z'];
const within = 'start=2026-11-20T15:30:00Z&end=2026-11-20T15:32:59.999Z';

async function agree(symbols: readonly string[], feed: string, least: number): Promise<void> {
  await expect
    .poll(() => stream.told.filter(({ T }) => T === 'b').map(({ t }) => t))
    .toContain('2026-11-20T15:32:00.000Z');
  for (const symbol of symbols) {
    const [trades, quotes, bars] = ['t', 'q', 'b'].map((T) => told(T, symbol, from, to)) as [
      StreamMessage[],
      StreamMessage[],
      StreamMessage[],
    ];
    expect([symbol, trades.length >= least, quotes.length >= least, bars.length]).toEqual([symbol, true, true, 3]);
    expect(await answered('trades', symbol, within + feed)).toEqual(trades);
    expect(await answered('quotes', symbol, within + feed)).toEqual(quotes);
    expect(await answered('bars', symbol, `timeframe=1Min&${within}${feed}`)).toEqual(bars);
    for (const { t, o, h, l, c, v, n } of bars) {
      const own = trades.filter((trade) => String(trade.t).slice(0, 16) === String(t).slice(0, 16));
      const prices = own.map(({ p }) => Number(p));
      const size = own.reduce((sum, { s }) => sum + Number(s), 0);
      expect([o, h, l, c, n]).toEqual([prices[0], Math.max(...prices), Math.min(...prices), prices.at(-1), own.length]);
      expect(v).toBeCloseTo(size, 4);
    }
    const ids = trades.map(({ i }) => i);
    expect(new Set(ids).size).toBe(ids.length);
  }
}

describe('of a simulated market', () => {
  it.each(['json', 'msgpack'] as const)('stocks, in %s', async (frames) => {
    await open('dataStreamUrl', frames, {});
    await clock.advance(200_000);
    await agree(stocks, '&feed=iex', 100);
  });

  it('crypto', async () => {
    await open('cryptoStreamUrl', 'json', {});
    await clock.advance(200_000);
    await agree(coins, '', 100);
  });

  it('in which a script steps in', async () => {
    await open('dataStreamUrl', 'json', {});
    await clock.advance(45_000);
    for (const symbol of stocks) await exchange.setQuote(symbol, 77, 77.02);
    await clock.advance(155_000);
    await agree(stocks, '&feed=iex', 100);
  });
});

it('of a scripted market', async () => {
  await open('dataStreamUrl', 'json', { market: { kind: 'scripted' } });
  await clock.advance(10_000);
  for (let step = 0; step < 36; step++) {
    for (const symbol of stocks) await exchange.setQuote(symbol, 100 + (step % 7), 100.02 + (step % 7), 10 + step);
    await clock.advance(5000);
  }
  await agree(stocks, '&feed=iex', 30);
});

it('of a replayed market', async () => {
  const minutes = Array.from(
    { length: 10 },
    (_, i) => `2024-01-03T15:3${i}:00Z,${100 + i},${104 + i},${98 + i},${101 + i},5000`,
  );
  const csv = ['time,open,high,low,close,volume', ...minutes].join('\n');
  await open('dataStreamUrl', 'json', {
    market: { kind: 'replay', csv, file: 'minutes.csv', symbol: 'AAPL', speed: 1 },
  });
  await clock.advance(200_000);
  await agree(['AAPL'], '&feed=iex', 20);
});

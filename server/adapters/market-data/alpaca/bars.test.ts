// Bars downloaded by the official client from the embedded exchange, which serves the same API, and read as a file to be replayed.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSessions } from '../../../exchange/calendar/sessions.ts';
import { type BarFile, readBars } from '../../../exchange/market/csv-bars.ts';
import { ReplayMarket } from '../../../exchange/market/replay.ts';
import { startTestExchange } from '../../../testing/exchange.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { type BarsRequest, barColumns, recordedBars } from './bars.ts';

let exchange: Awaited<ReturnType<typeof startTestExchange>>;
beforeAll(async () => {
  exchange = await startTestExchange({ clock: new ManualClock('2026-11-20T15:30:30.000Z'), alwaysOpen: false });
});
afterAll(() => exchange.stop());

async function downloaded(order: Partial<BarsRequest>): Promise<BarFile> {
  const lines = [barColumns];
  const { dataUrl, keyId, secretKey } = exchange;
  const usual = { dataUrl, keyId, secretKey, feed: 'sip', adjustment: 'raw', symbols: ['MSFT', 'AAPL'] } as const;
  const span = { timeframe: '1Day', start: new Date('2026-11-16T05:00:00Z'), end: new Date('2026-11-19T21:00:00Z') };
  for await (const line of recordedBars({ ...usual, ...span, ...order })) lines.push(line);
  return readBars(lines.join('\n'), createSessions(), { file: 'downloaded.csv' });
}

it('brings days, each with its session, in pages, as they were sold', async () => {
  const file = await downloaded({ pageSize: 3 });
  expect(file.widthMinutes).toBe(1440);
  expect(file.bars.map(({ symbol, from }) => `${symbol} ${new Date(from).toISOString()}`)).toEqual(
    ['16', '17', '18', '19'].flatMap((day) => ['AAPL', 'MSFT'].map((s) => `${s} 2026-11-${day}T14:30:00.000Z`)),
  );
  for (const { symbol, bar } of file.bars) {
    const { history } = exchange.market;
    const day = Math.floor(bar.at.getTime() / 86_400_000);
    const { open, high, low, close, volume, trades } = history.dayBar(symbol, day, new Date('2026-11-20T15:30:30Z'))!;
    expect(bar).toMatchObject({ open, high, low, close, volume, trades });
  }
});

it('brings minutes of stocks and of coins, which can be replayed', async () => {
  const span = { start: new Date('2026-11-19T15:00:00Z'), end: new Date('2026-11-19T15:09:59Z') };
  const file = await downloaded({ symbols: ['AAPL', 'BTC/USD'], timeframe: '1Min', ...span, pageSize: 7 });
  expect(file.widthMinutes).toBe(1);
  expect(file.bars.filter(({ symbol }) => symbol === 'AAPL')).toHaveLength(10);
  const market = new ReplayMarket({ file, speed: 1, pace: 1, seed: 1 });
  expect(market.instruments.map(({ symbol }) => symbol)).toEqual(['AAPL', 'BTC/USD']);
  const [first] = market.advance(new Date('2026-11-20T15:30:30Z'));
  expect(first?.trade?.price).toBe(file.bars.find(({ symbol }) => symbol === 'AAPL')?.bar.open);
});

it('says why nothing comes', async () => {
  await expect(downloaded({ secretKey: 'wrong' })).rejects.toThrow('Alpaca does not know these keys');
  await expect(downloaded({ timeframe: '7Day' })).rejects.toThrow('Alpaca refuses: invalid timeframe: 7Day (400)');
});

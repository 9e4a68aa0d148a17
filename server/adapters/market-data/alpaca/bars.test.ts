// Bars as Alpaca sells them, downloaded with its own SDK from the embedded exchange, and played again from the file.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDay } from '../../../exchange/calendar/civil-day.ts';
import { createSessions } from '../../../exchange/calendar/sessions.ts';
import type { Exchange } from '../../../exchange/exchange.ts';
import { readBars } from '../../../exchange/market/csv-bars.ts';
import { startTestExchange } from '../../../testing/exchange.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { type BarsRequest, barColumns, recordedBars } from './bars.ts';

const clock = new ManualClock('2026-11-20T15:30:30.000Z');
let sold: Exchange;
beforeAll(async () => {
  sold = await startTestExchange({ clock, alwaysOpen: false });
});
afterAll(() => sold.stop());

/** The first week of July, whose third was kept as a holiday. */
const asked = (more: Partial<BarsRequest> = {}): BarsRequest => ({
  dataUrl: sold.dataUrl,
  keyId: sold.keyId,
  secretKey: sold.secretKey,
  symbols: ['AAPL', 'BTC/USD', 'F'],
  timeframe: '1Day',
  start: new Date('2026-07-01T04:00:00Z'),
  end: new Date('2026-07-08T03:59:59Z'),
  feed: 'sip',
  adjustment: 'raw',
  ...more,
});
async function download(more?: Partial<BarsRequest>): Promise<string> {
  const lines = [barColumns];
  for await (const line of recordedBars(asked(more))) lines.push(line);
  return lines.join('\n');
}
const read = (csv: string) => readBars(csv, createSessions(), { file: 'alpaca.csv' });

it('brings every page of days, of stocks and coins, which are read as the bars that were sold', async () => {
  const file = read(await download({ pageSize: 3 }));
  expect(file.widthMinutes).toBe(1440);
  for (const [symbol, count] of [
    ['AAPL', 4],
    ['F', 4],
    ['BTC/USD', 7],
  ] as const) {
    const known = ['01', '02', '03', '04', '05', '06', '07'].flatMap((date) => {
      const bar = sold.market.history.dayBar(symbol, readDay(`2026-07-${date}`)!, clock.now());
      return bar ? [bar] : [];
    });
    const bars = file.bars.filter((one) => one.symbol === symbol).map(({ bar }) => bar);
    expect(bars).toHaveLength(count);
    expect(bars).toEqual(known.map((bar) => ({ ...bar, turnover: expect.any(Number) })));
    // Alpaca gives the average, to a limited number of digits, not the turnover.
    const average = ({ turnover, volume }: { turnover: number; volume: number }): number => turnover / volume;
    for (const [i, bar] of bars.entries()) expect(average(bar) / average(known[i]!)).toBeCloseTo(1, 5);
  }
  const [day] = file.bars.filter(({ symbol }) => symbol === 'BTC/USD');
  expect([day!.from, day!.to]).toEqual([Date.parse('2026-07-01T05:00:00Z'), Date.parse('2026-07-02T05:00:00Z')]);
});

it('brings minutes, which play again as they were sold', async () => {
  const span = { start: new Date('2026-07-02T13:30:00Z'), end: new Date('2026-07-02T13:59:00Z') };
  const csv = await download({ symbols: ['AAPL', 'BTC/USD'], timeframe: '1Min', ...span, pageSize: 17 });
  const { bars, widthMinutes } = read(csv);
  expect([bars.length, widthMinutes]).toEqual([60, 1]);
  const again = await startTestExchange({ market: { kind: 'replay', csv, file: 'alpaca.csv', speed: 60 } });
  for (const symbol of ['AAPL', 'BTC/USD']) {
    expect(again.market.lastTrade(symbol)?.price).toBe(bars.find((one) => one.symbol === symbol)!.bar.open);
  }
  await again.stop();
});

it('says why nothing comes', async () => {
  await expect(download({ keyId: 'PKOTHER' })).rejects.toThrow('Alpaca does not know these keys');
  await expect(download({ timeframe: '1Century' })).rejects.toThrow(
    'Alpaca refuses: invalid timeframe: 1Century (400)',
  );
});

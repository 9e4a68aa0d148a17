// Portfolio history over HTTP, from what the exchange itself wrote down as time went by.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestExchange } from '../../testing/exchange.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import type { Exchange } from '../exchange.ts';
import { call } from '../spec/checked-client.ts';

let exchange: Exchange;
let clock: ManualClock;
const ask = (query: string) => call(exchange, 'GET', `/v2/account/portfolio/history${query}`);
const hours = (count: number) => clock.advance(count * 3_600_000);

beforeEach(async () => {
  clock = new ManualClock('2026-11-18T15:30:00.000Z');
  exchange = await startTestExchange({ clock });
  await exchange.setQuote('AAPL', 149.99, 150.01);
});
afterEach(() => exchange.stop());

it('is of what the account was worth', async () => {
  await call(exchange, 'POST', '/v2/orders', {
    symbol: 'AAPL',
    qty: '100',
    side: 'buy',
    type: 'market',
    time_in_force: 'day',
  });
  await hours(24);
  await exchange.setQuote('AAPL', 159.99, 160.01);
  await hours(24);
  await exchange.setQuote('AAPL', 154.99, 155.01);
  const days = (await ask('?period=3D&timeframe=1D')).json;
  // Cost 150.01 and is worth 150: a dollar is lost at once.
  expect(days).toMatchObject({
    equity: [99_999, 100_999, 100_499],
    profit_loss: [0, 1000, -500],
    base_value: 99_999,
    timeframe: '1D',
    cashflow: {},
  });
  const today = (await ask('?period=1D&timeframe=15Min')).json;
  expect(today.base_value).toBe(100_999);
  expect(today.base_value_asof).toBe('2026-11-19');
  expect((today.equity as unknown as number[]).at(-1)).toBe(100_499);
  const spoken = (await ask('?start=2026-11-18T14:00:00Z&end=2026-11-19T23:00:00Z&timeframe=1D')).json;
  expect(spoken.equity).toEqual([99_999, 100_999]);
  // A date is midnight in UTC, which in New York is the evening of the day before: the account was not there yet.
  const dates = (await ask('?start=2026-11-18&end=2026-11-20&timeframe=1D')).json;
  expect(dates.equity).toEqual([0, 99_999, 100_999]);
  const seconds = (text: string) => Date.parse(text) / 1000;
  const unix = `?start=${seconds('2026-11-18T14:00:00Z')}&end=${seconds('2026-11-19T23:00:00Z')}&timeframe=1D`;
  expect((await ask(unix)).json).toEqual(spoken);
});

it.each([
  ['', '1D'],
  ['?period=1W', '15Min'],
  ['?period=3D', '1Min'],
  ['?period=1A', '1D'],
  ['?period=2W', '15Min'],
  ['?period=1D&timeframe=1H&intraday_reporting=continuous&pnl_reset=no_reset', '1H'],
  ['?date_end=2026-11-18&period=1M', '1D'],
  ['?extended_hours=true&period=1D', '1Min'],
  ['?cashflow_types=ALL', '1D'],
  ['?cashflow_types=CSD,DIV', '1D'],
])('takes %s', async (query, timeframe) => {
  const { status, json } = await ask(query);
  expect([status, json.timeframe]).toEqual([200, timeframe]);
});

it.each([
  'period=5',
  'period=0D',
  'period=99A',
  'timeframe=2Min',
  'start=x',
  'period=1D&start=2026-11-01&end=2026-11-02',
  'start=2026-11-02&end=2026-11-01',
  'period=1A&timeframe=15Min',
  'period=1M&timeframe=1Min',
  'intraday_reporting=always',
  'pnl_reset=never',
  'cashflow_types=FUN',
])('does not take %s', async (query) => {
  expect((await ask(`?${query}`)).status).toBe(422);
});

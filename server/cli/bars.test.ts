// npm run bars, as a person runs it: bars from the data API of an embedded exchange into a file, all of them or none.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSessions } from '../exchange/calendar/sessions.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { readBars } from '../exchange/market/csv-bars.ts';
import { startTestExchange } from '../testing/exchange.ts';

let exchange: Exchange;
let folder: string;
beforeAll(async () => {
  exchange = await startTestExchange({ alwaysOpen: false });
  folder = await mkdtemp(join(tmpdir(), 'bars-'));
});
afterAll(async () => {
  await exchange.stop();
  await rm(folder, { recursive: true });
});

const command = new URL('bars.ts', import.meta.url).pathname;
const run = async (words: string[], keys: Record<string, string> = {}) => {
  const { keyId, secretKey } = exchange;
  const env = { PATH: process.env.PATH, ALPACA_PAPER_KEY_ID: keyId, ALPACA_PAPER_SECRET_KEY: secretKey, ...keys };
  try {
    const address = words.includes('--data-url') ? [] : ['--data-url', exchange.dataUrl];
    const { stdout } = await promisify(execFile)(process.execPath, [command, ...words, ...address], {
      env,
      cwd: folder,
    });
    return stdout;
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
};
const week = ['--symbols', 'aapl,BTC/USD', '--from', '2026-07-01', '--to', '2026-07-07', '--out', 'bars.csv'];

it('writes a file that can be played', async () => {
  expect(await run([...week, '--timeframe', '1Hour'])).toContain('npm run exchange -- --replay bars.csv');
  const text = await readFile(join(folder, 'bars.csv'), 'utf8');
  const { bars, widthMinutes } = readBars(text, createSessions(), { file: 'bars.csv' });
  expect(widthMinutes).toBe(60);
  const days = (symbol: string) => [
    ...new Set(bars.filter((one) => one.symbol === symbol).map(({ bar }) => bar.at.toISOString().slice(0, 10))),
  ];
  // From New York's first midnight to the last one; stocks trade on the night before a trading day too.
  expect(days('BTC/USD')).toHaveLength(8);
  expect(days('AAPL')).not.toContain('2026-07-04');
  expect(await readdir(folder)).toEqual(['bars.csv']);
});

it.each<[string, string[], Record<string, string>, string]>([
  ['keys', week, { ALPACA_PAPER_KEY_ID: '', ALPACA_PAPER_SECRET_KEY: '' }, 'are not set. Nothing was written.'],
  [
    'keys that Alpaca knows',
    week,
    { ALPACA_PAPER_SECRET_KEY: 'other' },
    'Alpaca does not know these keys. Nothing was written.',
  ],
  ['symbols', week.slice(2), {}, '--symbols: is missing'],
  ['a date', [...week, '--from', 'July'], {}, '--from: expected a date as 2026-11-20'],
  ['days in their order', [...week, '--to', '2026-06-30'], {}, '--to is before --from'],
  ['a width that can be played', [...week, '--timeframe', '1Week'], {}, '--timeframe: expected 1Min'],
  ['bars', [...week, '--symbols', 'NOSUCH'], {}, 'Alpaca has no bars of these symbols and days. Nothing was written.'],
  ['an option it knows', [...week, '--colour', 'red'], {}, "Unknown option '--colour'"],
])('without %s says so, and leaves the file as it was', async (_, words, keys, sentence) => {
  const before = await readFile(join(folder, 'bars.csv'), 'utf8');
  expect(await run(words, keys)).toContain(sentence);
  expect(await readFile(join(folder, 'bars.csv'), 'utf8')).toBe(before);
  expect(await readdir(folder)).toEqual(['bars.csv']);
});

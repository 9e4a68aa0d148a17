import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runPine } from './cli.ts';
import { brokenLimits, limits, sizeOf, tickersPerScript } from './limits.ts';
import type { Manifest } from './manifest.ts';
import { templates } from './templates/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pine-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const list = (text: string): void => writeFileSync(join(folder, 'tickers.csv'), text);
const pine = (...more: string[]) => runPine(['--watchlist', 'tickers.csv', '--out', 'out', ...more], folder);
const written = (name: string): string => readFileSync(join(folder, 'out', name), 'utf8');
const manifest = (): Manifest => JSON.parse(written('manifest.json')) as Manifest;
const files = (): string[] => readdirSync(join(folder, 'out')).filter((name) => name.endsWith('.pine'));

it.each(templates.map(({ key }) => key))(
  'writes 60 scripts of %s for 2,400 tickers, each within the limits',
  (template) => {
    const tickers = Array.from({ length: 2400 }, (_, at) => `NYSE:T${at}`);
    list(['ticker', ...tickers].join('\n'));
    expect(pine('--template', template)).toMatchObject({
      status: 0,
      err: '',
      out: expect.stringContaining('Scripts: 60, tickers: 2400, alerts to create: 60.'),
    });
    expect(files()).toHaveLength(60);
    const { scripts, leftOut } = manifest();
    expect(leftOut).toEqual([]);
    expect(scripts.flatMap((one) => one.tickers.map(({ symbol }) => symbol))).toEqual(tickers);
    expect(scripts.map((one) => one.file).sort()).toEqual(files().sort());
    for (const script of scripts) {
      const source = written(script.file);
      for (const { symbol } of script.tickers) expect(source).toContain(`request.security("${symbol}", scanTimeframe,`);
      expect(brokenLimits(source)).toEqual([]);
      expect(sizeOf(source)).toMatchObject({ securityCalls: 40, tupleElements: 120 });
      expect(script.alerts).toEqual([
        {
          name: script.title,
          chart: { symbol: script.tickers[0]!.symbol, timeframe: '5' },
          condition: { script: script.title, trigger: 'Any alert() function call' },
          expiration: expect.stringContaining('Expiration'),
          message: '',
          webhookUrl: 'https://YOUR-HOST/hooks/SOURCE/TOKEN',
        },
      ]);
    }
    expect(new Set(scripts.map((one) => one.title)).size).toBe(60);
    expect(written('manifest.csv').split('\n')).toHaveLength(2400 + 2);
    expect(written('manifest.md')).toContain('NYSE:T2399');
  },
);

it('writes one strategy, and an alert for each ticker', () => {
  list('###Banks,NYSE:JPM,NYSE:BRK.B');
  expect(pine('--template', 'macd-momentum', '--kind', 'strategy', '--version', '5', '--timeframe', '1h').status).toBe(
    0,
  );
  expect(files()).toEqual(['macd-momentum-strategy-v5.pine']);
  expect(written('macd-momentum-strategy-v5.pine')).toMatch(/^\/\/@version=5\n/);
  expect(
    manifest().scripts[0]!.alerts.map(({ name, chart, condition }) => [name, chart.timeframe, condition.trigger]),
  ).toEqual([
    ['Signalbox MACD momentum JPM 60', '60', 'alert() function calls only'],
    ['Signalbox MACD momentum BRK.B 60', '60', 'alert() function calls only'],
  ]);
  expect(written('manifest.csv').split('\n')[2]).toBe(
    'BRK.B,NYSE:BRK.B,Banks,1,macd-momentum-strategy-v5.pine,Signalbox MACD momentum,Signalbox MACD momentum BRK.B 60',
  );
});

it('takes parameters over into the script, and says what it left out', () => {
  list('NYSE:JPM\nNYSE:JPM\nno ticker');
  const { status, err } = pine(
    '--template',
    'moving-average-cross',
    '--set',
    'fastLength=8',
    '--set',
    'strategyName=banks',
    '--per-script',
    '1',
  );
  expect(status).toBe(0);
  expect(err).toBe(
    'Left out, line 2: NYSE:JPM is on line 1 already.\nLeft out, line 3: "no ticker" is no ticker like NASDAQ:AAPL or AAPL.\n',
  );
  const source = written('moving-average-cross-scanner-v6-5-01.pine');
  expect(source).toContain('fastLength = input.int(8, ');
  expect(source).toContain('strategyName = input.string("banks", ');
  expect(manifest()).toMatchObject({
    parameters: { fastLength: 8, slowLength: 21 },
    leftOut: [{ line: 2 }, { line: 3 }],
  });
});

it.each([
  [['--template', 'nope'], /There is no template "nope"; there are atr-trailing, /],
  [['--template', 'rsi-reversal', '--set', 'length=3'], /RSI reversal has no parameter length; it has rsiLength/],
  [
    ['--template', 'rsi-reversal', '--set', 'rsiLength=1'],
    /rsiLength: expected a whole number from 2 to 500, found "1"/,
  ],
  [['--template', 'rsi-reversal', '--set', 'oversold=80'], /oversold must be below overbought/],
  [['--template', 'rsi-reversal', '--version', '4'], /version: expected 6 or 5, found "4"/],
  [['--template', 'rsi-reversal', '--timeframe', '7x'], /timeframe: expected one like/],
  [['--template', 'rsi-reversal', '--per-script', '41'], /from 1 to 40/],
  [['--template', 'rsi-reversal', '--kind', 'both'], /--kind: expected strategy or scanner/],
  [['--template', 'rsi-reversal', '--colour', 'red'], /colour/],
])('refuses %j with a sentence, and writes nothing', (args, expected) => {
  list('NYSE:JPM');
  const { status, err } = pine(...args);
  expect(status).toBe(2);
  expect(err).toMatch(expected);
  expect(readdirSync(folder)).toEqual(['tickers.csv']);
});

it('refuses a list without a ticker, and one that is not there', () => {
  list('!!\n');
  expect(pine('--template', 'rsi-reversal')).toMatchObject({
    status: 2,
    err: expect.stringContaining('Line 1: "!!" is no ticker'),
  });
  const gone = runPine(['--watchlist', 'gone.csv', '--template', 'rsi-reversal'], folder);
  expect(gone).toMatchObject({ status: 2, err: expect.stringContaining('ENOENT') });
});

it('lists the templates and their parameters, for people and for programs', () => {
  expect(runPine(['--list'], folder).out).toContain(
    'oversold = 30 (a number from 1 to 99): Coming back above this buys.',
  );
  const list = JSON.parse(runPine(['--list', '--json'], folder).out) as { key: string }[];
  expect(list.map(({ key }) => key)).toEqual(templates.map(({ key }) => key));
});

it('sees what breaks a limit', () => {
  expect(tickersPerScript).toBe(40);
  const call = (at: number): string => `[stamp${at}, entry${at}, stop${at}] = request.security("A${at}", "5", f())\n`;
  const calls = (count: number): string => Array.from({ length: count }, (_, at) => call(at)).join('');
  expect(brokenLimits(calls(40))).toEqual([]);
  expect(brokenLimits(calls(41))).toEqual(['Calls for data: 41, TradingView allows 40.']);
  expect(brokenLimits(calls(43))).toHaveLength(2);
  expect(brokenLimits(`x = "${'a'.repeat(limits.tokens)}"`)).toEqual([expect.stringContaining('Tokens')]);
});

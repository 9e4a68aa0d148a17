// On the whole system, in a real browser: scripts are written on the page from a pasted list and from a file, shown, copied and downloaded, what is
// wrong is said; and an alert that a script's own text makes is taken by the webhook.
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generate } from '../../pine/generate.ts';
import { awkward, awkwardMarket, hourMs, live } from '../../pine/testing/market.ts';
import { launchBrowser } from '../testing/browser.ts';
import { newDataDir, removeDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();

describe('the page of Pine scripts', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    if (launched.browser === null) return;
    browser = launched.browser;
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    page = await context.newPage();
    await page.goto(/Sign in\s+(\S+)/.exec(system.output())![1]!);
    await page.getByRole('link', { name: 'Pine scripts' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Pine scripts' }).waitFor();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
    if (dataDir) await removeDataDir(dataDir);
  }, 30_000);

  const need = (context: { skip(note: string): never }): void => {
    if (launched.browser === null) context.skip(launched.reason);
  };
  const write = () => page.getByRole('button', { name: 'Write the scripts' }).click();

  it('says what is wrong at its field, and writes nothing', async (context) => {
    need(context);
    await page.getByLabel('rsiLength').fill('1');
    await write();
    await page.getByRole('alert').getByText('The watchlist has no ticker.').waitFor();
    await page.locator('#p-rsiLength-note').getByText('expected a whole number from 2 to 500, found "1".').waitFor();
    await page.getByLabel('rsiLength').fill('');
  });

  it('writes the scripts of a pasted list as the command does, and copies one', async (context) => {
    need(context);
    const watchlist = '###Mine,NYSE:BRK.B,CME_MINI:NQ1!,NSE:M&M,BITSTAMP:BTCUSD,NYSE:BRK.B';
    await page.getByRole('textbox', { name: 'Tickers', exact: true }).fill(watchlist);
    await page.getByLabel('oversold').fill('25');
    await write();
    await page.getByRole('heading', { name: '1 script for 4 tickers' }).waitFor();
    await page.getByText('Line 1: NYSE:BRK.B is on line 1 already.').waitFor();
    await page.getByRole('button', { name: 'Copy Signalbox RSI reversal 5 01' }).click();
    await page.getByText('Signalbox RSI reversal 5 01 copied.').waitFor();
    const wanted = { template: 'rsi-reversal', version: '6', kind: 'scanner', timeframe: '5' } as const;
    const made = generate({ ...wanted, watchlist, parameters: { oversold: '25' } });
    if ('problems' in made) throw new Error(made.problems.join(' '));
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(made.scripts[0]!.source);
  });

  it('writes sixty for 2,400 tickers of a file, and saves them with their manifest', async (context) => {
    need(context);
    const text = ['ticker', ...Array.from({ length: 2400 }, (_, at) => `NYSE:T${at}`)].join('\n');
    const file = { name: 'tickers.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
    await page.getByLabel('File of tickers').setInputFiles(file);
    await page.getByLabel('Template').selectOption('donchian-breakout');
    await write();
    await page.getByRole('heading', { name: '60 scripts for 2,400 tickers' }).waitFor();
    await page.getByRole('heading', { name: '60 alerts to create' }).waitFor();
    const saved = async (button: string): Promise<string> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: button }).click(),
      ]);
      return readFile(await download.path(), 'utf8');
    };
    expect((await saved('Download all scripts')).match(/^\/\/@version=6$/gm)).toHaveLength(60);
    expect(JSON.parse(await saved('Manifest, JSON')).scripts).toHaveLength(60);
    await page.getByRole('combobox', { name: 'Script', exact: true }).selectOption('59');
    expect(await page.getByLabel('Text of Signalbox Donchian breakout 5 60').innerText()).toContain('"NYSE:T2399"');
  });

  it('fits a phone', async (context) => {
    need(context);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });

  it('writes alerts that the webhook takes, for awkward tickers', async () => {
    const symbols = Object.keys(awkward);
    const wanted = { template: 'moving-average-cross', version: '6', kind: 'scanner', timeframe: '60' } as const;
    const made = generate({ ...wanted, watchlist: symbols.join(','), parameters: {} });
    if ('problems' in made) throw new Error(made.problems.join(' '));
    const sent = live(made.scripts[0]!.source, symbols[0]!, awkwardMarket(200), 100, [hourMs / 2]);
    const first = Map.groupBy(sent, ({ message }) => JSON.parse(message).ticker as string);
    expect([...first.keys()].sort()).toEqual(['BRK.B', 'BTCUSD', 'M&M', 'NQ1!', 'SHIBUSD']);
    for (const [{ message } = { message: '' }] of first.values()) {
      const once = await system.post(message);
      expect([once.status, message]).toEqual([202, message]);
      // Sent again, it is the same one.
      const again = await system.post(message);
      expect([again.status, again.body.id]).toEqual([200, once.body.id]);
    }
  });
});

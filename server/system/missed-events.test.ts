// A page whose line was cut while alerts came in, in a real browser: when it is back it shows each of them, once and in order, by being told and
// not by reading its lists anew; and one that was away for too long reads them anew and says so.
import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Signal } from '../contract/index.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const patience = { timeout: 60_000 };
const missed = 25;

describe.skipIf(launched.browser === null)('a page whose line was cut', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  let errors: string[];
  let away = false;
  const lines = new Set<WebSocketRoute>();
  /** Lists of signals that were read since it was emptied. */
  const read: string[] = [];

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    ({ page, errors } = await signedInPage(browser, system, patience.timeout));
    await page.routeWebSocket(/\/socket\.io\//, (line) => {
      if (away) return void line.close();
      line.connectToServer();
      lines.add(line);
    });
    await page.route(/\/socket\.io\//, (route) => (away ? route.abort() : route.continue()));
    page.on('request', (request) => {
      if (request.method() === 'GET' && /\/api\/v1\/signals(\?|$)/.test(request.url())) read.push(request.url());
    });
  }, 240_000);
  afterAll(() => closeAll(browser, system, dataDir), 60_000);

  const alert = (strategy: string) =>
    system.post(JSON.stringify({ signal: 'BUY', ticker: 'NOPE', mode: 'Paper', quantity: 1, strategy }));
  const decided = async (): Promise<number> =>
    (await system.api<{ items: Signal[] }>('/signals?limit=200')).items.filter(({ status }) => status !== 'accepted')
      .length;
  const shown = () => page.locator('main tbody tr').allInnerTexts();
  const strategies = async (): Promise<string[]> =>
    (await shown()).flatMap((row) => /missed \d+|first/.exec(row)?.[0] ?? []);
  const stale = () => page.getByRole('alert').filter({ hasText: 'STALE since' });

  it('shows all that it missed, each once and in order, without reading its list anew', {
    timeout: 180_000,
  }, async () => {
    await alert('first');
    await page.goto(`${system.ready.dashboardUrl}/signals`);
    await expect.poll(strategies, patience).toEqual(['first']);
    // Told and not read: the page stands in the course of events.
    await alert('missed 0');
    await expect.poll(strategies, patience).toEqual(['missed 0', 'first']);
    await page.waitForLoadState('networkidle');
    away = true;
    await Promise.all([...lines].map((line) => line.close()));
    lines.clear();
    await stale().waitFor();
    for (let index = 1; index <= missed; index++) await alert(`missed ${index}`);
    await expect.poll(decided, patience).toBe(missed + 2);
    expect(await strategies()).toEqual(['missed 0', 'first']);
    read.length = 0;
    away = false;
    await stale().waitFor({ state: 'detached' });
    const all = Array.from({ length: missed }, (_, index) => `missed ${missed - index}`);
    await expect.poll(strategies, patience).toEqual([...all, 'missed 0', 'first']);
    expect(read).toEqual([]);
    await alert('missed 99');
    await expect.poll(strategies, patience).toEqual(['missed 99', ...all, 'missed 0', 'first']);
    expect(errors).toEqual([]);
  });
});

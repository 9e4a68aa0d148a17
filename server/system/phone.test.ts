// The dashboard on a phone, in a real browser: it can be installed, its first route is small, it opens without the server with the last known
// portfolio and says of what moment that is, nothing can be done then, and signing out leaves nothing behind.
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Position } from '../contract/index.ts';
import { violations } from '../testing/axe.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll } from '../testing/dashboard-page.ts';
import { phoneViewport } from '../testing/phone-profile.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const patience = { timeout: 60_000 };
/** Of the scripts that a first view needs, as they come over the line. */
const mostScriptBytes = 150_000;

describe.skipIf(launched.browser === null)('the dashboard on a phone', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    context = await browser.newContext({ viewport: phoneViewport, hasTouch: true, isMobile: true });
    page = await context.newPage();
    page.setDefaultTimeout(patience.timeout);
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(/Sign in\s+(\S+)/.exec(system.output())![1]!);
  }, 240_000);
  afterAll(() => closeAll(browser, system, dataDir), 60_000);

  const open = (path: string) => page.goto(`${system.ready.dashboardUrl}${path}`);
  const ko = () => page.getByRole('region', { name: 'Positions' }).getByText('KO').first();
  const notLive = () => page.getByRole('alert', { name: 'Not live' });
  /** Resolves when the worker answers for the pages. */
  const worked = () =>
    page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (navigator.serviceWorker.controller) return;
      await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
    });
  const kept = () =>
    page.evaluate(async () => {
      const found = await caches.match('/last-portfolio/1');
      return found ? ((await found.json()) as { me: { id: string }; positions: { symbol: string }[] }) : null;
    });

  it('holds something', async () => {
    await system.post('{"signal":"BUY","ticker":"KO","mode":"Paper","quantity":20}');
    const held = async () => (await system.api<{ items: Position[] }>('/positions')).items.map((one) => one.quantity);
    await expect.poll(held, patience).toEqual(['20']);
    await open('/positions');
    await ko().waitFor();
  });

  it.each(['/', '/positions'])('needs few scripts for the first view of %s', async (path) => {
    const fresh = await browser.newContext({ viewport: phoneViewport, serviceWorkers: 'block' });
    await fresh.addCookies(await context.cookies());
    const first = await fresh.newPage();
    // What is read last does not come: so nothing is fetched ahead for other pages, and what was fetched is what this one needs.
    await first.route('**/api/v1/settings', () => {});
    const session = await fresh.newCDPSession(first);
    const scripts = await countScripts(session);
    await first.goto(`${system.ready.dashboardUrl}${path}`);
    await first.getByText('KO').first().waitFor(patience);
    await first.waitForLoadState('load');
    const { count, bytes } = scripts();
    await fresh.close();
    expect(count).toBeGreaterThan(3);
    // Nothing that was counted is nothing that is small.
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(mostScriptBytes);
  });

  it('can be installed: a name, colours, icons of the sizes they say, and a worker that answers for its pages', async () => {
    await open('/');
    const address = await page.locator('link[rel="manifest"]').getAttribute('href');
    const base = system.ready.dashboardUrl;
    const answer = await fetch(new URL(address!, base));
    expect(answer.headers.get('content-type')).toContain('application/manifest+json');
    const manifest = (await answer.json()) as {
      name: string;
      display: string;
      start_url: string;
      icons: { src: string; sizes: string; purpose: string }[];
      shortcuts: { url: string }[];
    };
    expect(manifest).toMatchObject({ name: 'Signalbox', display: 'standalone', start_url: '/' });
    expect(manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`).sort()).toEqual(
      ['192x192 any', '512x512 any', '192x192 maskable', '512x512 maskable'].sort(),
    );
    const apple = await page.locator('link[rel="apple-touch-icon"]').getAttribute('href');
    for (const { src, sizes } of [...manifest.icons, { src: apple!, sizes: '180x180' }]) {
      const icon = Buffer.from(await (await fetch(new URL(src, base))).arrayBuffer());
      // A PNG says its width and height behind the name of its first part.
      expect(icon.subarray(1, 4).toString(), src).toBe('PNG');
      expect(`${icon.readUInt32BE(16)}x${icon.readUInt32BE(20)}`, src).toBe(sizes);
    }
    await worked();
    const session = await context.newCDPSession(page);
    const { errors: wrong } = await session.send('Page.getAppManifest');
    expect(wrong).toEqual([]);
    const worker = await fetch(new URL('/service-worker.js', base));
    expect(worker.headers.get('cache-control')).toBe('no-cache');
    expect(await page.locator('meta[name="theme-color"]').getAttribute('content')).toContain('oklch');
  });

  it('tells in the settings how it is installed', async () => {
    await open('/settings');
    const section = page.getByRole('region', { name: 'On this device' });
    expect(await section.innerText()).toMatch(/install/i);
  });

  it('has nothing in the thumb’s reach, or at the top, that is smaller than a thumb', async () => {
    await open('/positions');
    await ko().waitFor();
    const small = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('header a, header button, header summary, nav a, nav button')]
        .map((one) => ({ name: one.innerText.trim().slice(0, 30), box: one.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.height < 44 || box.width < 44))
        .map(({ name, box }) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`),
    );
    expect(small).toEqual([]);
  });

  it('keeps no answer of the API but the portfolio, which the page itself has kept', async () => {
    await open('/positions');
    await ko().waitFor();
    await worked();
    await expect.poll(async () => (await kept())?.positions.map((one) => one.symbol), patience).toEqual(['KO']);
    const addresses = await page.evaluate(async () => {
      const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
      return all.flat().map(({ url }) => new URL(url).pathname);
    });
    expect(addresses).toContain('/index.html');
    expect(addresses.filter((path) => /^\/(api|hooks|docs|socket)/.test(path))).toEqual([]);
  });

  it('opens without a line, with the last known portfolio marked as old, and lets nothing be done', async () => {
    await context.setOffline(true);
    await page.reload();
    await notLive().waitFor();
    const said = await notLive().innerText();
    const at = /As of (\d\d:\d\d:\d\d)/.exec(said)![1]!;
    expect(said).toContain('not live');
    expect(said).toContain('Nothing can be changed from here until the server answers');
    await ko().waitFor();
    await page.getByText(`As of ${at}, not live`, { exact: true }).waitFor();
    await expect.poll(() => page.title(), patience).toContain(`AS OF ${at}`);
    expect(await page.getByRole('button', { name: /Kill switch/ }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: /^Mode/ }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Close', exact: true }).count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phoneViewport.width);
    // Other pages open too, with what was kept.
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Orders' }).click();
    await page.getByRole('region', { name: 'Orders' }).getByText('KO').first().waitFor();
  });

  it('is live again as soon as the server is reached', async () => {
    await context.setOffline(false);
    await notLive().waitFor({ state: 'detached' });
    await expect.poll(() => page.title(), patience).not.toContain('AS OF');
    await expect.poll(() => page.getByRole('button', { name: /Kill switch/ }).isDisabled(), patience).toBe(false);
  });

  it('opens while the server is stopped, sends nothing, and finds it when it is back', async () => {
    await open('/');
    await page.getByRole('region', { name: 'Open positions' }).getByText('KO').first().waitFor();
    await worked();
    const { port } = new URL(system.ready.dashboardUrl);
    await system.stop();
    await page.close();
    page = await context.newPage();
    page.setDefaultTimeout(patience.timeout);
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`http://127.0.0.1:${port}/test`);
    await notLive().waitFor();
    const send = page.getByRole('main').getByRole('button', { name: /^Send/ }).first();
    if ((await send.count()) > 0 && (await send.isEnabled())) {
      await send.click();
      await page.getByText('nothing was sent').first().waitFor();
    }
    system = await startSystem(dataDir, { PORT: port });
    await notLive().waitFor({ state: 'detached' });
    await open('/positions');
    await ko().waitFor();
    expect(errors).toEqual([]);
  }, 240_000);

  it('keeps nothing of the person who has signed out', async () => {
    expect(await kept()).not.toBeNull();
    await open('/sign-in');
    await expect.poll(kept, patience).toBeNull();
  });
});

/** Counts the bytes of scripts as they come over the line, from now on: what is compressed, without what stands before it. */
async function countScripts(session: CDPSession): Promise<() => { count: number; bytes: number }> {
  const heads = new Map<string, number>();
  let bytes = 0;
  session.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Script' || response.mimeType.includes('javascript')) heads.set(requestId, response.encodedDataLength);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const head = heads.get(requestId);
    if (head !== undefined) bytes += encodedDataLength - head;
  });
  await session.send('Network.enable');
  return () => ({ count: heads.size, bytes });
}

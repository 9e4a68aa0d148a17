// Every page while the server fails behind it: each says what could not be read, and none shows "there is none" for "could not be read".
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { pageRoutes } from '../testing/page-addresses.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();

/** Every address that has a page; a part of it that names something is one that leads nowhere. */
const addresses = (await pageRoutes()).map((route) => route.replace(/\[[^\]]+\]/g, '0'));
/** Nothing is read for these. */
const readNothing = ['/invitation', '/pine', '/sign-in'];
/** What has to be asked of a page, so that it reads anything. */
const asking: Readonly<Record<string, string>> = { '/search': '/search?q=AAPL' };
/** What pages say where there is nothing. */
const none =
  /No alert has come in|Nothing is held|No orders\.|Nothing waits for a person|There is no |Nobody (was asked|has set|has changed)|No job was given up|Nothing is recorded|Nothing was ever stopped|No limit is set|No strategy is quarantined|has no settings of its own:|Nothing yet\.|Nothing was ever wrong/;

const failure = {
  type: 'about:blank',
  title: 'Something failed here',
  status: 500,
  code: 'INTERNAL',
  detail: 'The server could not answer this.',
};

describe('pages whose server fails', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    const first = await signedInPage(browser, system, 60_000);
    // Without what the first visit has kept on the device.
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, serviceWorkers: 'block' });
    await context.addCookies(await first.page.context().cookies());
    await first.page.context().close();
    page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on('pageerror', (error) => errors.push(error.message));
    // Who is signed in is known: what only some may see is asked for as well.
    await page.route(/\/api\/v1\/(?!me$)/, (route) =>
      route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(failure) }),
    );
    // Nor is anything told.
    await page.routeWebSocket(/socket\.io/, (socket) => socket.close());
    await page.route(/\/socket\.io\//, (route) => route.abort());
  }, 240_000);
  afterAll(() => closeAll(browser, system, dataDir), 60_000);

  it.each(addresses.filter((address) => !readNothing.includes(address)))(
    '%s says so',
    async (address) => {
      if (launched.browser === null) return;
      await page.goto(`${system.ready.dashboardUrl}${asking[address] ?? address}`);
      const main = page.getByRole('main');
      await main.getByText(failure.detail).first().waitFor();
      // All that is on its way has been answered, and what it says stands.
      await page.waitForLoadState('networkidle');
      expect(await main.innerText()).not.toMatch(none);
      expect(errors).toEqual([]);
    },
    90_000,
  );
});

// Every page there is, opened in light, in dark and on a phone, with something in it: nothing that WCAG 2.2 AA or axe's advice finds fault
// with, no error, nothing asked of another host, nothing wider than the screen, and the mode in its title. A page that is new and
// changes with its address fails until an example is said.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../testing/axe.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { addressOf, pageExamples, pageRoutes } from '../testing/page-addresses.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const routes = await pageRoutes();
const patience = { timeout: 60_000 };
/** For whoever is not signed in: they are told no mode. */
const outside: ReadonlySet<string> = new Set(['/sign-in', '/invitation']);
const looks = [
  { name: 'light', scheme: 'light', width: 1280, height: 900 },
  { name: 'dark', scheme: 'dark', width: 1280, height: 900 },
  { name: 'on a phone', scheme: 'light', width: 390, height: 844 },
] as const;

describe.skipIf(launched.browser === null)('every page', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  let errors: string[];
  const strangers: string[] = [];
  let examples: Readonly<Record<string, string>>;

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    ({ page, errors } = await signedInPage(browser, system, 60_000));
    await page.emulateMedia({ reducedMotion: 'reduce' });
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (/^(https?|wss?):$/.test(url.protocol) && url.host !== new URL(system.ready.dashboardUrl).host)
        strangers.push(request.url());
    });
    const sent = await system.post('{"signal":"BUY","ticker":"KO","mode":"Paper","quantity":5,"strategy":"breakout"}');
    const signal = sent.body.id as string;
    await page.getByRole('region', { name: 'Open positions' }).getByText('KO').first().waitFor();
    examples = await pageExamples(system, signal);
  }, 240_000);
  afterAll(() => closeAll(browser, system, dataDir), 60_000);

  it.each(routes)('%s', { timeout: 300_000 }, async (route) => {
    const address = addressOf(route, examples);
    const faults: string[] = [];
    for (const { name, scheme, width, height } of looks) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height });
      await page.goto(`${system.ready.dashboardUrl}${address}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
      if (!outside.has(route)) await expect.poll(() => page.title(), patience).toMatch(/^PAPER /);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) faults.push(`${name}: ${wide} pixels wide`);
      for (const fault of await violations(page)) faults.push(`${name}: ${fault}`);
    }
    expect([...new Set(faults)]).toEqual([]);
    expect(errors).toEqual([]);
    expect(strangers).toEqual([]);
  });

  it('and the palette, found and gone to without a mouse, with the focus back where it was', async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${system.ready.dashboardUrl}/orders`);
    await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
    const bar = page.getByRole('button', { name: 'Go to or do anything' });
    await bar.focus();
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Go to or do' });
    await palette.getByRole('combobox').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'detached' });
    await expect.poll(() => bar.evaluate((one) => one === document.activeElement), patience).toBe(true);
    await page.keyboard.press('Control+k');
    await palette.getByRole('combobox').waitFor();
    await page.keyboard.type('alarms');
    await palette.getByRole('option', { name: /^Alarms/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Alarms' }).waitFor();
    await page.keyboard.press('Control+k');
    await palette.getByRole('combobox').waitFor();
    await page.keyboard.type('stop entries');
    await palette.getByRole('option', { name: /^Stop entries/ }).waitFor();
    await page.keyboard.press('Enter');
    const sheet = page.getByRole('dialog', { name: 'Stop entries' });
    await sheet.waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });
});

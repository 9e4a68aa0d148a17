// Without a mouse, in a real browser: somebody signs in, finds what is held, sells half of it, closes the rest and reads what came of it. Every step
// is a key, and wherever the focus is can be seen.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Me, Position } from '../contract/index.ts';
import { askOnPage } from '../testing/authenticator.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const patience = { timeout: 60_000 };
const password = 'tulip gravel nine moth';

describe.skipIf(launched.browser === null)('with the keyboard alone', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  let errors: string[];
  let email: string | null;

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    ({ page, errors } = await signedInPage(browser, system, patience.timeout));
    const ask = askOnPage(page);
    ({ email } = await ask<Me>('GET', '/me'));
    await ask('PUT', '/me/password', { password });
    await page.context().clearCookies();
    await system.post('{"signal":"BUY","ticker":"KO","mode":"Paper","quantity":20}');
  }, 240_000);
  afterAll(() => closeAll(browser, system, dataDir), 60_000);

  const held = async (): Promise<string[]> =>
    (await system.api<{ items: Position[] }>('/positions')).items.map((one) => `${one.quantity} ${one.symbol}`);
  const press = (key: string) => page.keyboard.press(key);
  const focused = () =>
    page.evaluate(() => {
      const one = document.activeElement as HTMLElement | null;
      const name =
        one?.getAttribute('aria-label') ??
        (one as HTMLInputElement | null)?.labels?.[0]?.textContent ??
        one?.textContent;
      return (name ?? '').trim().replaceAll(/\s+/g, ' ');
    });
  /** Whether somebody who looks can tell where the focus is. */
  const isSeen = () =>
    page.evaluate(() => {
      const one = document.activeElement as HTMLElement;
      // A field within a frame has the frame marked.
      return [one, one.closest('label')].some((marked) => {
        if (marked === null) return false;
        const { outlineStyle, outlineWidth } = getComputedStyle(marked);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
      });
    });
  /** Goes on by Tab until the focus is on what has such a name. */
  async function tabTo(name: string | RegExp): Promise<void> {
    const wanted = (found: string): boolean => (typeof name === 'string' ? found === name : name.test(found));
    const passed: string[] = [];
    for (let step = 0; step < 60; step++) {
      await press('Tab');
      const found = await focused();
      expect(await isSeen(), `the focus on “${found}” can be seen`).toBe(true);
      if (wanted(found)) return;
      passed.push(found);
    }
    throw new Error(`${name} was not reached by Tab, past ${passed.join(', ')}`);
  }

  it('signs in', async () => {
    await page.goto(`${system.ready.dashboardUrl}/sign-in`);
    await page.getByRole('heading', { name: 'Sign in to Signalbox' }).waitFor();
    await tabTo('E-mail address');
    await page.keyboard.type(email!);
    await tabTo('Password');
    await page.keyboard.type(password);
    await press('Enter');
    await page.getByRole('region', { name: 'How the account stands' }).waitFor();
  });

  it('skips what is the same on every page', async () => {
    await page.goto(system.ready.dashboardUrl);
    await page.getByRole('region', { name: 'How the account stands' }).waitFor();
    await press('Tab');
    expect(await focused()).toBe('Skip to the page');
    await press('Enter');
    await press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
  });

  it('finds a position and reads it', async () => {
    await expect.poll(held, patience).toEqual(['20 KO']);
    await press('g');
    await press('p');
    await page.getByRole('heading', { name: 'Positions', level: 1 }).waitFor();
    // The page that was just gone to has the focus for itself at first.
    await expect
      .poll(async () => {
        if ((await focused()) !== 'Search positions') await press('/');
        return focused();
      }, patience)
      .toBe('Search positions');
    await page.keyboard.type('KO');
    await page.waitForURL(/q=KO/);
    await page.getByRole('region', { name: 'Positions' }).getByText('KO').first().waitFor();
    await tabTo(/^KO/);
    await press('Enter');
    await page.getByRole('complementary', { name: 'Detail' }).waitFor();
  });

  it('sells half of it, and closes the rest', { timeout: 180_000 }, async () => {
    await page.goto(`${system.ready.dashboardUrl}/positions`);
    await page.getByRole('region', { name: 'Positions' }).getByText('KO').first().waitFor();
    await tabTo('Close');
    await press('Enter');
    const sheet = page.getByRole('dialog');
    await sheet.getByText(/^Sells 20 KO/).waitFor();
    await tabTo('50 %');
    await press('Space');
    await sheet.getByText(/^Sells 10 KO/).waitFor();
    await tabTo('Close 10 KO at market');
    await press('Enter');
    await sheet.waitFor({ state: 'detached' });
    await expect.poll(held, patience).toEqual(['10 KO']);
    // The focus is back on what opened it.
    await expect.poll(focused, patience).toBe('Close');
    await press('Enter');
    await sheet.getByText(/^Sells 10 KO/).waitFor();
    await press('Escape');
    await sheet.waitFor({ state: 'detached' });
    expect(await held()).toEqual(['10 KO']);
    await expect.poll(focused, patience).toBe('Close');
    await press('Enter');
    await tabTo('Close 10 KO at market');
    await press('Enter');
    await expect.poll(held, patience).toEqual([]);
    await page.getByText('Nothing is held').first().waitFor();
  });

  it('reads what came of it, by the palette', async () => {
    await press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Go to or do' });
    await palette.getByRole('combobox').waitFor();
    await page.keyboard.type('orders');
    await palette.getByRole('option', { name: /^Orders/ }).waitFor();
    await press('Enter');
    await page.getByRole('heading', { name: 'Orders', level: 1 }).waitFor();
    await page.getByRole('region', { name: 'Orders' }).getByText('Filled').first().waitFor();
    expect(errors).toEqual([]);
  });
});

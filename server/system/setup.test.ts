// The set-up on a fresh installation, in a real browser on the whole system: it comes by itself after the first sign-in, each step knows by
// the facts whether it is done, and a first alert is followed until it is filled and protected.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../testing/axe.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll } from '../testing/dashboard-page.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const patience = { timeout: 60_000 };

describe('the set-up', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir, { EXCHANGE_PACE: '5' });
    page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    page.setDefaultTimeout(patience.timeout);
    page.on('pageerror', (error) => errors.push(error.message));
  }, 240_000);
  afterAll(() => closeAll(browser, system, dataDir), 60_000);

  const need = (context: { skip(note: string): never }): void => {
    if (launched.browser === null) context.skip(launched.reason);
  };
  const steps = () => page.getByRole('navigation', { name: 'Steps' });
  const done = (count: number) => page.getByText(new RegExp(`^${count} of \\d+ done$`)).waitFor();
  const next = async (title: string): Promise<void> => {
    await page.getByRole('link', { name: `Next: ${title}` }).click();
    await page.getByRole('heading', { level: 2, name: title }).waitFor();
  };

  it('comes by itself after the first sign-in, and says who can reach the address', async (context) => {
    need(context);
    await page.goto(/Sign in\s+(\S+)/.exec(system.output())![1]!);
    await page.getByRole('heading', { level: 1, name: 'Set-up' }).waitFor();
    await page.getByText(system.ready.webhookUrl).waitFor();
    await page.getByText('It is an address of this machine alone: TradingView cannot reach it yet.').waitFor();
    await done(0);
    expect(await violations(page)).toEqual([]);
  }, 120_000);

  it('has a text for the alert that the webhook takes, and sees it come in', async (context) => {
    need(context);
    await next('An alert in TradingView');
    await page.getByText('No alert has come in through the webhook yet.').waitFor();
    await page.getByLabel('Strategy', { exact: true }).selectOption('Another one…');
    await page.getByLabel('Its name').fill('momentum');
    await page.getByLabel('Lost at the stop, USD').fill('50');
    const text = page.locator('pre').filter({ hasText: '"signal":"BUY"' }).first();
    await text.getByText('"strategy":"momentum"').waitFor();
    const message = (await text.innerText())
      .replaceAll('{{ticker}}', 'KO')
      .replaceAll('{{timenow}}', new Date().toISOString());
    expect(JSON.parse(message)).toMatchObject({ risk: 50, mode: 'Paper', strategy: 'momentum' });
    expect((await system.post(message)).status).toBe(202);
    await page.getByText('An alert came in through the webhook').waitFor();
    await steps()
      .getByRole('link', { name: /^An alert in TradingView ?: done$/ })
      .waitFor();
    expect(await violations(page)).toEqual([]);
  }, 120_000);

  it('sends a first alert and follows it until it is filled and protected', async (context) => {
    need(context);
    await next('A first test alert');
    await page.getByRole('button', { name: 'Send the test alert' }).click();
    const way = page.getByRole('list', { name: 'The way of the test alert' });
    await way.getByText('The alert was taken in and stored.').waitFor();
    await way.getByText(/Every rule allows it: \d+ AAPL\./).waitFor();
    await way.getByText(/Filled: \d+ at [\d.,]+ USD\./).waitFor();
    await way.getByText(/Protected: its stop works at [\d.,]+ USD\./).waitFor();
    await done(2);
    expect(await violations(page)).toEqual([]);
    // What is refused is said with the words of its rule.
    await page.getByLabel('Buy').fill('NOSUCH');
    await page.getByRole('button', { name: 'Send another' }).click();
    await way.getByText(/NOSUCH/).waitFor();
  }, 120_000);

  it('checks keys with the broker before anything is kept', async (context) => {
    need(context);
    const { exchange } = system.ready as unknown as { exchange: { url: string; adminKey: string } };
    const opened = await fetch(`${exchange.url}/admin/accounts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${exchange.adminKey}` },
      body: JSON.stringify({ cash: 50_000 }),
    });
    const keys = (await opened.json()) as { keyId: string; secretKey: string };
    // No test reaches Alpaca: the embedded exchange, which speaks as it does, is asked in its place.
    await page.route(/\/api\/v1\/accounts(\/test)?$/, (route) => {
      const body = route.request().postDataJSON() as object | null;
      return body === null
        ? route.continue()
        : route.continue({ postData: JSON.stringify({ ...body, venue: 'embedded' }) });
    });
    await next('Alpaca');
    const form = page.getByRole('form', { name: 'Alpaca keys' });
    await form.getByLabel('Key').fill(keys.keyId);
    await form.getByLabel('Secret').fill('wrong');
    await form.getByRole('button', { name: 'Check the keys' }).click();
    await form.getByText('The broker does not know these keys, or not at this venue. Nothing was stored.').waitFor();
    await form.getByLabel('Secret').fill(keys.secretKey);
    await form.getByRole('button', { name: 'Check the keys' }).click();
    await expect
      .poll(() => form.getByText('Nothing is kept yet').innerText(), patience)
      .toMatch(/worth\s+50,000\.00\s+USD, with\s+[\d.,]+\s+USD of buying power/);
    await form.getByRole('button', { name: 'Add alpaca paper' }).click();
    await page.getByText('alpaca paper is added, and is being compared with its broker.').waitFor();
    expect(await form.getByLabel('Secret').inputValue()).toBe('');
    expect(await violations(page)).toEqual([]);
  }, 120_000);

  it('fits a phone, and is found again in the settings', async (context) => {
    need(context);
    await page.setViewportSize({ width: 390, height: 844 });
    for (const title of ['The address', 'An alert in TradingView', 'A first test alert', 'Alpaca', 'A second factor']) {
      await steps().getByRole('link', { name: title }).click();
      await page.getByRole('heading', { level: 2, name: title }).waitFor();
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(over, title).toBeLessThanOrEqual(0);
    }
    await page.getByRole('link', { name: 'Later' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor({ state: 'attached' });
    await page.goto(`${system.ready.dashboardUrl}/settings`);
    await page.getByRole('link', { name: 'set-up' }).click();
    await page.getByRole('heading', { level: 1, name: 'Set-up' }).waitFor();
    expect(errors).toEqual([]);
  }, 120_000);
});

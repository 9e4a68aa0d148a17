// The dashboard in a real browser, on the whole system: signing in, a test alert arriving live, the mode switch, the kill switch; and no
// page ever asks another host for anything.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askOnPage, enrolSecondFactor } from '../testing/authenticator.ts';
import { launchBrowser } from '../testing/browser.ts';
import { newDataDir, removeDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();

describe('the dashboard', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  const strangers: string[] = [];
  const errors: string[] = [];

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (/^(https?|wss?):$/.test(url.protocol) && url.origin !== system.ready.dashboardUrl)
        strangers.push(request.url());
    });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await system?.stop();
    if (dataDir) await removeDataDir(dataDir);
  }, 30_000);

  const need = (context: { skip(note: string): never }): void => {
    if (launched.browser === null) context.skip(launched.reason);
  };

  it('asks a stranger to sign in', async (context) => {
    need(context);
    await page.goto(`${system.ready.dashboardUrl}/orders`);
    await page.getByRole('heading', { name: 'Sign in to Signalbox' }).waitFor();
  });

  it('signs in by the printed link, once', async (context) => {
    need(context);
    const link = /Sign in\s+(\S+)/.exec(system.output())![1]!;
    await page.goto(link);
    // Where nothing is set up yet, what there is to set up comes first, and can be put off.
    await page.getByRole('heading', { level: 1, name: 'Set-up' }).waitFor();
    await page.getByRole('link', { name: 'Later' }).click();
    await page.getByRole('region', { name: 'Send a first alert' }).waitFor();
    expect(await page.title()).toContain('PAPER');
    await page.goto(link);
    expect(page.url()).toContain('/sign-in?error=');
    await page.goto(system.ready.dashboardUrl);
  });

  it('shows a test alert live, from the form to the fill, and its receipt', async (context) => {
    need(context);
    const form = page.getByRole('form', { name: 'Send a test alert' });
    await form.getByLabel('Ticker').fill('AAPL');
    await form.getByLabel('Risk, USD').fill('100');
    await form.getByRole('button', { name: 'Send the alert' }).click();
    const feed = page.getByRole('list', { name: 'Live signals' });
    await feed.getByText('Filled').waitFor();
    expect(await feed.innerText()).toContain('AAPL');
    await page.getByRole('region', { name: 'Positions' }).first().getByText('AAPL').waitFor();
    await form.getByRole('link', { name: 'Its receipt' }).click();
    await page.getByRole('heading', { name: /^Buy \d+ AAPL$/ }).waitFor();
    expect(await page.getByRole('list', { name: 'Rules' }).getByRole('listitem').count()).toBeGreaterThanOrEqual(12);
  });

  it('says what is wrong with an alert, at its field', async (context) => {
    need(context);
    await page.goto(`${system.ready.dashboardUrl}/test`);
    const form = page.getByRole('form', { name: 'Send a test alert' });
    await form.getByLabel('Risk, USD').fill('-5');
    await form.getByRole('button', { name: 'Send the alert' }).click();
    await form.getByRole('alert').waitFor();
    expect(await form.getByLabel('Risk, USD').getAttribute('aria-invalid')).toBe('true');
  });

  it('searches everything from the keyboard, as one types', async (context) => {
    need(context);
    await page.goto(`${system.ready.dashboardUrl}/orders`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await page.getByRole('searchbox', { name: 'Search signals and events' }).waitFor();
    await page.keyboard.type('aapl filled');
    const found = page.getByRole('list', { name: 'Events found' });
    await found.getByText('Order filled, AAPL').waitFor();
    expect(await found.locator('mark').first().innerText()).toMatch(/^(AAPL|filled)$/);
    await page.getByText(/Answered by PostgreSQL in/).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('aapl filled');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Buy \d+ AAPL$/ }).waitFor();
    await page.goBack();
    await found.getByText('Order filled, AAPL').waitFor();
  });

  it('turns to production only when the words are typed, and back', async (context) => {
    need(context);
    await page.goto(system.ready.dashboardUrl);
    await enrolSecondFactor(askOnPage(page));
    await page.getByRole('button', { name: 'Mode: paper. Change it' }).click();
    const turn = page.getByRole('button', { name: 'Switch to production' });
    expect(await turn.isDisabled()).toBe(true);
    await page.getByLabel('Type “trade real money” to confirm').fill('trade real money');
    await turn.click();
    await page.getByRole('button', { name: 'Mode: production. Change it' }).waitFor();
    expect(await page.title()).toContain('LIVE');
    expect((await system.api<{ mode: string }>('/mode')).mode).toBe('production');
    await page.getByRole('button', { name: 'Mode: production. Change it' }).click();
    await page.getByRole('button', { name: 'Switch to paper' }).click();
    await page.getByRole('button', { name: 'Mode: paper. Change it' }).waitFor();
  });

  it('stops entries with a reason, shows what was denied, and takes entries again', async (context) => {
    need(context);
    await page.getByRole('button', { name: 'Kill switch. Stop entries' }).click();
    const stop = page.getByRole('button', { name: 'Stop entries', exact: true });
    expect(await stop.isDisabled()).toBe(true);
    await page.getByLabel('Reason').fill('news');
    await stop.click();
    await page.getByRole('button', { name: 'Kill switch is on. Release it' }).waitFor();
    await system.post('{"signal":"BUY","ticker":"MSFT","mode":"Paper","risk":100}');
    await page.getByRole('list', { name: 'Live signals' }).getByText('the kill switch is on (news)').waitFor();
    await page.getByRole('button', { name: 'Kill switch is on. Release it' }).click();
    await page.getByLabel('Reason').fill('it is over');
    await page.getByRole('button', { name: 'Take entries again' }).click();
    await page.getByRole('button', { name: 'Kill switch. Stop entries' }).waitFor();
  });

  it('stops one symbol, shows which on every page, and keeps what was stopped in the settings', async (context) => {
    need(context);
    await page.getByRole('button', { name: 'Kill switch. Stop entries' }).click();
    await page.getByLabel('Stop', { exact: true }).selectOption('One symbol');
    await page.getByLabel('Reason').fill('halted');
    const stop = page.getByRole('button', { name: 'Stop entries', exact: true });
    expect(await stop.isDisabled()).toBe(true);
    await page.getByLabel('Symbol').fill('msft');
    await stop.click();
    const control = page.getByRole('button', { name: 'Kill switch is on for MSFT. Release it' });
    await control.waitFor();
    expect(await control.innerText()).toBe('Stopped: MSFT');
    await system.post('{"signal":"BUY","ticker":"MSFT","mode":"Paper","risk":101}');
    await page
      .getByRole('list', { name: 'Live signals' })
      .getByText('the kill switch for MSFT is on (halted)')
      .waitFor();
    await page.goto(`${system.ready.dashboardUrl}/settings`);
    const history = page.getByRole('list', { name: 'Kill switches, the newest first' });
    await history
      .getByText(/Stopped in \d+ ms, no entry was resting/)
      .first()
      .waitFor();
    await history.getByText('it is over').waitFor();
    await control.click();
    await page.getByLabel('Reason').fill('resumed');
    await page.getByRole('button', { name: 'Take entries again' }).click();
    await history.getByText('resumed').waitFor();
    await page.getByRole('button', { name: 'Kill switch. Stop entries' }).waitFor();
    await page.goto(system.ready.dashboardUrl);
  });

  it('opens every page without an error, on a desk and on a phone', async (context) => {
    need(context);
    for (const path of [
      '/',
      '/signals',
      '/orders',
      '/positions',
      '/search',
      '/decisions',
      '/accounts',
      '/events',
      '/settings',
      '/test',
      '/docs',
    ]) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto(`${system.ready.dashboardUrl}${path}`);
      if (path === '/docs') await page.getByText('/api/v1/signals').first().waitFor();
      else await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' });
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(390);
    }
    expect(errors).toEqual([]);
    expect(strangers).toEqual([]);
  });
});

// The page of a strategy in a real browser on the whole system: a change is said before it is set and kept with who made it, production asks
// for evidence and takes one press to leave, and its own switch stops it.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, EvidenceJson, Receipt, Strategy } from '../contract/index.ts';
import { violations } from '../testing/axe.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { askerOf, newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const patience = { timeout: 60_000 };

describe('strategies', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir, { EXCHANGE_PACE: '5' });
    ({ page, errors } = await signedInPage(browser, system, 60_000));
  }, 240_000);
  afterAll(() => closeAll(browser, system, dataDir), 60_000);

  const need = (context: { skip(note: string): never }): void => {
    if (launched.browser === null) context.skip(launched.reason);
  };
  const open = (path: string) => page.goto(`${system.ready.dashboardUrl}${path}`);
  const ask = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    askerOf(system)(method, path, body) as Promise<T>;
  const strategy = async (key: string) =>
    (await system.api<{ items: Strategy[] }>('/strategies')).items.find((one) => one.key === key);
  async function alert(fields: Record<string, unknown>): Promise<string> {
    const { status, body } = await system.post(JSON.stringify({ mode: 'Paper', strategy: 'swing', ...fields }));
    expect(status).toBe(202);
    return String(body.id);
  }
  const receipt = (id: string) => system.api<Receipt>(`/signals/${id}/receipt`);
  const history = () => page.getByRole('list', { name: 'History, the newest first' });

  it('lists those with settings and those that alerts alone name, and has no fault that a program sees', async (context) => {
    need(context);
    await ask('PUT', '/strategies/swing', { settings: { stopDistance: '0.1', takeProfitRiskMultiple: null } });
    const id = await alert({ signal: 'BUY', ticker: 'KO', quantity: 5, strategy: 'only named' });
    await expect.poll(async () => (await receipt(id)).order?.status ?? null, patience).toBe('filled');
    await open('/strategies');
    const table = page.getByRole('region', { name: 'Strategies', exact: true });
    for (const key of ['default', 'manual', 'swing', 'only named'])
      await table.getByRole('link', { name: key }).waitFor();
    const named = table.getByRole('row').filter({ hasText: 'only named' });
    await named.getByText('as default').waitFor();
    await named.getByRole('cell', { name: '1', exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
  }, 120_000);

  it('says what a change will do before it is set, and keeps who made it', async (context) => {
    need(context);
    await page.getByRole('link', { name: 'swing' }).click();
    const form = page.getByRole('form', { name: 'Strategy swing' });
    await form.getByLabel('Stop, fraction of the entry').fill('0.05');
    await form.getByLabel('Most shares').fill('50');
    const change = form.getByRole('list', { name: 'What will change' });
    await expect
      .poll(() => change.getByRole('listitem').allInnerTexts(), patience)
      .toEqual(['Stop, part of the entry: 5 % instead of 10 %', 'Most shares of an entry: 50 instead of any number']);
    await form.getByRole('button', { name: 'Set swing' }).click();
    await change.waitFor({ state: 'detached' });
    expect((await strategy('swing'))?.settings).toMatchObject({ stopDistance: '0.05', bounds: { maxQuantity: '50' } });
    await history().getByText('10 % → 5 %').waitFor();
    await form.getByLabel('Most shares').fill('60');
    await form.getByRole('button', { name: 'Leave it as it is' }).click();
    expect(await form.getByLabel('Most shares').inputValue()).toBe('50');
    expect(await violations(page)).toEqual([]);
  }, 120_000);

  it('shows a limit of its own in place of the one for everything, and who set it', async (context) => {
    need(context);
    const { items } = await system.api<{
      items: { key: string; limits: { version: number; scope: { kind: string } }[] }[];
    }>('/risk/rules');
    expect(items.some((one) => one.key === 'max-order-value')).toBe(true);
    await ask('PUT', '/risk/limits', {
      rule: 'max-order-value',
      scope: { kind: 'strategy', name: 'swing' },
      parameters: { maxValue: '12345' },
      version: 0,
      reason: 'Small at first',
    });
    const own = page.getByRole('list', { name: 'Limits of its own and of its accounts' });
    await own.getByText('12,345.00 USD').waitFor();
    await own.getByText('For the strategy swing').waitFor();
    await own.getByText('Small at first').waitFor();
  }, 120_000);

  it('lets it trade real money on its evidence, and goes back to paper in one press', async (context) => {
    need(context);
    await ask('PATCH', '/settings', { promotion: { minDays: 1, minTrades: 1, maxSlippageBps: '10000' } });
    const bought = await alert({ signal: 'BUY', ticker: 'AAPL', quantity: 5 });
    await expect.poll(async () => (await receipt(bought)).order?.status ?? null, patience).toBe('filled');
    const sold = await alert({ signal: 'EXIT', ticker: 'AAPL' });
    await expect.poll(async () => (await receipt(sold)).order?.status ?? null, patience).toBe('filled');
    await expect
      .poll(async () => (await system.api<EvidenceJson>('/strategies/swing/evidence')).met, patience)
      .toBe(true);
    await ask<Account>('POST', '/accounts', { name: 'live', venue: 'embedded', mode: 'production', cash: 5000 });

    await page.reload();
    await page.getByText('All that is asked has been shown.').waitFor();
    await page.getByRole('button', { name: 'Promote to production…' }).click();
    const sheet = page.getByRole('dialog', { name: 'Let swing trade real money' });
    await sheet.getByText('its orders go to live, which holds 5,000.00 USD').waitFor();
    expect(await sheet.getByText('Not met:').count()).toBe(0);
    const promote = sheet.getByRole('button', { name: 'Trade real money with swing' });
    expect(await promote.isDisabled()).toBe(true);
    await sheet.getByLabel('Type swing to confirm').fill('swing');
    // In place of a person's second factor, which is tried where it is made: a token that has leave.
    await page.route('**/strategies/swing/promote', (route) =>
      route.continue({ headers: { ...route.request().headers(), authorization: `Bearer ${system.ready.apiToken}` } }),
    );
    await promote.click();
    await sheet.waitFor({ state: 'detached' });
    await page.getByText('It trades real money since').waitFor();
    expect((await strategy('swing'))?.mode).toBe('production');
    await history().getByText('Promoted to production').waitFor();

    await page.getByRole('button', { name: 'Back to paper' }).click();
    await expect.poll(async () => (await strategy('swing'))?.mode, patience).toBe('paper');
    await page.getByRole('button', { name: 'Promote to production…' }).waitFor();
    await history().getByText('Live → Paper').waitFor();
  }, 180_000);

  it('is stopped by its own switch, with what that does in numbers, and taken again with a reason', async (context) => {
    need(context);
    await page.getByRole('button', { name: 'Stop swing…' }).click();
    const sheet = page.getByRole('dialog', { name: 'Stop the entries of swing' });
    await sheet.getByText('0 resting entries will be cancelled').waitFor();
    const stop = sheet.getByRole('button', { name: 'Stop swing', exact: true });
    expect(await stop.isDisabled()).toBe(true);
    await sheet.getByLabel('Reason').fill('It buys the top');
    await stop.click();
    await sheet.waitFor({ state: 'detached' });
    const denied = await alert({ signal: 'BUY', ticker: 'MSFT', quantity: 1 });
    await expect.poll(async () => (await receipt(denied)).signal.status, patience).toBe('denied');
    expect((await receipt(denied)).signal.code).toBe('RISK_KILL_SWITCH');
    // Others trade on.
    const other = await alert({ signal: 'BUY', ticker: 'MSFT', quantity: 1, strategy: 'another' });
    await expect.poll(async () => (await receipt(other)).signal.status, patience).toBe('approved');
    await page.getByRole('main').getByRole('button', { name: 'Stopped', exact: true }).click();
    const lifting = page.getByRole('dialog', { name: 'swing is stopped' });
    await lifting.getByText('It buys the top').waitFor();
    await lifting.getByLabel('Reason').fill('It was the market');
    await lifting.getByRole('button', { name: 'Take entries of swing again' }).click();
    await lifting.waitFor({ state: 'detached' });
    await history().getByText('It was the market').waitFor();
    const taken = await alert({ signal: 'BUY', ticker: 'KO', quantity: 1 });
    await expect.poll(async () => (await receipt(taken)).signal.status, patience).toBe('approved');
  }, 180_000);

  it('fits a phone', async (context) => {
    need(context);
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/strategies', '/strategies/swing', '/strategies/only%20named']) {
      await open(path);
      await page
        .getByRole('list', { name: /^Last alerts of|never/ })
        .or(page.getByRole('region', { name: 'Strategies' }))
        .first()
        .waitFor();
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(over, path).toBeLessThanOrEqual(0);
    }
    expect(errors).toEqual([]);
  }, 120_000);
});

// On the whole system: an entry that waits for a person, in a real browser. It is told on every page, counted down, answered with its
// consequence in numbers, and what was approved is traded; what was refused is not, and says why. An exit waits for nobody.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlarmJson, ApprovalJson, Receipt } from '../contract/index.ts';
import { violations } from '../testing/axe.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { askerOf, newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const patience = { timeout: 30_000 };

describe.skipIf(launched.browser === null)('the page of approvals', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    await askerOf(system)('PUT', '/strategies/asks', { settings: { approval: { when: 'always', notional: null } } });
    ({ page, errors } = await signedInPage(browser, system));
    await page
      .getByRole('link', { name: /^Approvals/ })
      .first()
      .click();
    await page.getByText('Nothing waits for a person.').waitFor();
  }, 180_000);
  afterAll(() => closeAll(browser, system, dataDir), 30_000);

  const send = async (ticker: string, signal = 'BUY'): Promise<string> => {
    const alert = { signal, ticker, mode: 'Paper', risk: 100, strategy: 'asks' };
    return String((await system.post(JSON.stringify(alert))).body.id);
  };
  const receipt = (id: string) => system.api<Receipt>(`/signals/${id}/receipt`);
  const statusOf = async (id: string) => (await receipt(id)).signal.status;
  const alarms = async () =>
    (await system.api<{ items: AlarmJson[] }>('/alarms?state=open')).items.filter(
      (one) => one.kind === 'approval.open',
    );
  const card = (ticker: string) => page.getByRole('article', { name: new RegExp(`${ticker} of asks`) });

  it('shows an entry as it comes to wait, on every page, with the time there is', async () => {
    const id = await send('AAPL');
    await card('AAPL')
      .getByRole('button', { name: /^Approve Buy \d+ AAPL$/ })
      .waitFor();
    expect(await statusOf(id)).toBe('waiting');
    await card('AAPL').getByText('Every entry of asks does.').waitFor();
    expect(await card('AAPL').getByRole('timer').innerText()).toMatch(/^[45]:\d\d$/);
    await page.getByRole('banner').getByRole('link', { name: '1 waiting for you' }).waitFor();
    await expect.poll(async () => (await alarms()).length, patience).toBe(1);

    await card('AAPL')
      .getByRole('button', { name: /^Approve/ })
      .click();
    await expect.poll(() => statusOf(id), patience).toBe('approved');
    await card('AAPL').waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /AAPL/ }).getByText('Approved').waitFor();
    await expect.poll(async () => (await receipt(id)).executions.length, patience).toBeGreaterThan(0);
    const { approvals } = await receipt(id);
    expect(approvals).toMatchObject([{ state: 'approved', outcome: 'approved', votes: [{ name: 'Administrator' }] }]);
    await expect.poll(async () => (await alarms()).length, patience).toBe(0);
  });

  it('takes a no with its reason, which the receipt has', async () => {
    const id = await send('MSFT');
    await card('MSFT').getByRole('button', { name: 'Reject…' }).click();
    const dialog = page.getByRole('dialog');
    const reject = dialog.getByRole('button', { name: /^Reject Buy \d+ MSFT$/ });
    expect(await reject.isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('Earnings are tonight');
    await reject.click();
    await expect.poll(() => statusOf(id), patience).toBe('denied');
    expect((await receipt(id)).signal).toMatchObject({
      ...{ code: 'RISK_APPROVAL_REFUSED', sentence: 'Not sent: Administrator said no: Earnings are tonight.' },
    });
    await page.goto(`${system.ready.dashboardUrl}/signals/${id}`);
    await page.getByRole('region', { name: 'Approval: rejected' }).getByText('said no: Earnings are tonight').waitFor();
    await page.goto(`${system.ready.dashboardUrl}/approvals`);
  });

  it('ends by itself when its time is over, and exits never come here', async () => {
    await askerOf(system)('PATCH', '/settings', { approvals: { expirySeconds: 10 } });
    const id = await send('KO');
    await card('KO').getByRole('timer').waitFor();
    const exit = await send('AAPL', 'EXIT');
    await expect.poll(() => statusOf(exit), patience).toBe('approved');
    await expect.poll(() => statusOf(id), patience).toBe('denied');
    expect((await receipt(id)).signal.sentence).toBe('Not sent: nobody answered within 10 s.');
    const { items } = await system.api<{ items: ApprovalJson[] }>('/approvals');
    expect(items.map((one) => one.symbol).sort()).toEqual(['AAPL', 'KO', 'MSFT']);
  });

  it('has its answer in the thumb’s reach on a phone', async () => {
    await askerOf(system)('PATCH', '/settings', { approvals: { expirySeconds: 300 } });
    const id = await send('NVDA');
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await context.addCookies(await page.context().cookies());
    const phone = await context.newPage();
    phone.setDefaultTimeout(patience.timeout);
    phone.on('pageerror', (error) => errors.push(error.message));
    await phone.goto(`${system.ready.dashboardUrl}/approvals`);
    const entry = phone.getByRole('article', { name: /NVDA of asks/ });
    const approve = entry.getByRole('button', { name: /^Approve Buy \d+ NVDA$/ });
    for (const button of [approve, entry.getByRole('button', { name: 'Reject…' })]) {
      const place = (await button.boundingBox())!;
      expect(place.height).toBeGreaterThanOrEqual(44);
      expect(place.y).toBeGreaterThan(844 / 2);
      // Above the pages at the foot.
      expect(place.y + place.height).toBeLessThanOrEqual(844 - 56);
    }
    expect(await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    expect(await violations(phone)).toEqual([]);
    await approve.tap();
    await expect.poll(() => statusOf(id), patience).toBe('approved');
    await context.close();
  });

  it('logs no error', () => {
    expect(errors).toEqual([]);
  });
});

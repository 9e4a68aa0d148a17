// On the whole system: the limits in a real browser. Set for everything and for some, refused in the server's words at the field, never put
// over what somebody else set meanwhile without a look at it, taken away with a reason, told by version; and what is set, holds.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, Receipt, RiskLimitJson, RiskRuleJson } from '../contract/index.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { askerOf, newDataDir, type System, startSystem } from '../testing/system.ts';
import { setLimit } from '../testing/wide-limits.ts';

const launched = await launchBrowser();
const patience = { timeout: 20_000 };

describe.skipIf(launched.browser === null)('the page of limits', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  let account: Account;
  let errors: string[];

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    [account] = (await system.api<{ items: Account[] }>('/accounts')).items as [Account];
    ({ page, errors } = await signedInPage(browser, system, 20_000));
    await page.getByRole('link', { name: 'Risk' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Risk' }).waitFor();
  }, 180_000);
  afterAll(() => closeAll(browser, system, dataDir), 30_000);

  const limits = async (key: string): Promise<RiskLimitJson[]> => {
    const { items } = await system.api<{ items: RiskRuleJson[] }>('/risk/rules');
    return items.find((one) => one.key === key)!.limits;
  };
  const rule = (name: string) => page.getByRole('article', { name, exact: true });
  const dialog = () => page.getByRole('dialog');
  const codeOf = async (body: object): Promise<string | null> => {
    const { body: taken } = await system.post(JSON.stringify(body));
    let code: string | null = null;
    await expect
      .poll(async () => {
        const { signal } = await system.api<Receipt>(`/signals/${taken.id}/receipt`);
        code = signal.code;
        return ['approved', 'denied'].includes(signal.status);
      }, patience)
      .toBe(true);
    return code;
  };

  it('has every rule, by what it is about, with its values and their units', async () => {
    const { items } = await system.api<{ items: RiskRuleJson[] }>('/risk/rules');
    await expect.poll(() => page.getByRole('article').count(), patience).toBe(items.length);
    expect(await page.getByRole('region', { name: 'Others' }).count()).toBe(0);
    const position = page.getByRole('region', { name: 'Portfolio' }).getByRole('article', { name: 'One position' });
    expect(await position.innerText()).toMatch(/On, refuses[\s\S]*20 %/);
    expect(await rule('Age of the alert').innerText()).toMatch(/Always on[\s\S]*5 min/);
    expect(await rule('Kill switches').innerText()).toContain('There is nothing to set.');
    expect(await rule('Value of one order').innerText()).toMatch(/Off[\s\S]*25,000\.00 USD/);
  });

  it('sets a share that was typed in percent, after a word at its field on one that cannot be', async () => {
    await rule('One position').getByRole('button', { name: 'Change One position for everything' }).click();
    const share = dialog().getByLabel('Largest share of equity in one position, %');
    const set = dialog().getByRole('button', { name: 'Set it for everything' });
    expect(await share.inputValue()).toBe('20');
    await share.fill('9999');
    expect(await set.isDisabled()).toBe(true);
    await dialog().getByLabel('Reason').fill('a wider week');
    await set.click();
    await dialog().getByRole('alert').getByText('Nothing was changed').waitFor();
    expect(await share.getAttribute('aria-invalid')).toBe('true');
    await dialog().getByText('expected 0 to 2000 %').waitFor();
    await share.fill('12.5');
    await set.click();
    await dialog().waitFor({ state: 'detached' });
    await rule('One position').getByText('12.5 %').waitFor();
    expect(await limits('max-position')).toMatchObject([
      { version: 1, reason: 'a wider week', parameters: { maxShareOfEquity: '0.125' } },
    ]);
  });

  it('shows what somebody else set meanwhile, and is set over it only after that', async () => {
    await rule('One position').getByRole('button', { name: 'Change One position for everything' }).click();
    await setLimit(askerOf(system), 'max-position', { maxShareOfEquity: '0.3' });
    await dialog().getByLabel('Largest share of equity in one position, %').fill('15');
    await dialog().getByLabel('Reason').fill('a narrower week');
    await dialog().getByRole('button', { name: 'Set it for everything' }).click();
    await dialog().getByRole('status').getByText('Version 2 meanwhile').waitFor();
    await dialog().getByText('Largest share of equity in one position: 12.5 % → 30 %').waitFor();
    expect((await limits('max-position'))[0]).toMatchObject({ version: 2, parameters: { maxShareOfEquity: '0.3' } });
    expect(await dialog().getByLabel('Largest share of equity in one position, %').inputValue()).toBe('15');
    await dialog().getByRole('button', { name: 'Set it over that' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect((await limits('max-position'))[0]).toMatchObject({ version: 3, parameters: { maxShareOfEquity: '0.15' } });
  });

  it('holds the next entry to a limit for one account, and no more once it is taken away', async () => {
    await rule('Value of one order').getByRole('button', { name: 'Add a limit' }).click();
    await dialog().getByLabel('Which').selectOption(account.name);
    await dialog().getByLabel('It is').selectOption('On');
    await dialog()
      .getByLabel(/, USD$/)
      .fill('1,000');
    await dialog().getByLabel('Reason').fill('a small account');
    await dialog()
      .getByRole('button', { name: `Set it for the account ${account.name}` })
      .click();
    await dialog().waitFor({ state: 'detached' });
    await rule('Value of one order').getByText(`For the account ${account.name}`).waitFor();
    const alert = { signal: 'BUY', ticker: 'KO', mode: 'Paper', quantity: 100 };
    expect(await codeOf({ ...alert, id: 'held' })).toBe('RISK_MAX_ORDER_VALUE');

    await page.goto(`${system.ready.dashboardUrl}/accounts/${account.id}`);
    await page.getByText('1,000.00 USD; refuses').waitFor();
    await page.getByRole('listitem').getByRole('link', { name: 'Value of one order' }).click();
    await page
      .locator('#max-order-value')
      .getByRole('button', { name: /^Take away .* for the account/ })
      .click();
    await dialog().getByText('which is off').waitFor();
    await dialog().getByLabel('Reason').fill('it grew');
    await dialog().getByRole('button', { name: 'Take it away' }).click();
    await dialog().waitFor({ state: 'detached' });
    await expect.poll(async () => (await limits('max-order-value')).length, patience).toBe(1);
    expect(await codeOf({ ...alert, id: 'free', strategy: 'other' })).toBe(null);
  });

  it('takes a list of names, exempts a symbol, and tells who changed what, and why', async () => {
    await page
      .locator('#blocked-symbols')
      .getByRole('button', { name: /^Change/ })
      .click();
    await dialog().getByLabel('Symbols', { exact: true }).fill('GME, AMC\nGME');
    await dialog().getByLabel('Reason').fill('too wild');
    await dialog().getByRole('button', { name: 'Set it for everything' }).click();
    await rule('Blocked symbols').getByText('GME, AMC', { exact: true }).waitFor();
    await rule('One position').getByRole('button', { name: 'Add a limit' }).click();
    await dialog().getByLabel('For one').selectOption('Symbol');
    await dialog().getByLabel('Which').fill('nvda');
    await dialog().getByLabel('It is').selectOption('Off: an exemption');
    await dialog().getByLabel('Reason').fill('held for years');
    await dialog().getByRole('button', { name: 'Set it for the symbol NVDA' }).click();
    await dialog().waitFor({ state: 'detached' });
    await rule('One position').getByText('Exempt').waitFor();
    await rule('One position')
      .getByRole('button', { name: /^History/ })
      .click();
    const versions = dialog().getByRole('list', { name: 'Versions' });
    await versions.getByText('“held for years”').waitFor();
    await versions.getByText('Largest share of equity in one position: 30 % → 15 %').waitFor();
    expect(await versions.getByText(/^For everything, version/).count()).toBe(3);
    await page.keyboard.press('Escape');
    await page.getByLabel('Rules shown').selectOption('Those that somebody set');
    await expect.poll(() => page.getByRole('article').count(), patience).toBe(2);
    await page.getByLabel('Rules shown').selectOption({ index: 0 });
  });

  it('shows what is set elsewhere without a reload, and fits a phone', async () => {
    await setLimit(askerOf(system), 'max-open-orders', { maxOrders: 77 });
    await rule('Open orders').getByText('77', { exact: true }).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await rule('One position')
      .getByRole('button', { name: /^Change .* everything/ })
      .click();
    await dialog().getByLabel('Reason').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.keyboard.press('Escape');
    expect(errors).toEqual([]);
  });
});

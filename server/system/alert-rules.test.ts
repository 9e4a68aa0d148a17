// Alert rules in a real browser on the whole system: a person makes one, is told wrong values at their fields, tries it, and it fires with the
// market's price; its alarm is put off and seen, stands in the history, and ends when the rule is switched off.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlarmJson, AlertRuleJson } from '../contract/index.ts';
import { violations } from '../testing/axe.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const patience = { timeout: 60_000 };

describe.skipIf(launched.browser === null)('the page of alarms and their rules', () => {
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
    ({ page, errors } = await signedInPage(browser, system, patience.timeout));
  }, 240_000);
  afterAll(() => closeAll(browser, system, dataDir), 60_000);

  const open = (path: string) => page.goto(`${system.ready.dashboardUrl}${path}`);
  const rules = async () => (await system.api<{ items: AlertRuleJson[] }>('/alert-rules')).items;
  const alarms = async () => (await system.api<{ items: AlarmJson[] }>('/alarms?state=open')).items;
  const ofRule = async () => (await alarms()).filter((one) => one.kind.startsWith('rule.'));
  const tabs = () => page.getByRole('navigation', { name: 'Parts of this page' });
  const detail = () => page.getByRole('complementary', { name: 'Detail' });

  it('says what a rule is where there is none', async () => {
    await open('/alarms');
    await page.getByText('Nothing is wrong.').waitFor();
    await tabs().getByRole('link', { name: 'Rules' }).click();
    await page.getByText('There is no rule yet.').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('is told what is wrong at its field, and tries what is right', async () => {
    await page.getByRole('button', { name: 'Add a rule' }).click();
    const sheet = page.getByRole('dialog', { name: 'Add a rule' });
    await sheet.getByLabel('What it looks at').selectOption('price-above');
    await sheet.getByLabel('Name', { exact: true }).fill('KO is dear');
    await sheet.getByLabel('Symbol').fill('ko');
    await sheet.getByLabel('Price, USD').fill('dear');
    await sheet.getByLabel('Quiet hours').fill('25:00-07:00');
    await sheet.getByRole('button', { name: 'Add the rule' }).click();
    await sheet.getByRole('alert').getByText('Nothing was changed').waitFor();
    expect(await sheet.getByLabel('Quiet hours').getAttribute('aria-invalid')).toBe('true');
    await sheet.getByLabel('Quiet hours').fill('');
    await sheet.getByRole('button', { name: 'Add the rule' }).click();
    await expect.poll(() => sheet.getByLabel('Price, USD').getAttribute('aria-invalid'), patience).toBe('true');
    expect(await rules()).toEqual([]);
    await sheet.getByLabel('Price, USD').fill('0.01');
    await sheet.getByRole('button', { name: 'Try it' }).click();
    const trial = sheet.getByRole('status', { name: 'What it would do' });
    await trial.getByText('It would fire now.').waitFor();
    expect(await trial.innerText()).toMatch(/KO is at [\d.]+, at or above 0.01/);
    expect(await trial.innerText()).toContain('not on record');
    expect(await violations(page)).toEqual([]);
    expect(await rules()).toEqual([]);
    await sheet.getByRole('button', { name: 'Add the rule' }).click();
    await sheet.waitFor({ state: 'detached' });
  });

  it('fires with the market’s price, once', async () => {
    await expect
      .poll(async () => (await ofRule()).map((one) => one.sentence), patience)
      .toEqual([expect.stringMatching(/^KO is dear: KO is at [\d.]+, at or above 0\.01\.$/)]);
    const [rule] = await rules();
    expect(rule).toMatchObject({ symbol: 'KO', firing: true, firedCount: 1, changedBy: expect.any(String) });
    await tabs().getByRole('link', { name: 'Now' }).click();
    await page.getByRole('region', { name: 'Open alarms' }).getByText('KO is dear').click();
    await detail().getByRole('heading', { name: 'An alert rule holds' }).waitFor();
  });

  it('is put off until later, and then seen', async () => {
    await detail().getByLabel('Quiet for').selectOption('240');
    await detail().getByRole('button', { name: 'Look at it later' }).click();
    await page.getByRole('region', { name: 'Open alarms' }).getByText('Put off').waitFor();
    const [put] = await ofRule();
    const raised = Date.parse(put!.raisedAt);
    expect((Date.parse(put!.snoozedUntil!) - raised) / 60_000).toBeGreaterThanOrEqual(240);
    await detail().getByRole('button', { name: 'I have seen it' }).click();
    await expect.poll(async () => (await ofRule())[0]?.acknowledgedBy, patience).toEqual(expect.any(String));
    expect(await violations(page)).toEqual([]);
  });

  it('ends its alarm when it is switched off, which the history of the rule has', async () => {
    await tabs().getByRole('link', { name: 'Rules' }).click();
    await page.getByRole('region', { name: 'Alert rules' }).getByText('KO is dear').first().click();
    await detail().getByRole('button', { name: 'Switch it off' }).click();
    await expect.poll(ofRule, patience).toEqual([]);
    await detail().getByRole('link', { name: 'What it has told' }).click();
    const history = page.getByRole('region', { name: 'History of alarms' });
    await history.getByText('KO is dear').click();
    await detail().getByText('The rule was switched off.').waitFor();
    await page.getByLabel('Urgency').selectOption('page');
    await page.getByText('No alarm of that was ever raised.').waitFor();
  });

  it('is removed only after a word on what that does, on a phone as well', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open('/alarms?tab=rules');
    await page.getByRole('region', { name: 'Alert rules' }).getByText('KO is dear').first().click();
    await detail().getByRole('button', { name: 'Remove it…' }).click();
    const sheet = page.getByRole('dialog', { name: 'Remove KO is dear' });
    await sheet.getByText('Nobody is told of this any more.').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await sheet.getByRole('button', { name: 'Remove KO is dear' }).click();
    await page.getByText('There is no rule yet.').waitFor();
    expect(await rules()).toEqual([]);
    expect(errors).toEqual([]);
  });
});

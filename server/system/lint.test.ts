// A person pastes alerts into the page that checks them, in a real browser on the whole system: what is wrong is marked and told at its place,
// the mended text takes its place, the size is told, and a refused alert's receipt leads there. PICTURES=folder keeps what was seen.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const { PICTURES } = process.env;

describe.skipIf(launched.browser === null)('the page that checks alerts', () => {
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
    ({ page, errors } = await signedInPage(browser, system, 60_000));
    await page.getByRole('region', { name: 'Send a first alert' }).waitFor();
    if (PICTURES) await mkdir(PICTURES, { recursive: true });
  }, 240_000);
  afterAll(() => closeAll(browser, system, dataDir), 60_000);

  const box = () => page.getByLabel('Text of the alert');
  const section = (name: string) => page.getByRole('region', { name, exact: true });
  const picture = async (name: string): Promise<void> => {
    if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  };
  const count = async () => (await system.api<{ items: unknown[] }>('/signals')).items.length;

  it('is reached from the navigation, and says what it is for', async () => {
    await page.getByRole('link', { name: 'Check alert' }).first().click();
    await page.getByRole('heading', { name: 'Check an alert' }).waitFor();
    await section('Answer').getByText('It appears here while you type').waitFor();
    await picture('empty');
  }, 120_000);

  it('tells each mistake at its place, and puts the mended text in its place', async () => {
    const before = await count();
    await box().fill(
      '{\n  “signal”: “BUY”,\n  "ticker": "AAPL",\n  "risk": 100,\n  "stoploss": 90,\n  "secret": "hunter2hunter2",\n}',
    );
    const found = section('What was found');
    await section('It would be refused').getByText('INTAKE_MALFORMED').waitFor();
    await found.getByText('smart_quotes').first().waitFor();
    await found.getByText('did you mean stopLoss').waitFor();
    await found.getByText('line 2, column 3').waitFor();
    expect(await page.locator('mark').count()).toBeGreaterThan(2);
    expect(await found.innerText()).not.toContain('hunter2');
    await picture('refused');
    await found.getByRole('button', { name: 'line 2, column 3' }).click();
    expect(
      await box().evaluate((one: HTMLTextAreaElement) => one.value.slice(one.selectionStart, one.selectionEnd)),
    ).toContain('“signal”');
    const mended = section('Mended');
    expect(await mended.getByLabel('Mended text').innerText()).toContain('"secret": "***"');
    await mended.getByRole('button', { name: 'Use it' }).click();
    // The secret is whole in what is sent on: it never left for the answer.
    await expect.poll(() => box().inputValue(), { timeout: 30_000 }).toContain('"secret": "hunter2hunter2"');
    await section('It would be taken').getByText('Buy AAPL, sized so that its stop costs 100').waitFor();
    expect(await count()).toBe(before);
  }, 120_000);

  it('tells at what size, by every rule', async () => {
    await box().fill('{"signal":"BUY","ticker":"AAPL","mode":"Paper","risk":100,"id":"AAPL-1"}');
    const size = section('Now, and at what size');
    await size
      .getByText(/rules? had nothing against it/)
      .first()
      .waitFor();
    await size.getByRole('article').first().waitFor();
    await section('Identity and proofs').getByText('for ever').waitFor();
    await picture('taken');
  }, 120_000);

  it('fills in the placeholders of a message', async () => {
    await box().fill('{"signal":"BUY","ticker":"{{ticker}}","risk":100,"stopLoss":{{lwo}},"id":"my-alert"}');
    await section('It would be refused').waitFor();
    await page.getByRole('button', { name: 'look at it as a message' }).click();
    const found = section('What was found');
    await found.getByText('did you mean {{low}}').waitFor();
    await picture('message');
    await section('Mended').getByRole('button', { name: 'Use it' }).click();
    await section('It would be taken').waitFor();
    await found.getByText('the id "my-alert" is the same in each alert').waitFor();
    expect(await box().inputValue()).toContain('"stopLoss":{{low}}');
  }, 120_000);

  it('is where a refused alert’s receipt leads', async () => {
    const { body } = await system.post('{"signal":"BUY","ticker":"AAPL","risk":"a lot"}');
    await page.goto(`${system.ready.dashboardUrl}/signals/${String(body.id ?? body.signalId)}`);
    await page.getByRole('link', { name: 'What to write instead' }).click();
    await section('What was found').getByText('not_a_number').waitFor();
    expect(await box().inputValue()).toContain('"a lot"');
  }, 120_000);

  it('says so when the server does not answer, and fits a phone', async () => {
    await page.route('**/api/v1/lint', (route) => route.abort());
    await box().fill('{"signal":"BUY"}');
    await page.getByRole('alert').getByText('did not answer').waitFor();
    await page.unroute('**/api/v1/lint');
    await page.setViewportSize({ width: 390, height: 844 });
    await box().fill(
      '{"signal":"BUY","ticker":"AAPL","risk":100,"stoploss":148,"comment":"a text that is rather long for a telephone"}',
    );
    await section('What was found').getByText('did you mean stopLoss').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await picture('phone');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction(() => matchMedia('(prefers-color-scheme: dark)').matches);
    await picture('dark');
    expect(errors).toEqual([]);
  }, 120_000);
});

// On the whole system: sectors and industries in a real browser. A person's table is refused line by line or taken over whole, wins over what
// ships, is still there after a restart, and can be given back.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InstrumentJson, InstrumentPageJson } from '../contract/index.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const head = 'symbol,name,sector,industry\n';
const csv = (text: string) => ({ name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

describe('the page of instruments', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    if (launched.browser === null) return;
    browser = launched.browser;
    ({ page } = await signedInPage(browser, system));
    await page.getByRole('link', { name: 'Instruments' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Instruments' }).waitFor();
  }, 120_000);
  afterAll(() => closeAll(browser, system, dataDir), 30_000);

  const need = (context: { skip(note: string): never }): void => {
    if (launched.browser === null) context.skip(launched.reason);
  };
  const table = () => page.getByRole('region', { name: 'Instruments' });
  const choose = (text: string) => page.getByLabel('CSV file of instruments').setInputFiles(csv(text));
  const section = () => page.getByRole('region', { name: 'Import of mine.csv' });
  const instrument = (symbol: string) => system.api<InstrumentJson>(`/instruments/${encodeURIComponent(symbol)}`);

  it('shows what ships, searched and by sector', async (context) => {
    need(context);
    await page.getByText(/^8\d\d rows$/).waitFor();
    await page.getByRole('searchbox', { name: 'Search instruments' }).fill('apple');
    const row = table().getByRole('row', { name: /AAPL/ });
    await row.getByRole('cell', { name: 'Technology Hardware, Storage & Peripherals', exact: true }).waitFor();
    await page.getByRole('searchbox', { name: 'Search instruments' }).fill('');
    await page.getByText(/^8\d\d rows$/).waitFor();
    await page.getByLabel('Sector', { exact: true }).selectOption('Crypto');
    await table().getByText('BTC/USD', { exact: true }).waitFor();
    expect(await table().getByText('AAPL', { exact: true }).count()).toBe(0);
    await page.getByLabel('Sector', { exact: true }).selectOption('');
  });

  it('refuses a file with a bad line, names line and column, and takes nothing over', async (context) => {
    need(context);
    await choose(`${head}GOOD,Good Inc.,Energy,Wind\nAAPL,,Tecnology,Phones\n`);
    await section().getByRole('alert').waitFor();
    const wrong = section().getByRole('table', { name: 'What is wrong' });
    expect(await wrong.getByRole('row').allInnerTexts()).toEqual([
      'Line\tColumn\tWhat is wrong',
      '3\tname\tthere is no name',
      expect.stringContaining('3\tsector\t“Tecnology” is no sector'),
    ]);
    expect((await instrument('GOOD')).source).toBe('none');
  });

  it('shows what a file would change, and changes nothing when it is left', async (context) => {
    need(context);
    await choose(`${head}GOOD,Good Inc.,Energy,Wind\nAAPL,Apple Inc.,Consumer Discretionary,Phones\n`);
    const changes = section().getByRole('table', { name: 'What changes' });
    await changes.waitFor();
    await section().getByText('2 instruments: 1 new, 1 changed, 0 as they are.').waitFor();
    await changes.getByRole('row', { name: /AAPL.*Information Technology.*Consumer Discretionary, Phones/ }).waitFor();
    await section().getByRole('button', { name: 'Leave it' }).click();
    await section().waitFor({ state: 'detached' });
    expect((await instrument('AAPL')).source).toBe('s-and-p-500-companies');
  });

  it('takes it over, and shows what it stands over', async (context) => {
    need(context);
    await choose(`${head}GOOD,Good Inc.,Energy,Wind\nAAPL,Apple Inc.,Consumer Discretionary,Phones\n`);
    await section().getByRole('button', { name: 'Take over 2 instruments' }).click();
    await section().waitFor({ state: 'detached' });
    await page.getByLabel('Whose word').selectOption('imported');
    await expect.poll(() => table().getByRole('row').count(), { timeout: 30_000 }).toBe(3);
    await table().getByText('Consumer Discretionary').waitFor();
    await table().getByText('Imported, over what ships').waitFor();
  });

  it('is the same after a restart', async (context) => {
    need(context);
    await system.stop();
    system = await startSystem(dataDir);
    expect(await instrument('AAPL')).toMatchObject({
      sector: 'Consumer Discretionary',
      source: 'import',
      shipped: { sector: 'Information Technology' },
    });
    const list = await system.api<InstrumentPageJson>('/instruments?imported=true');
    expect(list.items.map((one) => one.symbol)).toEqual(['AAPL', 'GOOD']);
  });

  it('gives a symbol back to what ships', async (context) => {
    need(context);
    await page.goto(/Sign in\s+(\S+)/.exec(system.output())![1]!);
    await page.goto(`${system.ready.dashboardUrl}/instruments?whose=imported&row=AAPL`);
    const detail = page.getByRole('complementary', { name: 'Detail' });
    await detail.getByRole('button', { name: 'Give it back to what ships' }).click();
    await page.getByText('no longer as Consumer Discretionary, Phones').waitFor();
    await page.getByRole('button', { name: 'Give AAPL back' }).click();
    await expect.poll(async () => (await instrument('AAPL')).sector).toBe('Information Technology');
    await table().getByText('AAPL', { exact: true }).waitFor({ state: 'detached' });
    await table().getByText('GOOD', { exact: true }).waitFor();
  });
});

// On the whole system, in a real browser: the risk page says what is held beside its limits, in words and numbers and on a phone too; what is
// refused is counted; a report of the day so far is made there, shown, and downloaded as CSV and PDF.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Position, RiskFiguresJson } from '../contract/index.ts';
import { readCsv } from '../core/csv.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { pdfText } from '../testing/pdf-text.ts';
import { askerOf, newDataDir, type System, startSystem } from '../testing/system.ts';
import { setLimit } from '../testing/wide-limits.ts';

const launched = await launchBrowser();
const patience = { timeout: 60_000 };

describe.skipIf(launched.browser === null)('the figures of the risk page', () => {
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
    await page.getByRole('link', { name: 'Risk' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Risk' }).waitFor();
  }, 240_000);
  afterAll(() => closeAll(browser, system, dataDir), 30_000);

  const region = (name: string) => page.getByRole('region', { name, exact: true });
  const now = async () => (await system.api<RiskFiguresJson>('/risk/figures')).portfolios[0]!;

  it('say that nothing is held, and never a risk of zero', async () => {
    await region('Exposure').getByText('Nothing is held and no entry is on its way').waitFor();
    await region('Possible loss of a day').getByText('there is nothing to lose').waitFor();
    expect(await region('Possible loss of a day').getByRole('table').count()).toBe(0);
  });

  it('say what is held, beside the limit that applies', async () => {
    await setLimit(askerOf(system), 'max-sector', { maxShareOfEquity: '0.3' });
    for (const [ticker, quantity] of [
      ['KO', 100],
      ['XOM', 30],
    ] as const) {
      await system.post(
        JSON.stringify({ signal: 'BUY', ticker, mode: 'Paper', quantity, strategy: 'calm', id: ticker }),
      );
    }
    await expect
      .poll(async () => (await system.api<{ items: Position[] }>('/positions')).items.length, patience)
      .toBe(2);
    await expect.poll(async () => (await now()).symbols.map(({ entering }) => entering), patience).toEqual(['0', '0']);
    await page.reload();
    const row = region('Exposure').getByRole('row', { name: /^KO/ });
    await row.waitFor();
    expect(await row.innerText()).toMatch(/[\d,]+\.\d\d\s[\s\S]*\d %[\s\S]*[\d,]+\.\d\d, [\d.]+ % used, within/);
    expect(
      await region('Exposure')
        .getByRole('row', { name: /^Consumer Staples/ })
        .innerText(),
    ).toMatch(/% used, within/);
    expect(await region('Exposure').getByRole('row', { name: /^calm/ }).innerText()).toContain('no limit');
    expect(await region('Figures and their limits').innerText()).toMatch(
      /Gross exposure[\s\S]*USD[\s\S]*% used, within/,
    );
  });

  it('count what was refused today, by rule', async () => {
    await system.post(
      JSON.stringify({ signal: 'BUY', ticker: 'KO', mode: 'Paper', quantity: 100_000, strategy: 'wild', id: 'wild' }),
    );
    await expect
      .poll(async () => (await now()).refusals.find(({ rule }) => rule === 'max-position')?.deny, patience)
      .toBe(1);
    await page.reload();
    await region('What rules did today').getByRole('row', { name: 'One position 1' }).waitFor();
  });

  it('fit a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await region('Exposure').getByRole('row', { name: /^KO/ }).waitFor();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('become a report of the day so far, as page, CSV and PDF', async () => {
    await page.getByRole('link', { name: 'Daily reports' }).click();
    await page.getByText('There is none yet').waitFor();
    await page.getByRole('button', { name: 'Make today’s so far' }).click();
    await page.getByRole('heading', { level: 1, name: /^Risk report of \d{4}-\d{2}-\d{2}, the day so far$/ }).waitFor();
    await region('Limits changed on the day').getByText('Largest share of equity in one sector: 30 %').waitFor();
    const file = async (name: 'CSV' | 'PDF'): Promise<Buffer> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name, exact: true }).click(),
      ]);
      const parts: Buffer[] = [];
      for await (const part of await download.createReadStream()) parts.push(part as Buffer);
      return Buffer.concat(parts);
    };
    const rows = readCsv((await file('CSV')).toString()).map(({ fields }) => fields);
    const gross = rows.find((row) => row[0] === 'symbol' && row[2] === 'KO' && row[3] === 'gross exposure')![4]!;
    const [whole, cents = ''] = gross.split('.');
    const shown = `${whole!.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents.padEnd(2, '0').slice(0, 2)}`;
    const told = pdfText(await file('PDF'));
    expect(told).toContain('Exposure by symbol');
    // To the cent on paper; the file has every decimal.
    if (cents.length <= 2) expect(told).toContain(shown);
    expect(errors).toEqual([]);
  });
});

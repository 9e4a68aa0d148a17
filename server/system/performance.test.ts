// On the whole system, in a real browser: the page of performance says what an account has come to in words and figures, says how much is
// missing instead of nonsense, tells a failure from nothing, and can be read on a phone, in light and dark, and without eyes.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { violations } from '../testing/axe.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { seedPerformance } from '../testing/seeded-performance.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const patience = { timeout: 60_000 };

/** Weekdays up to the day before yesterday, the oldest first. */
const dayBefore = (days: number): Date => new Date(systemClock.now().getTime() - days * 86_400_000);
const days = Array.from({ length: 200 }, (_, n) => dayBefore(201 - n))
  .filter((day) => day.getUTCDay() % 6 !== 0)
  .map((day) => day.toISOString().slice(0, 10));

describe.skipIf(launched.browser === null)('the page of performance', () => {
  let database: TestDatabase;
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  let errors: string[];
  const ids = { history: '', young: '' };

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    database = await createTestDatabase();
    system = await startSystem(dataDir, { DATABASE_URL: database.url });
    const seed = seedPerformance(database.sql);
    ids.history = await seed.account('history', 'paper');
    ids.young = await seed.account('young', 'production');
    let equity = 100_000;
    await seed.closes(
      ids.history,
      days.map((day, n) => {
        equity += n === 0 ? 0 : n % 3 === 0 ? -420 : 300;
        return { day, equity: String(equity) };
      }),
    );
    await seed.closes(ids.young, [
      { day: days.at(-2)!, equity: '5000' },
      { day: days.at(-1)!, equity: '5050' },
    ]);
    await seed.trades(
      ids.history,
      days.slice(0, 60).map((day, n) => ({
        strategy: n % 2 ? 'swing' : 'scalp',
        symbol: n % 3 ? 'KO' : 'XOM',
        profit: String(n % 5 === 0 ? -180 : 90 + n),
        openedAt: `${day}T15:00:00Z`,
        closedAt: `${day}T18:00:00Z`,
      })),
    );
    ({ page, errors } = await signedInPage(browser, system, 60_000));
  }, 240_000);
  afterAll(async () => {
    await closeAll(browser, system, dataDir);
    await database?.drop();
  }, 60_000);

  const open = (query = '') => page.goto(`${system.ready.dashboardUrl}/performance${query}`);
  const region = (name: string) => page.getByRole('region', { name, exact: true });
  const figure = (name: string) => page.getByRole('group', { name, exact: true });
  const fitsTheScreen = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

  it('says of an account that has done nothing what there will be, and where to begin', async () => {
    const paper = await database.sql<{ id: string }[]>`select id from accounts where venue = 'embedded'`;
    await open(`?account=${paper[0]!.id}`);
    await page.getByText('Nothing has come to an end here yet').waitFor();
    expect(await page.getByRole('link', { name: 'send a test alert' }).getAttribute('href')).toBe('/test');
  });

  it('says what an account has come to, with its curve, its months and its trades', async () => {
    await page.getByRole('combobox', { name: 'Account' }).selectOption({ label: 'history, paper' });
    await expect.poll(() => page.url()).toContain(`account=${ids.history}`);
    await region('Equity and drawdown').locator('canvas').first().waitFor();
    await page.getByText('equity went from').waitFor();
    expect(await figure('Sharpe ratio').innerText()).toMatch(/\d\.\d\d/);
    expect(await figure('Deepest drawdown').innerText()).toMatch(
      /−\d+\.\d %[\s\S]*From \d+ \w+ \d{4} to its lowest on/,
    );
    expect(await figure('Trades won').innerText()).toContain('48 won, 12 lost, of 60.');
    await figure('Profit factor').getByText('What is this').click();
    await figure('Profit factor').getByText('Below 1 money was lost').waitFor();
    const months = region('Returns by month');
    expect(await months.getByRole('columnheader').count()).toBeGreaterThan(12);
    expect(await months.first().innerText()).toMatch(/[+−]\d+\.\d\d %/);
    expect(await page.getByRole('table', { name: 'Trades by their result' }).getByRole('row').count()).toBeGreaterThan(
      2,
    );
    const weekdays = figure('Weekday of opening, New York');
    expect(await weekdays.getByRole('row').count()).toBe(6);
    expect(await weekdays.getByRole('row').nth(1).innerText()).toContain('Monday');
    expect(
      await figure('Strategy')
        .getByRole('row', { name: /^swing 30/ })
        .innerText(),
    ).toMatch(/\+[\d,]+\.\d\d/);
    expect(await page.title()).toMatch(/^PAPER .*Performance/);
  });

  it('gives the trades as a file', async () => {
    const waiting = page.waitForEvent('download');
    await page.getByRole('link', { name: 'All 60 trades as CSV' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/^trades-paper-/);
  });

  it('shows one strategy by its trades alone, in the address and after a reload', async () => {
    await page.getByRole('combobox', { name: 'Strategy' }).selectOption('scalp');
    await region('Profit of closed trades and drawdown').waitFor();
    await page.reload();
    await page.getByText('30 closed trades of scalp came to').waitFor();
    expect(await figure('Sharpe ratio').count()).toBe(0);
  });

  it('says how much is missing where there is too little', async () => {
    await open(`?account=${ids.young}`);
    await figure('Sharpe ratio').getByText('Shown from 20 daily returns on; so far 1.').waitFor();
    await figure('Growth a year').getByText('Shown from 90 calendar days on').waitFor();
    await page.getByText('Real money.').waitFor();
  });

  it('tells a failure from nothing', async () => {
    await page.route('**/api/v1/performance?*', (route) => route.fulfill({ status: 500, body: '{}' }));
    await open(`?account=${ids.history}`);
    await page.getByRole('alert').getByText('orders and stops at the broker are not affected').waitFor();
    expect(await page.getByText('Nothing has come to an end').count()).toBe(0);
    await page.unroute('**/api/v1/performance?*');
  });

  it('can be read in light and dark, and on a phone, and nothing of it is wider than the screen', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await open(`?account=${ids.history}`);
      await region('Equity and drawdown').locator('canvas').first().waitFor();
      expect(await violations(page), colorScheme).toEqual([]);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(fitsTheScreen, patience).toBe(true);
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});

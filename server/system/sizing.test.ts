// A person chooses how a strategy sizes, in a real browser on the whole system; the next alert is sized by it, and its receipt has the sum.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();

interface Decided {
  readonly decision: { quantity: string; outcome: string; code: string | null; sizing: Record<string, unknown> } | null;
}

describe('a strategy’s sizing', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    ({ page } = await signedInPage(browser, system));
    await page.goto(`${system.ready.dashboardUrl}/strategies/default`);
  }, 120_000);

  afterAll(() => closeAll(browser, system, dataDir), 30_000);

  const need = (context: { skip(note: string): never }): void => {
    if (launched.browser === null) context.skip(launched.reason);
  };
  const form = () => page.getByRole('form', { name: 'Strategy default' });
  const set = async () => {
    await form().getByRole('button', { name: 'Set default' }).click();
    await page.getByText('The strategy default is set').first().waitFor();
  };
  const decided = async (alert: object): Promise<NonNullable<Decided['decision']>> => {
    const { body } = await system.post(JSON.stringify({ signal: 'BUY', ticker: 'AAPL', ...alert }));
    const path = `/signals/${String(body.id ?? body.signalId)}/receipt`;
    await expect.poll(async () => (await system.api<Decided>(path)).decision, { timeout: 20_000 }).not.toBeNull();
    return (await system.api<Decided>(path)).decision!;
  };

  it('is chosen with what it is told, and the next alert goes by it', async (context) => {
    need(context);
    const size = form().getByRole('group', { name: 'Size of an entry' });
    await size.getByLabel('Method').selectOption('Part of equity at risk');
    await size.getByLabel('Part of equity at risk').fill('0.001');
    await form().getByLabel('Most shares').fill('5');
    await set();
    const { quantity, sizing } = await decided({ sizing: 'strategy' });
    expect(quantity).toBe('5');
    expect(sizing).toMatchObject({ method: 'percent_risk', stopHow: 'The stop is 1 % below the entry.' });
    expect(sizing.sentence).toMatch(
      /^100 at risk \(0\.1 % of 100000 equity\) .* Capped at 5: the strategy enters at most 5/,
    );
  }, 60_000);

  it('is refused at its field, and stays', async (context) => {
    need(context);
    const size = form().getByRole('group', { name: 'Size of an entry' });
    await size.getByLabel('Part of equity at risk').fill('2');
    await form().getByRole('button', { name: 'Set default' }).click();
    await size.getByText('a decimal from 0 to 1').waitFor();
    await size.getByLabel('Part of equity at risk').fill('0.001');
  }, 60_000);
});

// The audit and the tokens of scripts, in a real browser; and that no page of the dashboard asks for what the content policy forbids.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../testing/axe.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();

describe.skipIf(launched.browser === null)('the audit and the tokens', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  let errors: string[];
  const refused: string[] = [];

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    ({ page, errors } = await signedInPage(browser, system));
    await page.context().exposeFunction('noteRefused', (what: string) => refused.push(what));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const { violatedDirective, blockedURI, sourceFile, sample } = event;
        (window as unknown as { noteRefused(what: string): void }).noteRefused(
          [location.pathname, violatedDirective, blockedURI, sourceFile, sample].join(' '),
        );
      });
    });
  }, 180_000);
  afterAll(() => closeAll(browser, system, dataDir), 30_000);
  const open = (path: string) => page.goto(`${system.ready.dashboardUrl}${path}`);

  /** Whoever is signed in has just proved who they are; proving it has tests of its own. */
  async function prove(): Promise<void> {
    const { databaseUrl } = JSON.parse(await readFile(join(dataDir, 'instance.json'), 'utf8')) as {
      databaseUrl: string;
    };
    const sql = postgres(databaseUrl, { max: 1 });
    await sql`update auth_sessions set proved_at = now(), created_at = now()`;
    await sql.end();
  }

  it('makes a token that is shown once, and revokes it after a word on what stops then', async () => {
    await prove();
    await open('/tokens');
    await page.getByRole('button', { name: 'Make a token' }).click();
    const form = page.getByRole('form', { name: 'New token' });
    await form.getByLabel('Name').fill('night job');
    await form.getByRole('button', { name: 'Make the token' }).click();
    const shown = page.getByRole('status').filter({ hasText: 'shown this once' });
    const token = await shown.locator('pre').innerText();
    expect(token).toMatch(/^sbx_/);
    const asks = async () =>
      (await fetch(`${system.ready.dashboardUrl}/api/v1/status`, { headers: { authorization: `Bearer ${token}` } }))
        .status;
    expect(await asks()).toBe(200);
    expect(await violations(page)).toEqual([]);
    await shown.getByRole('button', { name: 'I have kept it' }).click();
    expect(await page.content()).not.toContain(token);
    await page.getByRole('row').filter({ hasText: 'night job' }).getByText('night job').click();
    await page.getByRole('button', { name: 'Revoke night job' }).click();
    const sheet = page.getByRole('dialog', { name: 'Revoke night job' });
    await sheet.getByText('it cannot be brought back').waitFor();
    await sheet.getByRole('button', { name: 'Revoke night job' }).click();
    await page.getByRole('row').filter({ hasText: 'night job' }).getByText('Revoked').waitFor();
    await expect.poll(asks, { timeout: 30_000 }).toBe(401);
  }, 120_000);

  it('shows who did what, by whom and what, beside its detail', async () => {
    await expect
      .poll(
        async () => {
          await open('/audit?kind=token.revoked');
          await page
            .getByText(/Nothing was found|token\.revoked/)
            .first()
            .waitFor();
          return page.getByRole('row').filter({ hasText: 'token.revoked' }).count();
        },
        { timeout: 60_000 },
      )
      .toBe(1);
    const row = page.getByRole('row').filter({ hasText: 'token.revoked' });
    expect(await row.innerText()).toContain('Administrator');
    await row.getByText('token.revoked').click();
    await page.getByText('Hash before it, and its own').waitFor();
    const filter = page.getByRole('form', { name: 'Filter entries' });
    await filter.getByLabel('What').fill('');
    await filter.getByLabel('Who').fill('nobody of that name');
    await filter.getByRole('button', { name: 'Show these' }).click();
    await page.getByText('Nothing was found.').waitFor();
    await filter.getByLabel('Who').fill('admin');
    await filter.getByRole('button', { name: 'Show these' }).click();
    await page.getByRole('row').filter({ hasText: 'action.asked' }).first().waitFor();
    expect(await violations(page)).toEqual([]);
  }, 120_000);

  it('verifies the chain, and lets it be taken along', async () => {
    await open('/audit');
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText('The audit is whole').waitFor();
    const link = page.getByRole('link', { name: 'Export all entries' });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    expect(JSON.parse(lines[0]!)).toMatchObject({ number: 1, previousHash: '0'.repeat(64) });
  }, 120_000);

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/audit', '/tokens']) {
      await open(path);
      await page.getByRole('table').first().waitFor();
      const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      expect([path, content]).toEqual([path, screen]);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  }, 120_000);

  // Every other page is held to it where they are all opened.
  it('asks on the page of the API for nothing that the content policy forbids', async () => {
    await open('/docs');
    await page.waitForLoadState('networkidle');
    expect(refused).toEqual([]);
    expect(errors).toEqual([]);
  }, 120_000);
});

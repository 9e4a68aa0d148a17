// The dashboard in Vietnamese: every text of the sources is in the files and has its translation, with the same values in it; and the pages, in
// a real browser whose language it is, speak it, without an error, and within the width of a phone.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();

/** The texts of a file with their translations, each a message and what it became. */
function textsOf(language: string): Map<string, string> {
  const file = readFileSync(`web/src/locales/${language}.po`, 'utf8').replaceAll('\r', '');
  const read = (block: string, key: string): string =>
    [...(new RegExp(`^${key} ((?:".*"\\n?)+)`, 'm').exec(block)?.[1] ?? '').matchAll(/"(.*)"/g)]
      .map(([, part]) => JSON.parse(`"${part}"`) as string)
      .join('');
  const blocks = file.split(/\n\n+/).filter((block) => /^msgid "/m.test(block) && !/^#~/m.test(block));
  return new Map(
    blocks.map((block) => [read(block, 'msgid'), read(block, 'msgstr')] as const).filter(([id]) => id !== ''),
  );
}
const marks = (text: string): string[] => (text.match(/\{\d+\}|<\/?\d+\/?>/g) ?? []).sort();

describe('the files of texts', () => {
  it('hold every text of the sources, and nothing that is gone', async () => {
    const command = 'node_modules/wuchale/dist/cli/index.js';
    const words = [command, 'check', '--full', '--config', 'web/wuchale.config.js'];
    const checked = await promisify(execFile)(process.execPath, words, { maxBuffer: 1 << 26 }).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    expect(checked.stderr, 'npm run web:build puts new texts into web/src/locales').not.toContain('Pending changes');
    expect(checked.stdout).toContain('No errors found');
  });

  it('have a translation of each, with the same values in it', () => {
    const texts = textsOf('vi');
    expect(texts.size).toBeGreaterThan(1500);
    expect([...texts].filter(([, translation]) => translation === '').map(([text]) => text)).toEqual([]);
    expect([...texts].filter(([text, translation]) => String(marks(text)) !== String(marks(translation)))).toEqual([]);
    expect([...textsOf('en').keys()].sort()).toEqual([...texts.keys()].sort());
  });
});

describe.skipIf(launched.browser === null)('the dashboard in Vietnamese', () => {
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
    ({ page, errors } = await signedInPage(browser, system));
  }, 180_000);
  afterAll(() => closeAll(browser, system, dataDir), 30_000);

  const open = async (path: string) => {
    await page.goto(`${system.ready.dashboardUrl}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' });
  };

  it('is chosen under Settings, and kept', async () => {
    await open('/settings');
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    await page.getByLabel('Language').selectOption('Tiếng Việt');
    await page.getByRole('heading', { level: 1, name: 'Cài đặt' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('vi');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Cài đặt' }).waitFor();
  });

  it('sends what it sent in English, and says what came of it in Vietnamese', async () => {
    await open('/test');
    await page.getByLabel('Mã', { exact: true }).fill('KO');
    await page.getByRole('button', { name: 'Gửi cảnh báo' }).first().click();
    await page.getByText('Đã nhận').first().waitFor();
    await open('/signals');
    await page.getByRole('row').filter({ hasText: 'KO' }).getByText('Đã khớp').waitFor({ timeout: 30_000 });
    const { items } = await system.api<{ items: { ticker: string; requestedMode: string }[] }>('/signals');
    expect(items).toMatchObject([{ ticker: 'KO', requestedMode: 'paper' }]);
  });

  it('opens every page of the navigation, on a desk and on a phone', async () => {
    await open('/');
    const paths = await page
      .getByRole('navigation')
      .getByRole('link')
      .evaluateAll((links) => [...new Set(links.map((link) => link.getAttribute('href')!))]);
    expect(paths.length).toBeGreaterThan(20);
    const english = /\b(Loading|Nothing|There is no|Show|Cancel|Send|Orders|Positions|Search|What)\b/;
    for (const path of paths) {
      await open(path);
      expect(await page.getByRole('heading', { level: 1 }).first().textContent(), path).not.toMatch(english);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(390);
      await page.setViewportSize({ width: 1280, height: 900 });
    }
    expect(errors).toEqual([]);
  });
});

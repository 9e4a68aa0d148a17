// A new version of the dashboard, in a real browser: it is said quietly, nothing that a person is at is interrupted, and it is loaded when they
// ask for it.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staticFiles } from '../http/static-files.ts';
import { launchBrowser } from '../testing/browser.ts';

const launched = await launchBrowser();
const built = fileURLToPath(new URL('../../web/build/', import.meta.url));
const patience = { timeout: 60_000 };

describe.skipIf(launched.browser === null)('a new version of the dashboard', () => {
  let browser: Browser;
  let page: Page;
  let folder: string;
  let server: ReturnType<typeof serve>;
  let url: string;

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    folder = await mkdtemp(join(tmpdir(), 'signalbox-web-'));
    await cp(built, folder, { recursive: true });
    // The files alone: that there is a new version does not depend on anything else of the server.
    const app = new Hono();
    app.all('/api/*', (c) => c.json({ detail: 'The server is away.' }, 503));
    app.get('/*', staticFiles(folder));
    url = await new Promise<string>((done) => {
      server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (at) => done(`http://127.0.0.1:${at.port}`));
    });
    page = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
    page.setDefaultTimeout(patience.timeout);
    await page.goto(`${url}/positions`);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const note = () => page.getByRole('status').filter({ hasText: 'A new version of this dashboard is ready' });
  /** Changes a file and its compressed copies, as a build does. */
  async function change(name: string, made: (before: string) => string): Promise<void> {
    await writeFile(join(folder, name), made(await readFile(join(folder, name), 'utf8')));
    for (const ending of ['.br', '.gz']) await rm(join(folder, `${name}${ending}`), { force: true });
  }

  it('says nothing of the version that is the first', async () => {
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (navigator.serviceWorker.controller) return;
      await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
    });
    expect(await note().count()).toBe(0);
  });

  it('is said at the end of the page, and leaves open what is open', async () => {
    const version = (JSON.parse(await readFile(join(folder, '_app/version.json'), 'utf8')) as { version: string })
      .version;
    await change('service-worker.js', (text) => text.replaceAll(version, `${version}-next`));
    await change('index.html', (text) => text.replace('<title>', '<meta name="next" content="yes" /><title>'));
    await page.getByRole('button', { name: /^More/ }).click();
    const sheet = page.getByRole('dialog', { name: 'Every other page' });
    await sheet.waitFor();
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await note().waitFor({ state: 'attached' });
    expect(await sheet.isVisible()).toBe(true);
    expect(await page.locator('meta[name="next"]').count()).toBe(0);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
  });

  it('is loaded when it is asked for', async () => {
    await note().getByRole('button', { name: 'Load it' }).click();
    await page.locator('meta[name="next"]').waitFor({ state: 'attached' });
    expect(new URL(page.url()).pathname).toBe('/positions');
    await page.getByRole('heading', { level: 1, name: 'Positions' }).waitFor();
    expect(await note().count()).toBe(0);
  });
});

// npm run pictures: every page of a system of its own with something in it, in light, in dark and on a phone, to be looked at.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import type { Order, Position } from '../../contract/index.ts';
import { launchBrowser } from '../browser.ts';
import { signedInPage } from '../dashboard-page.ts';
import { addressOf, pageExamples, pageRoutes } from '../page-addresses.ts';
import { newDataDir, removeDataDir, type System, startSystem } from '../system.ts';

const usage = `npm run pictures [-- options]

  --out FOLDER        where the pictures go (.data/pictures)
  --page ADDRESS      this page alone, as "/orders"; may be said several times
  --help              shows this
`;

const looks = [
  { name: 'light', scheme: 'light', width: 1280, height: 900 },
  { name: 'dark', scheme: 'dark', width: 1280, height: 900 },
  { name: 'phone', scheme: 'light', width: 390, height: 844 },
] as const;

const alerts = [
  { signal: 'BUY', ticker: 'KO', quantity: 120, strategy: 'opening range' },
  { signal: 'BUY', ticker: 'AAPL', risk: 100, strategy: 'breakout', timeframe: '5m' },
  { signal: 'BUY', ticker: 'MSFT', risk: 150, strategy: 'breakout', timeframe: '15m' },
  { signal: 'SELL', ticker: 'XOM', quantity: 40, strategy: 'mean reversion', positionSide: 'short' },
  { signal: 'BUY', ticker: 'JPM', quantity: 15, strategy: 'opening range' },
  { signal: 'BUY', ticker: 'NVDA', quantity: 5000, strategy: 'mean reversion' },
  { signal: 'BUY', ticker: 'NOPE', risk: 50, strategy: 'breakout' },
];

/** Alerts of every kind: filled, refused, closed again, and one that cannot be read. Answers one that was filled. */
async function fill(system: System): Promise<string> {
  const sent: string[] = [];
  for (const alert of alerts)
    sent.push(String((await system.post(JSON.stringify({ mode: 'Paper', ...alert }))).body.id));
  await system.post('{"signal":"BUY",');
  await until(async () => (await system.api<{ items: Position[] }>('/positions')).items.length >= 3);
  await system.post(JSON.stringify({ mode: 'Paper', signal: 'EXIT', ticker: 'JPM', strategy: 'opening range' }));
  await until(async () =>
    (await system.api<{ items: Order[] }>('/orders?status=all&symbol=KO')).items.some(
      ({ status }) => status === 'filled',
    ),
  );
  return sent[0]!;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error('What the pictures show did not come about within a minute.');
    await new Promise((done) => setTimeout(done, 200));
  }
}

async function take(page: Page, address: string, file: (look: string) => string): Promise<void> {
  for (const { name, scheme, width, height } of looks) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    // Some pages ask again and again.
    await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => {});
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    await page.screenshot({ path: file(name), fullPage: name !== 'phone' });
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: '.data/pictures' },
      page: { type: 'string', multiple: true },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const routes = await pageRoutes();
  const wanted = routes.filter((route) => !values.page || values.page.includes(route));
  if (wanted.length === 0) throw new Error(`There is no such page. Pages: ${routes.join(', ')}.`);
  const launched = await launchBrowser();
  if (launched.browser === null) throw new Error(`No pictures can be taken: ${launched.reason}.`);
  const folder = resolve(values.out);
  await mkdir(folder, { recursive: true });
  const dataDir = await newDataDir();
  let system: System | undefined;
  try {
    system = await startSystem(dataDir);
    const { page } = await signedInPage(launched.browser, system);
    const examples = await pageExamples(system, await fill(system));
    for (const route of wanted) {
      const name =
        route === '/'
          ? 'overview'
          : route
              .slice(1)
              .replaceAll(/[^a-z]+/g, '-')
              .replace(/-$/, '');
      await take(page, `${system.ready.dashboardUrl}${addressOf(route, examples)}`, (look) =>
        join(folder, `${name}-${look}.png`),
      );
      console.log(`  ${route}`);
    }
    console.log(`  ${wanted.length * looks.length} pictures are in ${folder}.`);
    return 0;
  } finally {
    await launched.browser.close();
    await system?.stop();
    await removeDataDir(dataDir);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

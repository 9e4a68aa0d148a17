import type { Browser, Page } from 'playwright-core';
import { removeDataDir, type System } from './system.ts';

const ofTheNetwork = /^Failed to load resource|^WebSocket connection to/;

/**
 * A page of the system's dashboard as wide as a desk, signed in by the link that the start printed. `errors` holds what scripts throw on
 * it and what they and the browser complain of in its console, from now on; not that a request was refused or lost, which the page itself has to say.
 */
export async function signedInPage(
  browser: Browser,
  system: System,
  patienceMs = 30_000,
): Promise<{ page: Page; errors: string[] }> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  const errors: string[] = [];
  page.setDefaultTimeout(patienceMs);
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !ofTheNetwork.test(message.text())) errors.push(message.text());
  });
  await openSignedIn(page, system);
  return { page, errors };
}

/** Follows the link that the start printed, to the overview: a fresh installation shows its set-up first. */
export async function openSignedIn(page: Page, system: System): Promise<void> {
  await page.goto(/Sign in\s+(\S+)/.exec(system.output())![1]!);
  if (new URL(page.url()).pathname === '/setup') await page.goto(system.ready.dashboardUrl);
}

/** Ends what a test of pages has started, as far as it came. */
export async function closeAll(
  browser: Browser | undefined,
  system: System | undefined,
  dataDir: string | undefined,
): Promise<void> {
  await browser?.close();
  await system?.stop();
  if (dataDir) await removeDataDir(dataDir);
}

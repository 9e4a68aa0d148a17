import type { Browser, Page } from 'playwright-core';
import { removeDataDir, type System } from './system.ts';

/**
 * A page of the system's dashboard as wide as a desk, signed in by the link that the start printed. `errors` holds what scripts throw on
 * it, from now on.
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
  await page.goto(/Sign in\s+(\S+)/.exec(system.output())![1]!);
  return { page, errors };
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

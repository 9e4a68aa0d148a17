import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/**
 * A real Chromium: the one at CHROMIUM_PATH, else the one from the npm package for Linux x64, else one that is installed. Null with the
 * reason where there is none, so that a test can say why it was skipped.
 */
export async function launchBrowser(): Promise<{ browser: Browser } | { browser: null; reason: string }> {
  const found = await findChromium();
  if (found === null) return { browser: null, reason: 'no Chromium for this platform; set CHROMIUM_PATH' };
  const browser = await chromium.launch({
    executablePath: found.path,
    args: [
      ...found.args,
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-sync',
    ],
    headless: true,
  });
  return { browser };
}

/**
 * The package is made for places where a browser has one process and shares nothing with anybody. A test wants what people have: pages in
 * processes of their own, so that one which crashes does not end the others, and the same-origin rule in force.
 */
const unlikeAPersonsBrowser: ReadonlySet<string> = new Set([
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--allow-running-insecure-content',
  '--disable-site-isolation-trials',
  '--disable-features',
  '--headless',
]);

async function findChromium(): Promise<{ path: string; args: string[] } | null> {
  if (process.env.CHROMIUM_PATH) return { path: process.env.CHROMIUM_PATH, args: [] };
  if (process.platform === 'linux' && process.arch === 'x64') {
    const { default: packaged } = await import('@sparticuz/chromium');
    const args = packaged.args.filter((arg) => !unlikeAPersonsBrowser.has(arg.split('=')[0]!));
    return { path: await packaged.executablePath(), args };
  }
  const places = [
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  const path = places.find((place) => existsSync(place));
  return path ? { path, args: [] } : null;
}

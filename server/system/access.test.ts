// Who may do what, in a real browser: the second factor before real money, invitations, passkeys, lock-outs, and what a viewer sees.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectDatabase } from '../adapters/database/connect.ts';
import { askOnPage, codesOf } from '../testing/authenticator.ts';
import { violations } from '../testing/axe.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const patienceMs = 120_000;
const password = 'tulip gravel nine moth';

describe.skipIf(!launched.browser)('people in a browser', () => {
  let system: System;
  let dataDir: string;
  let page: Page;
  let errors: string[];
  let sql: ReturnType<typeof connectDatabase>;
  const browser = launched.browser as Browser;
  /** Codes of the administrator's app, once it is set up. */
  let adminCode: () => Promise<string>;

  beforeAll(async () => {
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    const { databaseUrl } = JSON.parse(await readFile(join(dataDir, 'instance.json'), 'utf8')) as {
      databaseUrl: string;
    };
    sql = connectDatabase(databaseUrl, { max: 1 });
    ({ page, errors } = await signedInPage(browser, system, patienceMs));
  }, 300_000);
  afterAll(async () => {
    await sql?.end({ timeout: 1 });
    await closeAll(launched.browser ?? undefined, system, dataDir);
  }, 60_000);

  /** A browser of its own, where passkeys work: at a name, and not at a number. */
  async function elsewhere(): Promise<{ context: BrowserContext; other: Page; home: string }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const other = await context.newPage();
    other.setDefaultTimeout(patienceMs);
    other.on('pageerror', (error) => errors.push(error.message));
    return { context, other, home: system.ready.dashboardUrl.replace('127.0.0.1', 'localhost') };
  }

  let invited = 0;
  /** Somebody with a name of their own, however often a test is tried. */
  async function invite(first: string, role: string): Promise<{ link: string; name: string; email: string }> {
    invited += 1;
    const [name, email] = [`${first} ${invited}`, `${first.toLowerCase()}${invited}@example.org`];
    await page.goto(`${system.ready.dashboardUrl}/users`);
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Role', { exact: true }).selectOption({ label: role });
    await page.getByRole('button', { name: 'Make the invitation' }).click();
    const link = await page.getByRole('dialog').locator('pre').innerText();
    await page.getByRole('button', { name: 'I have the link' }).click();
    return { link: link.replace('127.0.0.1', 'localhost'), name, email };
  }

  /** On the page that an invitation leads to. */
  async function accept(other: Page): Promise<void> {
    await other.getByLabel('Password', { exact: true }).fill(password);
    await other.getByRole('button', { name: 'Set the password and sign in' }).click();
    await other.getByRole('heading', { name: 'Your account', level: 1 }).waitFor();
  }

  async function signIn(other: Page, home: string, email: string): Promise<void> {
    await other.goto(`${home}/sign-in`);
    await other.getByLabel('E-mail address').fill(email);
    await other.getByLabel('Password', { exact: true }).fill(password);
    await other.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  const signOut = async (other: Page, home: string): Promise<void> => {
    await other.goto(`${home}/account`);
    // The page goes there anew, whatever has led there before.
    const loaded = other.waitForEvent('load');
    await other.getByRole('button', { name: 'Sign out', exact: true }).click();
    await loaded;
    await other.getByRole('heading', { name: 'Sign in to Signalbox' }).waitFor();
  };

  async function production(): Promise<void> {
    await page.getByRole('button', { name: 'Mode: paper. Change it' }).click();
    await page.getByText('Strategies that would trade real money').waitFor();
    await page.getByLabel('Type “trade real money” to confirm').fill('trade real money');
    await page.getByRole('button', { name: 'Switch to production' }).click();
  }

  it('asks who came by a link to set up a second factor before real money, and shows how', {
    timeout: 300_000,
  }, async () => {
    await production();
    await page.getByRole('link', { name: 'Set up a second factor' }).click();
    await page.getByRole('heading', { name: 'Your account', level: 1 }).waitFor();
    expect((await system.api<{ mode: string }>('/mode')).mode).toBe('paper');
    await page.getByRole('button', { name: 'Leave it as it is' }).waitFor({ state: 'detached' });
    await page.goto(`${system.ready.dashboardUrl}/account`);
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
    await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByText('The app cannot read it').click();
    const secret = await page.locator('details pre').innerText();
    adminCode = codesOf(secret.trim());
    await page.getByLabel('Code', { exact: true }).fill(await adminCode());
    await page.getByRole('button', { name: 'Confirm the app' }).click();
    await page.getByText('These are your recovery codes').waitFor();
    expect((await page.getByRole('status').locator('pre').innerText()).trim().split('\n')).toHaveLength(10);
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('Recovery codes left').waitFor();
  });

  it('turns to production with a code, says so everywhere, and back in one press', { timeout: 300_000 }, async () => {
    await system.api('/mode', { method: 'PUT', body: JSON.stringify({ mode: 'paper' }) });
    await sql`update auth_sessions set proved_at = null`;
    await page.goto(`${system.ready.dashboardUrl}/positions`);
    await production();
    const code = page.getByLabel('Code of your authenticator app, or a recovery code');
    await code.fill('000000');
    await page.getByRole('button', { name: 'Prove it and go on' }).click();
    await page.getByText('The code is wrong, or was used already').waitFor();
    await code.fill(await adminCode());
    await page.getByRole('button', { name: 'Prove it and go on' }).click();
    await page.getByText('Real money is traded').waitFor();
    expect((await system.api<{ mode: string }>('/mode')).mode).toBe('production');
    await expect.poll(() => page.title(), { timeout: patienceMs }).toMatch(/^LIVE /);
    expect(await page.locator('link[rel="icon"]').getAttribute('href')).toBe('/favicon-live.svg');
    await page.getByText('by Administrator').waitFor();
    expect(await violations(page)).toEqual([]);

    await sql`update auth_sessions set proved_at = null`;
    await page.getByRole('button', { name: 'Back to paper' }).click();
    await page.getByText('Real money is traded').waitFor({ state: 'detached' });
    expect((await system.api<{ mode: string }>('/mode')).mode).toBe('paper');
    await expect.poll(() => page.title(), { timeout: patienceMs }).toMatch(/^PAPER /);
  });

  it('takes a newcomer from the invitation to a code and a recovery code', { timeout: 300_000 }, async () => {
    await sql`update auth_sessions set proved_at = now()`;
    const { link, name, email } = await invite('Ada', 'Trader');
    expect(await violations(page)).toEqual([]);
    const { context, other, home } = await elsewhere();
    await other.goto(link);
    await other.getByText(`${name}, you will sign in with`).waitFor();
    expect(other.url()).not.toContain('#');
    expect(await violations(other)).toEqual([]);
    await accept(other);
    const ask = askOnPage(other);
    const { secret } = await ask<{ secret: string }>('POST', '/me/second-factor');
    const code = codesOf(secret);
    const { codes } = await ask<{ codes: string[] }>('POST', '/me/second-factor/confirm', { code: await code() });

    await signOut(other, home);
    expect(await violations(other)).toEqual([]);
    await signIn(other, home, email);
    await other.getByLabel('Code', { exact: true }).fill(await code());
    await other.getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.getByRole('button', { name: 'Mode: paper. Change it' }).waitFor();

    await signOut(other, home);
    await signIn(other, home, email);
    await other.getByLabel('Code', { exact: true }).fill(codes[0]!);
    await other.getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.getByRole('button', { name: 'Mode: paper. Change it' }).waitFor();
    await context.close();
  });

  it('signs in with a passkey, and proves by it', { timeout: 300_000 }, async () => {
    await sql`update auth_sessions set proved_at = now()`;
    const { link, name } = await invite('Grace', 'Trader');
    const { context, other, home } = await elsewhere();
    await other.goto(link);
    await accept(other);
    const cdp = await context.newCDPSession(other);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
        ...{ isUserVerified: true, automaticPresenceSimulation: true },
      },
    });
    await other.getByLabel('Name of the new passkey').fill('Laptop');
    await other.getByRole('button', { name: 'Add a passkey' }).click();
    await other.getByRole('button', { name: 'Change Laptop' }).waitFor();
    await signOut(other, home);
    await other.getByRole('button', { name: 'Use a passkey' }).click();
    await other.getByRole('button', { name: 'Mode: paper. Change it' }).waitFor();
    expect(await askOnPage(other)('GET', '/me')).toMatchObject({ name });

    await sql`update auth_sessions set proved_at = null`;
    await other.goto(`${home}/account`);
    await other.getByRole('button', { name: 'Change Laptop' }).click();
    await other.getByRole('button', { name: 'Remove the passkey' }).click();
    await other.getByRole('button', { name: 'Use a passkey' }).click();
    await other.getByRole('button', { name: 'Change Laptop' }).waitFor({ state: 'detached' });
    const { sessions } = await askOnPage(other)<{ sessions: unknown[] }>('GET', '/me/account');
    expect(sessions).toHaveLength(1);
    await context.close();
  });

  it('locks out who guesses, says until when, and lets an administrator unlock', { timeout: 300_000 }, async () => {
    await sql`update auth_sessions set proved_at = now()`;
    const { link, name, email } = await invite('Vera', 'Viewer');
    const { context, other, home } = await elsewhere();
    await other.goto(link);
    await accept(other);
    await signOut(other, home);
    for (let at = 0; at < 5; at += 1) {
      await other.getByLabel('E-mail address').fill(email);
      await other.getByLabel('Password', { exact: true }).fill('wrong wrong wrong');
      const answered = other.waitForResponse((response) => response.url().endsWith('/api/auth/sign-in'));
      await other.getByRole('button', { name: 'Sign in', exact: true }).click();
      await answered;
    }
    await other.getByText('There were too many wrong tries').waitFor();
    await other.getByText('By this device’s clock, that is until').waitFor();
    expect(await violations(other)).toEqual([]);

    await page.goto(`${system.ready.dashboardUrl}/users`);
    await page.getByText('Locked out').first().waitFor();
    await page.getByRole('button', { name: `Change ${name}` }).click();
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByText(`${name} may try again.`).waitFor();
    expect(await violations(page)).toEqual([]);
    await signIn(other, home, email);

    // A viewer sees no way to trade, and is refused in words.
    await expect
      .poll(() => other.getByRole('button', { name: 'Mode: paper. Change it' }).isDisabled(), { timeout: patienceMs })
      .toBe(true);
    expect(await other.getByRole('button', { name: 'Kill switch. Stop entries' }).isDisabled()).toBe(true);
    await expect(askOnPage(other)('PUT', '/mode', { mode: 'paper' })).rejects.toThrow(
      'This takes the role trader; you are viewer',
    );
    await other.goto(`${home}/users`);
    await other.getByText('Only administrators see who may sign in').waitFor();
    await context.close();
  });

  it('shows people and accounts on a phone without a sideways scroll, and no page has thrown', {
    timeout: 300_000,
  }, async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/users', '/account']) {
      await page.goto(`${system.ready.dashboardUrl}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByText('Administrator').first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390);
      expect(await violations(page), path).toEqual([]);
    }
    expect(errors).toEqual([]);
  });
});

// On the whole system, in a real browser: an alert that traded real money is replayed on paper and on nothing else, each receipt links to the other
// and says what came of it; and a list of two thousand alerts is read to its end, by filters too, and stands still under the pointer.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, Order, Problem, Receipt, Signal } from '../contract/index.ts';
import { askOnPage, enrolSecondFactor } from '../testing/authenticator.ts';
import { violations } from '../testing/axe.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const patience = { timeout: 90_000 };

describe.skipIf(launched.browser === null)('receipts and the list of signals', () => {
  let database: TestDatabase;
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  let errors: string[];
  let live: Account;
  let first: string;

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    database = await createTestDatabase();
    system = await startSystem(dataDir, { DATABASE_URL: database.url });
    ({ page, errors } = await signedInPage(browser, system, 60_000));
    await page.getByRole('region', { name: 'How the account stands' }).waitFor();
  }, 240_000);
  afterAll(async () => {
    await closeAll(browser, system, dataDir);
    await database?.drop();
  }, 60_000);

  /** As the person who is signed in: some things a token must not do. */
  const asAdmin = <T>(method: string, path: string, body?: unknown): Promise<T> => askOnPage(page)(method, path, body);
  const open = (path: string) => page.goto(`${system.ready.dashboardUrl}${path}`);
  const receiptOf = (id: string) => system.api<Receipt>(`/signals/${id}/receipt`);
  const region = (name: string) => page.getByRole('region', { name, exact: true });

  it('begin with an alert that trades in production', async () => {
    await enrolSecondFactor(asAdmin);
    live = await asAdmin<Account>('POST', '/accounts', { name: 'live', venue: 'embedded', mode: 'production' });
    const reconciled = async () =>
      (await system.api<{ items: Account[] }>('/accounts')).items.every((one) => one.reconciledAt !== null);
    await expect.poll(reconciled, patience).toBe(true);
    await asAdmin('PUT', '/strategies/breakout', { settings: { shadow: false, stopDistance: '0.1' } });
    await asAdmin('PUT', '/mode', { mode: 'production', confirmation: 'trade real money' });
    const overrideReason = 'Both accounts are at the embedded exchange.';
    await asAdmin('POST', '/strategies/breakout/promote', { confirmation: 'breakout', overrideReason });
    const { body } = await system.post(
      JSON.stringify({
        ...{ signal: 'BUY', ticker: 'KO', mode: 'Production', quantity: 20, strategy: 'breakout', account: 'live' },
        ...{ id: 'once', timestamp: '2026-01-05T15:00:00Z' },
      }),
    );
    // It names an hour long past, which is what its replay must not be refused for.
    expect((await receiptOf(String(body.id))).signal.id).toBe(body.id);
    const sent = await system.post(
      JSON.stringify({
        signal: 'BUY',
        ticker: 'KO',
        mode: 'Production',
        quantity: 20,
        strategy: 'breakout',
        account: 'live',
      }),
    );
    first = String(sent.body.id);
    await expect.poll(async () => (await receiptOf(first)).signal.orderStatus, patience).toBe('filled');
    expect((await receiptOf(first)).signal).toMatchObject({ mode: 'production', accountId: live.id, replayOf: null });
    await expect
      .poll(async () => (await receiptOf(first)).steps.find(({ name }) => name === 'protected')?.at ?? null, patience)
      .not.toBeNull();
  });

  it('say how long each step took, what it slipped by and what is open of it', async () => {
    await open(`/signals/${first}`);
    const steps = region('What happened, and how long it took');
    await steps.getByText('Protected', { exact: true }).waitFor();
    await steps.getByText('Until its stop worked').waitFor();
    await region('Slippage').getByText('bps').waitFor();
    await region('What came of it').getByText('Long 20 KO').waitFor();
    await region('What came of it').getByText('20 still held.').waitFor();
  });

  it('replay it on paper alone, whatever the mode is, and link both ways', async () => {
    await page.getByRole('button', { name: 'Replay on paper' }).click();
    const sheet = page.getByRole('dialog', { name: 'Replay this alert on paper' });
    await sheet.getByText('though the alert asks for production').waitFor();
    await sheet.getByRole('button', { name: 'Replay on paper' }).click();
    await page.getByText('A replay on paper of').waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1)!;
    expect(id).not.toBe(first);
    await expect.poll(async () => (await receiptOf(id)).signal.orderStatus, patience).toBe('filled');
    const replay = await receiptOf(id);
    expect(replay.signal).toMatchObject({ mode: 'paper', replayOf: first, requestedMode: 'paper' });
    expect(replay.orders.map(({ mode }) => mode)).toEqual(['paper']);
    expect(replay.orders.some(({ accountId }) => accountId === live.id)).toBe(false);
    expect(replay.raw.body).toContain('Production');
    expect(replay.decision?.modeReasons[0]?.sentence).toContain('It is a replay');
    const { items } = await system.api<{ items: Order[] }>(`/orders?status=all&accountId=${live.id}`);
    expect(items.filter(({ role }) => role === 'entry')).toHaveLength(1);
    await page.getByRole('link', { name: 'an earlier alert' }).click();
    await region('Replays of it').getByText(/^by /).first().waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('replay the same one again as another, and one that is old as one of now', async () => {
    const again = await system.api<{ id: string }>(`/signals/${first}/replay`, { method: 'POST' });
    const old = (await system.api<{ items: Signal[] }>('/signals?limit=50')).items.find(
      (one) => one.code === 'INTAKE_STALE' || (one.status === 'denied' && one.replayOf === null),
    );
    expect((await receiptOf(first)).replays.map(({ id }) => id)).toContain(again.id);
    expect(old).toBeDefined();
    const fresh = await system.api<{ id: string }>(`/signals/${old!.id}/replay`, { method: 'POST' });
    await expect.poll(async () => (await receiptOf(fresh.id)).decision !== null, patience).toBe(true);
    const age = (await receiptOf(fresh.id)).decision!.verdicts.find(({ rule }) => rule === 'alert-age');
    expect(age?.verdict).toBe('pass');
  });

  it('refuse to replay what could not be read, and store nothing', async () => {
    const { body } = await system.post('{"signal":"BUY"}');
    const refused = await fetch(`${system.ready.apiUrl}/signals/${String(body.id)}/replay`, {
      method: 'POST',
      headers: { authorization: `Bearer ${system.ready.apiToken}` },
    });
    expect(refused.status).toBe(409);
    expect(((await refused.json()) as Problem).detail).toMatch(/nothing to replay[\s\S]*Nothing was sent/);
    expect((await receiptOf(String(body.id))).replays).toEqual([]);
  });

  it('list two thousand alerts to the last, page by page', async () => {
    await database.sql`
      insert into trading_signals (id, source, received_at, status, raw_body, proofs, ticker, side, strategy, parsed, code, sentence)
      select gen_random_uuid(), case when n % 2 = 0 then 'tradingview' else 'other' end, timestamptz '2026-01-05 15:00Z' + n * interval '1 minute',
        'denied', '{}', '{}', case when n % 500 = 0 then 'RARE' else 'KO' end, 'buy', 'old', '{"action":"buy","side":"buy"}', 'RISK_MAX_POSITION', 'Not sent.'
      from generate_series(1, 2000) n`;
    await open('/signals?strategy=old');
    const more = page.getByRole('button', { name: 'Load older alerts' });
    // Ten pages of two hundred; the button waits while one is on its way.
    for (let pages = 1; pages < 10; pages++) await more.click();
    await page.getByText('2,000 alerts: there are no older ones.').waitFor();
    // Rows beyond the screen do not exist, or two thousand would be slow.
    expect(await region('Signals').getByRole('row').count()).toBeLessThan(120);
    await page.getByLabel('Symbol').fill('rare');
    await page.getByLabel('Symbol').press('Enter');
    await page.getByText('4 alerts: there are no older ones.').waitFor();
    expect(page.url()).toContain('symbol=rare');
    await page.getByLabel('Source').selectOption('other');
    await page.getByText('No alert is like that.').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('');
    await open('/signals?from=2026-01-06&to=2026-01-06&strategy=old');
    await page.getByText('alerts so far').or(page.getByText('there are no older ones')).first().waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('stand still under the pointer, and say what is new', async () => {
    await open('/signals');
    const table = region('Signals');
    await table.getByRole('row').nth(1).hover();
    await system.post(JSON.stringify({ signal: 'BUY', ticker: 'XOM', mode: 'Paper', quantity: 1, strategy: 'still' }));
    const waiting = page.getByRole('button', { name: '1 new alert: show now' });
    await waiting.waitFor();
    expect(await table.getByRole('row', { name: /still/ }).count()).toBe(0);
    await waiting.click();
    await table.getByRole('row', { name: /still/ }).waitFor();
  });

  it('say that the list could not be read, and never that it is empty', async () => {
    await page.route('**/api/v1/signals?*', (route) => route.fulfill({ status: 500, body: '{}' }));
    await open('/signals?status=failed');
    await page.getByText('whether there are any is not known').waitFor();
    await page.unroute('**/api/v1/signals?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('No alert is like that.').waitFor();
  });

  it('begin on the overview with what is at risk and how the parts are', async () => {
    await open('/');
    const figures = region('How the account stands');
    await figures.getByText('lost if every stop is hit').or(figures.getByText('nothing is held')).first().waitFor();
    await region('Health').getByText('Database', { exact: false }).first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/', '/signals', `/signals/${first}`]) {
      await open(path);
      await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' });
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth), patience)
        .toBeLessThanOrEqual(390);
    }
    expect(errors).toEqual([]);
  });
});

// Positions, orders and the exchange's book in a real browser beside a running system, whose market stands still.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, ExchangeBookJson, Order, OrderDetail, Position } from '../contract/index.ts';
import { violations } from '../testing/axe.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const patience = { timeout: 60_000 };

describe.skipIf(launched.browser === null)('positions and orders beside a running system', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  let errors: string[];
  let account: Account;

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir, { EXCHANGE_PACE: '0' });
    ({ page, errors } = await signedInPage(browser, system, 60_000));
    await page.getByRole('region', { name: 'Send a first alert' }).waitFor();
    [account] = (await system.api<{ items: Account[] }>('/accounts')).items as [Account];
  }, 180_000);
  afterAll(() => closeAll(browser, system, dataDir), 30_000);

  const open = (path: string) => page.goto(`${system.ready.dashboardUrl}${path}`);
  const orders = async (query: string) => (await system.api<{ items: Order[] }>(`/orders?${query}`)).items;
  const held = async (symbol: string) => {
    const { items } = await system.api<{ items: Position[] }>('/positions');
    return Number(items.find((one) => one.symbol === symbol)?.quantity ?? '0');
  };
  const stops = async (symbol: string) =>
    (await orders(`status=open&symbol=${symbol}`)).filter(
      (one) => one.role === 'stop_loss' && (one.status === 'accepted' || one.status === 'held'),
    );
  const covered = async (symbol: string) =>
    (await stops(symbol)).reduce((sum, one) => sum + Number(one.quantity) - Number(one.filledQuantity), 0);
  /** Held, and covered by stops to the share. */
  async function settled(symbol: string, quantity: number): Promise<void> {
    await expect.poll(() => held(symbol), patience).toBe(quantity);
    await expect.poll(() => covered(symbol), patience).toBe(Math.abs(quantity));
  }
  async function send(alert: Record<string, unknown>): Promise<void> {
    const answer = await system.post(JSON.stringify({ mode: 'Paper', strategy: 'hand', ...alert }));
    expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  }
  const close = (symbol: string, query: string) =>
    system.api(`/positions/${account.id}/${symbol}/close?${query}`, { method: 'POST', body: '{}' });

  it('has a long and a short position, each covered by its stop', async () => {
    await system.api('/strategies/hand', { method: 'PUT', body: JSON.stringify({ settings: { allowShort: true } }) });
    await send({ signal: 'BUY', ticker: 'AAPL', quantity: 40 });
    await send({ signal: 'SELL', ticker: 'KO', quantity: 20 });
    await settled('AAPL', 40);
    await settled('KO', -20);
  }, 180_000);

  it('closes half of a long position, and the half that stays has its stop', async () => {
    await open('/positions');
    const row = page.getByRole('region', { name: 'Positions' }).getByRole('row').filter({ hasText: 'AAPL' });
    await row.getByRole('button', { name: 'Close', exact: true }).click();
    await page
      .getByRole('dialog', { name: 'Close 40 AAPL at market' })
      .getByText(/Its stop at [\d.]+ and its target at [\d.]+ are cancelled first/)
      .waitFor();
    await page.getByRole('dialog').getByLabel('Quantity').fill('41');
    await page.getByRole('dialog').getByText('At most the 40 that are held').waitFor();
    expect(
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /at market$/ })
        .isDisabled(),
    ).toBe(true);
    await page.getByRole('dialog').getByRole('button', { name: '50 %' }).click();
    const sheet = page.getByRole('dialog', { name: 'Close 20 AAPL at market' });
    expect(await sheet.innerText()).toMatch(/Sells 20 AAPL, worth about [\d,.]+ USD, at the market's price/);
    await sheet.getByText('The 20 that stay keep a stop').waitFor();
    await sheet.getByRole('button', { name: 'Close 20 AAPL at market' }).click();
    await page.getByText('The order to close 20 AAPL is on its way.').waitFor();
    await settled('AAPL', 20);
  });

  it('closes a part of a short position by the API, and refuses more than is held', async () => {
    await close('KO', 'quantity=5');
    await settled('KO', -15);
    await expect(close('KO', 'quantity=16')).rejects.toThrow('hand holds 15 KO, not 16. Nothing was sent.');
    await expect(close('KO', 'quantity=0')).rejects.toThrow(/400/);
    expect(await held('KO')).toBe(-15);
  });

  it('moves the stop of a position, with what it would cost', async () => {
    await open('/positions');
    await page
      .getByRole('region', { name: 'Positions' })
      .getByRole('row')
      .filter({ hasText: 'AAPL' })
      .getByText('AAPL')
      .click();
    await page.getByRole('complementary', { name: 'Detail' }).getByRole('button', { name: 'Move stop' }).click();
    const form = page.getByRole('form', { name: 'Move the stop' });
    const before = (await stops('AAPL'))[0]!;
    const to = (Number(before.stopPrice) - 1).toFixed(2);
    await form.getByLabel('Stop, USD').fill('1000000');
    await form.getByText(/a stop there closes the position at once, or is refused/).waitFor();
    await form.getByLabel('Stop, USD').fill(to);
    expect(await form.innerText()).toMatch(/If it is reached\s+−[\d,.]+ USD/);
    await form.getByRole('button', { name: /^Move the stop to / }).click();
    await expect
      .poll(async () => [...new Set((await stops('AAPL')).map((one) => Number(one.stopPrice)))], patience)
      .toEqual([Number(to)]);
    await expect.poll(() => covered('AAPL'), patience).toBe(20);
    expect(await violations(page)).toEqual([]);
  });

  it('tells an order’s life on a page of its own, with its legs, its fills and what took its place', async () => {
    const [entry] = (await orders('status=closed&symbol=AAPL')).filter((one) => one.role === 'entry');
    const read = await system.api<OrderDetail>(`/orders/${entry!.id}`);
    expect(read.events.map(({ kind }) => kind)).toContain('execution.recorded');
    expect(new Set(read.events.map(({ orderId }) => orderId)).size).toBeGreaterThan(1);
    await open('/orders?show=closed&symbol=AAPL&role=entry');
    const table = page.getByRole('region', { name: 'Orders' });
    await table.getByRole('row').filter({ hasText: 'AAPL' }).first().getByText('AAPL').click();
    await page.getByRole('link', { name: 'Its life, fills and legs' }).click();
    await page.getByRole('heading', { level: 1, name: 'Buy 40 AAPL' }).waitFor();
    const life = page.getByRole('list', { name: 'Its life' });
    await life.getByText('Execution recorded').first().waitFor();
    expect(await life.getByRole('listitem').count()).toBe(read.events.length);
    expect(await violations(page)).toEqual([]);
    const moved = (await orders('symbol=AAPL')).find((one) => one.replacesId !== null)!;
    await open(`/orders/${moved.replacesId}`);
    await page.getByRole('link', { name: 'The order that took its place' }).click();
    await page.waitForURL(`**/orders/${moved.id}`);
  });

  it('shows who rests at which price in the exchange’s book', async () => {
    const book = () => system.api<ExchangeBookJson>('/exchange/book?symbol=MSFT');
    const { bids } = await book();
    const limit = (Number(bids[0]!.price) - 5).toFixed(2);
    await send({ signal: 'BUY', ticker: 'MSFT', quantity: 3, orderType: 'limit', limitPrice: Number(limit) });
    await expect.poll(async () => (await book()).bids.some(({ orders: own }) => own.length > 0), patience).toBe(true);
    await open('/exchange?book=MSFT');
    const panel = page.getByRole('region', { name: 'Order book' });
    const level = panel.getByRole('list', { name: 'Bids' }).getByRole('listitem').filter({ hasText: limit });
    await level.getByText('Buy 3 limit').waitFor();
    await level.getByText(account.name).waitFor();
    await panel.getByRole('list', { name: 'Bids' }).getByText('The simulated market’s quote').first().waitFor();
    // Its stop and its target wait for it.
    await expect
      .poll(() => panel.getByRole('list', { name: 'Waiting orders' }).getByRole('listitem').count(), patience)
      .toBeGreaterThanOrEqual(2);
    await panel.getByRole('combobox', { name: 'Symbol' }).fill('nosuch');
    await panel.getByRole('button', { name: 'Show' }).click();
    await panel.getByRole('alert').getByText('There is no NOSUCH at the embedded exchange.').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('reads orders older than those that are there, page by page, to the first', async () => {
    // As if there were hundreds: pages of two.
    await page.route('**/api/v1/orders?*', (route) =>
      route.continue({ url: route.request().url().replace('limit=500', 'limit=2') }),
    );
    await open('/orders?show=closed&symbol=AAPL');
    const all = await orders('status=closed&symbol=AAPL&limit=500');
    expect(all.length).toBeGreaterThan(4);
    const more = page.getByRole('button', { name: 'Read older orders' });
    const rows = page.getByRole('region', { name: 'Orders' }).getByRole('row');
    await more.waitFor();
    expect((await rows.count()) - 1).toBeLessThan(all.length);
    for (let left = all.length; left > 0 && (await more.isVisible()); left--) {
      const before = await rows.count();
      await more.click();
      await expect.poll(async () => (await rows.count()) > before || !(await more.isVisible()), patience).toBe(true);
    }
    await page.getByText('There are no older orders.').waitFor();
    await expect.poll(async () => (await rows.count()) - 1, patience).toBe(all.length);
    await page.unroute('**/api/v1/orders?*');
  });

  it('closes everything after a word on how much that is, and trading goes on', async () => {
    await open('/positions');
    await page.getByRole('button', { name: 'Close all…' }).click();
    const sheet = page.getByRole('dialog', { name: 'Close 2 positions at market' });
    await sheet.getByText(/worth about [\d,.]+ USD; profit or loss so far/).waitFor();
    expect(await sheet.getByRole('list', { name: 'What is closed' }).getByRole('listitem').count()).toBe(2);
    expect(await violations(page)).toEqual([]);
    await sheet.getByRole('button', { name: 'Close 2 positions at market' }).click();
    await page.getByText('The orders to close 2 positions are on their way.').waitFor();
    await expect.poll(async () => [await held('AAPL'), await held('KO')], patience).toEqual([0, 0]);
    await expect.poll(async () => [...(await stops('AAPL')), ...(await stops('KO'))].length, patience).toBe(0);
    await page.getByText('Nothing is held.').waitFor();
    expect(await page.getByRole('button', { name: 'Close all…' }).isDisabled()).toBe(true);
    const { engaged } = await system.api<{ engaged: unknown[] }>('/kill-switch');
    expect(engaged).toEqual([]);
  });

  it('fits a phone, and throws nothing', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/positions', '/orders', '/exchange?book=MSFT']) {
      await open(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(390);
    }
    expect(errors).toEqual([]);
  });
});

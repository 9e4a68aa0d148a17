// Charts, positions and the exchange's book in a real browser beside a running system, whose market stands still unless it is told to jump.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExchangeBookJson, Order, Position } from '../contract/index.ts';
import { violations } from '../testing/axe.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const patience = { timeout: 60_000 };

describe.skipIf(launched.browser === null)('charts beside a running system', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir, { EXCHANGE_PACE: '0' });
    ({ page, errors } = await signedInPage(browser, system, 60_000));
    await page.getByRole('region', { name: 'Send a first alert' }).waitFor();
  }, 180_000);
  afterAll(() => closeAll(browser, system, dataDir), 30_000);

  const open = (path: string) => page.goto(`${system.ready.dashboardUrl}${path}`);
  const orders = async (query: string) => (await system.api<{ items: Order[] }>(`/orders?${query}`)).items;
  const stopOf = async (symbol: string) =>
    (await orders(`status=open&symbol=${symbol}`)).find(
      (order) => order.role === 'stop_loss' && ['held', 'accepted'].includes(order.status),
    );
  const held = async (symbol: string) => {
    const { items } = await system.api<{ items: Position[] }>('/positions');
    return Number(items.find((one) => one.symbol === symbol)?.quantity ?? '0');
  };
  const stopLine = () => page.getByRole('slider', { name: /^Stop of/ });
  const priceOf = async () => Number(await stopLine().getAttribute('aria-valuenow'));
  const send = (alert: Record<string, unknown>) =>
    system.post(JSON.stringify({ mode: 'Paper', strategy: 'hand', ...alert }));

  /** Held long with a stop and a target, of which none is near enough to be reached. */
  async function hold(ticker: string, quantity: number, signal = 'BUY'): Promise<void> {
    expect((await send({ signal, ticker, quantity })).status).toBe(202);
    await expect.poll(() => held(ticker), patience).toBe(signal === 'BUY' ? quantity : -quantity);
    await expect.poll(async () => (await stopOf(ticker))?.stopPrice ?? null, patience).not.toBeNull();
  }

  it('teaches what stands there where nothing is held, and says in words that a symbol is none', async () => {
    await open('/charts');
    await page.getByText('Type a symbol to see its prices').waitFor();
    await page.getByRole('combobox', { name: 'Symbol' }).fill('nosuch');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('alert').getByText('The paper exchange knows no NOSUCH.').waitFor();
    await page.getByRole('heading', { level: 1, name: 'NOSUCH' }).waitFor();
  });

  it('shows the prices of what is held with its lines, its feed and its age', async () => {
    await hold('AAPL', 40);
    await open('/charts');
    await page.getByRole('heading', { level: 1, name: 'AAPL' }).waitFor();
    await page.getByText('The paper exchange’s own simulated market.').waitFor();
    await stopLine().waitFor();
    await page.getByRole('slider', { name: /^Target of 40 AAPL/ }).waitFor();
    expect(await priceOf()).toBe(Number((await stopOf('AAPL'))!.stopPrice));
    expect(await page.title()).toMatch(/^PAPER .*AAPL/);
    await page.getByText('The same as tables').click();
    const bars = page.getByRole('region', { name: 'The newest bars of AAPL' });
    expect(await bars.getByRole('row').count()).toBeGreaterThan(20);
    const happened = page.getByRole('list', { name: 'What happened in AAPL' });
    await happened.getByRole('link', { name: /^40 @ / }).waitFor();
    await happened.getByRole('link', { name: 'Buy', exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('moves a stop with the mouse: asks with the consequence in money, and the exchange has the new one', async () => {
    const before = (await stopOf('AAPL'))!;
    const drag = async (byPixels: number) => {
      const box = (await stopLine().locator('span').last().boundingBox())!;
      await page.mouse.move(box.x + 5, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + 5, box.y + box.height / 2 + byPixels / 2, { steps: 4 });
      await page.mouse.move(box.x + 5, box.y + box.height / 2 + byPixels, { steps: 4 });
      await page.mouse.up();
    };
    await page.evaluate('scrollTo(0, 0)');
    await drag(24);
    const sheet = page.getByRole('dialog', { name: /^Move the stop of 40 AAPL to/ });
    await sheet.getByText('Play money.').waitFor();
    const words = await sheet.innerText();
    expect(words).toMatch(/If it is reached\s+−[\d,.]+ USD/);
    expect(words).toMatch(/Moves by\s+−[\d.]+ USD/);
    // Esc puts it back, and nothing was sent.
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await expect.poll(priceOf, patience).toBe(Number(before.stopPrice));
    expect((await stopOf('AAPL'))!.id).toBe(before.id);

    await drag(24);
    await sheet.waitFor();
    const to = /to ([\d.]+)$/.exec((await sheet.getByRole('heading').innerText()).trim())![1]!;
    expect(Number(to)).toBeLessThan(Number(before.stopPrice));
    await sheet.getByRole('button', { name: `Move it to ${to}` }).click();
    await expect.poll(async () => Number((await stopOf('AAPL'))?.stopPrice), patience).toBe(Number(to));
    await page.getByText(`The stop of AAPL is at ${to} now.`).waitFor();
    const now = (await stopOf('AAPL'))!;
    expect(now.id).not.toBe(before.id);
    const { waiting } = await system.api<ExchangeBookJson>('/exchange/book?symbol=AAPL');
    expect(waiting.map(({ id }) => id)).toContain(now.brokerOrderId);
    await expect.poll(priceOf, patience).toBe(Number(to));
  });

  it('drags a line that stands beyond the prices that are shown by as much as the pointer goes', async () => {
    const target = page.getByRole('slider', { name: /^Target of 40 AAPL/ });
    const order = (await orders('status=open&symbol=AAPL')).find((one) => one.role === 'take_profit')!;
    const from = Number((Number(order.limitPrice) * 1.1).toFixed(2));
    await system.api(`/orders/${order.id}`, { method: 'PATCH', body: JSON.stringify({ limitPrice: String(from) }) });
    await expect.poll(async () => Number(await target.getAttribute('aria-valuenow')), patience).toBe(from);
    const label = async () => (await target.locator('span').last().boundingBox())!;
    const top = (await page.getByRole('group', { name: /^Prices of AAPL/ }).boundingBox())!.y;
    await expect.poll(async () => Math.round((await label()).y + (await label()).height / 2 - top), patience).toBe(14);
    const name = await label();
    await page.mouse.move(name.x + 5, name.y + 5);
    await page.mouse.down();
    await page.mouse.move(name.x + 5, name.y - 15, { steps: 4 });
    await page.mouse.up();
    const sheet = page.getByRole('dialog', { name: /^Move the target of 40 AAPL to/ });
    const to = /to ([\d.]+)$/.exec((await sheet.getByRole('heading').innerText()).trim())![1]!;
    expect(Number(to)).toBeGreaterThan(from);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
  });

  it('moves it with the keyboard, tick by tick', async () => {
    const from = Number((await stopOf('AAPL'))!.stopPrice);
    await stopLine().focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    const to = (from - 0.09).toFixed(2);
    await expect.poll(priceOf, patience).toBe(Number(to));
    await page.keyboard.press('Escape');
    await expect.poll(priceOf, patience).toBe(from);
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    const sheet = page.getByRole('dialog', { name: `Move the stop of 40 AAPL to ${to}` });
    await sheet.getByRole('button', { name: `Move it to ${to}` }).click();
    await expect.poll(async () => Number((await stopOf('AAPL'))?.stopPrice), patience).toBe(Number(to));
  });

  it('says why a move was refused, and puts the line back', async () => {
    const stop = (await stopOf('AAPL'))!;
    await expect.poll(priceOf, patience).toBe(Number(stop.stopPrice));
    await stopLine().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const sheet = page.getByRole('dialog', { name: /^Move the stop/ });
    await sheet.waitFor();
    // Somebody cancels it meanwhile.
    await system.api(`/orders/${stop.id}/cancel`, { method: 'POST', body: '{}' });
    await expect
      .poll(async () => (await orders('symbol=AAPL')).find(({ id }) => id === stop.id)?.status, patience)
      .toBe('canceled');
    await sheet.getByRole('button', { name: /^Move it to/ }).click();
    await sheet.getByRole('alert').getByText('The order has ended already. Nothing was changed.').waitFor();
    await sheet.getByRole('button', { name: /^Leave it at/ }).click();
    await sheet.waitFor({ state: 'detached' });
    // Whatever protects it now is what is shown.
    await expect
      .poll(async () => Number((await stopOf('AAPL'))?.stopPrice ?? 0) === (await priceOf().catch(() => -1)), patience)
      .toBe(true);
  });

  it('says in the broker’s words that it refused a move, and shows the line where it stands', async () => {
    await expect.poll(async () => (await stopOf('AAPL'))?.status ?? null, patience).toBe('accepted');
    await system.api('/exchange/faults', {
      method: 'POST',
      body: JSON.stringify({ kind: 'reject', match: { method: 'PATCH' }, count: 1 }),
    });
    const from = (await stopOf('AAPL'))!.stopPrice!;
    await expect.poll(priceOf, patience).toBe(Number(from));
    await stopLine().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Move it to/ })
      .click();
    await page.getByText(/^Not moved: /).waitFor();
    await expect.poll(priceOf, patience).toBe(Number(from));
    expect((await stopOf('AAPL'))!.stopPrice).toBe(from);
  });

  it('draws indicators that a person chose, with their parameters, and keeps them', async () => {
    const chosen = page.getByRole('list', { name: 'Indicators' });
    await chosen.getByRole('button', { name: 'Add an indicator…' }).click();
    const form = page.getByRole('form', { name: 'Indicator' });
    await form.getByLabel('Indicator', { exact: true }).selectOption('rsi');
    await form.getByLabel('Bars', { exact: true }).fill('0');
    expect(await form.getByRole('button', { name: 'Add it' }).isDisabled()).toBe(true);
    await form.getByLabel('Bars', { exact: true }).fill('9');
    await form.getByRole('button', { name: 'Add it' }).click();
    await chosen.getByRole('button', { name: 'Change RSI 9' }).waitFor();
    const bars = page.getByRole('region', { name: 'The newest bars of AAPL' });
    if (!(await bars.isVisible())) await page.getByText('The same as tables').click();
    await bars.getByRole('columnheader', { name: 'RSI 9' }).waitFor();
    await chosen.getByRole('button', { name: 'Change EMA 20' }).click();
    await form.getByLabel('Bars', { exact: true }).fill('50');
    await form.getByRole('button', { name: 'Change it' }).click();
    await bars.getByRole('columnheader', { name: 'EMA 50' }).waitFor();
    await page.getByRole('button', { name: '1h: 1 hour' }).click();
    await page.reload();
    await chosen.getByRole('button', { name: 'Change RSI 9' }).waitFor();
    expect(await page.getByRole('button', { name: '1h: 1 hour' }).getAttribute('aria-pressed')).toBe('true');
    await chosen.getByRole('button', { name: 'Take RSI 9 away' }).click();
    await chosen.getByRole('button', { name: 'Change RSI 9' }).waitFor({ state: 'detached' });
  });

  it('follows the market while it is looked at', async () => {
    await open('/charts?symbol=AAPL');
    const shown = async () =>
      Number(/([\d.]+)\s*USD, between bid and ask/.exec(await page.locator('main').innerText())?.[1]);
    await expect.poll(shown, patience).toBeGreaterThan(0);
    const before = await shown();
    await system.api('/exchange/faults', {
      method: 'POST',
      body: JSON.stringify({ kind: 'price_jump', match: { symbol: 'AAPL' }, percent: 0.4, seconds: 1 }),
    });
    await expect.poll(shown, patience).toBeGreaterThan(before);
  });

  it('moves an entry that has not filled', async () => {
    const { bids } = await system.api<ExchangeBookJson>('/exchange/book?symbol=MSFT');
    const limitPrice = Number((Number(bids[0]!.price) * 0.99).toFixed(2));
    await send({ signal: 'BUY', ticker: 'MSFT', quantity: 3, orderType: 'limit', limitPrice });
    const entry = async () =>
      (await orders('status=open&symbol=MSFT')).find((one) => one.role === 'entry' && one.status === 'accepted');
    await expect.poll(async () => Number((await entry())?.limitPrice), patience).toBe(limitPrice);
    await open('/charts?symbol=MSFT');
    const line = page.getByRole('slider', { name: /^Entry of 3 MSFT/ });
    await line.focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    const to = (limitPrice + 0.01).toFixed(2);
    const sheet = page.getByRole('dialog', { name: `Move the entry of 3 MSFT to ${to}` });
    expect(await sheet.innerText()).toMatch(/Worth\s+[\d,.]+ USD/);
    await sheet.getByRole('button', { name: `Move it to ${to}` }).click();
    await expect.poll(async () => Number((await entry())?.limitPrice), patience).toBe(Number(to));
  });

  it('shows the lines to those who may not trade, and does not let them be moved', async () => {
    await page.route('**/api/v1/me', async (route) => {
      const me = (await (await route.fetch()).json()) as object;
      await route.fulfill({ json: { ...me, role: 'viewer' } });
    });
    await open('/charts?symbol=AAPL');
    await page.getByText('Moving stops and targets takes the role trader.').waitFor();
    await page.getByText('Stop', { exact: true }).first().waitFor();
    expect(await page.getByRole('slider').count()).toBe(0);
    await page.unroute('**/api/v1/me');
  });

  it('is moved by a finger as well', async () => {
    await open('/charts?symbol=AAPL');
    await stopLine().waitFor();
    await page.evaluate('scrollTo(0, 0)');
    const touch = await page.context().newCDPSession(page);
    await touch.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 1 });
    const box = (await stopLine().locator('span').last().boundingBox())!;
    const [x, y] = [box.x + 4, box.y + box.height / 2];
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    for (const by of [6, 12, 18, 24])
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x, y: y + by }] });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    const sheet = page.getByRole('dialog', { name: /^Move the stop/ });
    await sheet.getByRole('button', { name: /^Leave it at/ }).click();
    await sheet.waitFor({ state: 'detached' });
    await touch.send('Emulation.setTouchEmulationEnabled', { enabled: false });
  });

  it('fits a phone, and throws nothing', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open('/charts?symbol=AAPL&tf=1d');
    await stopLine().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});

// A whole day of signals on the whole system, watched in a real browser, at an exchange whose prices the test says: entries of three
// strategies in the morning, the same alert twice, one that cannot be read, one that a person approves; a stop and a target that are reached;
// a halt and its end; an exit; a reversal; the end of the day. At each point the page shows what the exchange holds, without a reload.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system-clock.ts';
import type { Order, Position, Receipt } from '../contract/index.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { startTestExchange } from '../testing/exchange.ts';
import { askerOf, newDataDir, type System, startSystem } from '../testing/system.ts';
import { setWideLimits } from '../testing/wide-limits.ts';

const launched = await launchBrowser();
const patience = { timeout: 50_000 };

describe.skipIf(launched.browser === null)('a day', { timeout: 240_000 }, () => {
  let exchange: Awaited<ReturnType<typeof startTestExchange>>;
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  let errors: string[];
  const strangers: string[] = [];

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    exchange = await startTestExchange();
    for (const [symbol, bid] of Object.entries({ AAPL: 150, MSFT: 300, KO: 60, PEP: 170, DIS: 90 }))
      await quote(symbol, bid);
    const { url, keyId, secretKey } = exchange;
    system = await startSystem(dataDir, { EXCHANGE_URL: url, EXCHANGE_KEY_ID: keyId, EXCHANGE_SECRET_KEY: secretKey });
    const ask = askerOf(system);
    await setWideLimits(ask);
    await ask('PUT', '/strategies/morning', { settings: { allowShort: true, takeProfitRiskMultiple: null } });
    await ask('PUT', '/strategies/careful', { settings: { approval: { when: 'always', notional: null } } });
    ({ page, errors } = await signedInPage(browser, system));
    page.on('request', (request) => {
      if (!request.url().startsWith(system.ready.dashboardUrl) && !/^(data|blob):/.test(request.url()))
        strangers.push(request.url());
    });
    await page.goto(`${system.ready.dashboardUrl}/signals`);
    await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' });
  }, 180_000);
  afterAll(async () => {
    await closeAll(browser, system, dataDir);
    await exchange?.stop();
  }, 60_000);

  const quote = (symbol: string, bid: number) => exchange.setQuote(symbol, bid, bid + 0.02);
  const send = async (alert: Record<string, unknown>): Promise<string> => {
    const answer = await system.post(
      JSON.stringify({ strategy: 'morning', timestamp: systemClock.now().toISOString(), ...alert }),
    );
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 202 });
    return answer.body.id as string;
  };
  const receipt = (id: string) => system.api<Receipt>(`/signals/${id}/receipt`);
  const held = async () =>
    Object.fromEntries(
      (await system.api<{ items: Position[] }>('/positions')).items.map((one) => [one.symbol, Number(one.quantity)]),
    );
  const stopsOf = async (symbol: string) =>
    (await system.api<{ items: Order[] }>(`/orders?status=open&symbol=${symbol}`)).items
      .filter((order) => order.role === 'stop_loss' && (order.status === 'accepted' || order.status === 'held'))
      .reduce((sum, order) => sum + Number(order.quantity), 0);
  /** The row of the newest signal of a ticker, on a page that was opened before that signal came. */
  const row = (ticker: string) => page.getByRole('row').filter({ hasText: ticker }).first();

  it('opens with entries, each filled and protected, and shows them as they come', async () => {
    await send({ signal: 'BUY', ticker: 'AAPL', quantity: 40, stopLoss: 148, takeProfit: 155 });
    await send({ signal: 'BUY', ticker: 'MSFT', quantity: 10, stopLoss: 295 });
    await send({ signal: 'SELL', ticker: 'KO', quantity: 50, stopLoss: 62 });
    await expect.poll(held, patience).toEqual({ AAPL: 40, MSFT: 10, KO: -50 });
    for (const [symbol, quantity] of [
      ['AAPL', 40],
      ['MSFT', 10],
      ['KO', 50],
    ] as const) {
      await expect.poll(() => stopsOf(symbol), patience).toBe(quantity);
      await row(symbol).getByText('Filled').waitFor(patience);
    }
  });

  it('takes an alert once that comes twice, and says of one that cannot be read what is wrong', async () => {
    const body = JSON.stringify({
      strategy: 'morning',
      signal: 'BUY',
      ticker: 'PEP',
      quantity: 5,
      stopLoss: 168,
      timestamp: systemClock.now().toISOString(),
    });
    await quote('PEP', 170);
    const [first, second] = [await system.post(body), await system.post(body)];
    expect([first.status, second.status]).toEqual([202, 200]);
    expect(second.body.id).toBe(first.body.id);
    expect(await system.post('{"signal":"BYE","ticker":"PEP"}')).toMatchObject({ status: 400 });
    await expect.poll(async () => (await held()).PEP, patience).toBe(5);
    await row('PEP').getByText('Filled').waitFor(patience);
  });

  it('asks a person, and sends what was approved', async () => {
    await quote('DIS', 90);
    const id = await send({ signal: 'BUY', ticker: 'DIS', quantity: 20, stopLoss: 88, strategy: 'careful' });
    await page.getByRole('banner').getByRole('link', { name: '1 waiting for you' }).click();
    await page
      .getByRole('article', { name: /DIS of careful/ })
      .getByRole('button', { name: /^Approve/ })
      .click();
    await expect.poll(async () => (await held()).DIS, patience).toBe(20);
    expect((await receipt(id)).approvals).toMatchObject([{ outcome: 'approved' }]);
  });

  it('sells at a stop and at a target that were reached, and shows what they came to', async () => {
    await page.goto(`${system.ready.dashboardUrl}/positions`);
    const positions = page
      .getByRole('region', { name: /positions/i })
      .or(page.getByRole('table'))
      .first();
    await positions.getByText('AAPL').first().waitFor(patience);
    await quote('AAPL', 155.2);
    await quote('MSFT', 294.5);
    await expect.poll(held, patience).toEqual({ KO: -50, PEP: 5, DIS: 20 });
    await positions
      .getByText('AAPL')
      .first()
      .waitFor({ state: 'detached', ...patience });
    await expect.poll(() => stopsOf('AAPL'), patience).toBe(0);
    const filled = (await system.api<{ items: Order[] }>('/orders?status=all&limit=200')).items.filter(
      (order) => order.status === 'filled' && order.role !== 'entry',
    );
    expect(filled.map((order) => [order.symbol, order.role, Number(order.quantity)]).sort()).toEqual([
      ['AAPL', 'take_profit', 40],
      ['MSFT', 'stop_loss', 10],
    ]);
  });

  it('denies entries while they are stopped, lets exits through, and takes entries again after', async () => {
    await page.getByRole('button', { name: 'Kill switch. Stop entries' }).click();
    await page.getByLabel('Reason').fill('the news at noon');
    await page.getByRole('button', { name: 'Stop entries', exact: true }).click();
    await page.getByRole('button', { name: 'Kill switch is on. Release it' }).waitFor();
    await quote('AAPL', 150);
    const denied = await send({ signal: 'BUY', ticker: 'AAPL', quantity: 20, stopLoss: 148 });
    await expect.poll(async () => (await receipt(denied)).signal.status, patience).toBe('denied');
    await quote('PEP', 171);
    await send({ signal: 'EXIT', ticker: 'PEP' });
    await expect.poll(async () => (await held()).PEP ?? 0, patience).toBe(0);
    await page.getByRole('button', { name: 'Kill switch is on. Release it' }).click();
    await page.getByLabel('Reason').fill('the news was nothing');
    await page.getByRole('button', { name: 'Take entries again' }).click();
    await page.getByRole('button', { name: 'Kill switch. Stop entries' }).waitFor();
    // Another strategy's: the same signal of one strategy is taken once in a bar.
    await quote('AAPL', 150);
    await send({ signal: 'BUY', ticker: 'AAPL', quantity: 20, stopLoss: 148, strategy: 'afternoon' });
    await quote('PEP', 171);
    await send({ signal: 'BUY', ticker: 'PEP', quantity: 6, stopLoss: 168, strategy: 'afternoon' });
    await expect.poll(held, patience).toEqual({ KO: -50, DIS: 20, AAPL: 20, PEP: 6 });
  });

  it('turns a short into a long when the alert says so', async () => {
    await quote('KO', 59);
    await send({ signal: 'REVERSE', ticker: 'KO', quantity: 30, stopLoss: 58 });
    await expect.poll(async () => (await held()).KO, patience).toBe(30);
    await expect.poll(() => stopsOf('KO'), patience).toBe(30);
  });

  const strategyOf: Readonly<Record<string, string>> = { DIS: 'careful', AAPL: 'afternoon', PEP: 'afternoon' };

  it('ends flat, with every alert accounted for and the page without an error', async () => {
    for (const symbol of Object.keys(await held()))
      await send({ signal: 'EXIT', ticker: symbol, strategy: strategyOf[symbol] ?? 'morning' });
    await expect.poll(held, patience).toEqual({});
    await expect
      .poll(async () => (await system.api<{ items: Order[] }>('/orders?status=open')).items.length, patience)
      .toBe(0);
    await page.goto(system.ready.dashboardUrl);
    await page.getByRole('list', { name: 'Live signals' }).getByText('DIS').first().waitFor();
    const { items } = await system.api<{ items: { status: string }[] }>('/signals?limit=100');
    expect(items.filter((one) => one.status === 'accepted' || one.status === 'deciding')).toEqual([]);
    expect(errors).toEqual([]);
    expect(strangers).toEqual([]);
  });
});

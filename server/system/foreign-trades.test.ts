// On the whole system: somebody trades the account at the broker, by hand. The books follow by themselves, the page of the account shows it,
// and a person makes the order and the shares a strategy's there.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, Foreign, Reconciliation, Status } from '../contract/index.ts';
import { launchBrowser } from '../testing/browser.ts';
import { newDataDir, removeDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();

describe('what somebody else trades in the account', () => {
  let system: System;
  let dataDir: string;
  let account: Account;
  let browser: Browser | undefined;
  let page: Page;

  beforeAll(async () => {
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    const { items } = await system.api<{ items: Account[] }>('/accounts');
    account = items[0]!;
    if (launched.browser === null) return;
    browser = launched.browser;
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    await page.goto(/Sign in\s+(\S+)/.exec(system.output())![1]!);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
    if (dataDir) await removeDataDir(dataDir);
  }, 30_000);

  const byHand = async (order: Record<string, string>) => {
    const { url, keyId, secretKey } = system.ready.exchange;
    const response = await fetch(`${url}/v2/orders`, {
      method: 'POST',
      headers: { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secretKey, 'content-type': 'application/json' },
      body: JSON.stringify(order),
    });
    if (!response.ok) throw new Error(await response.text());
  };
  const foreign = () => system.api<Foreign>(`/accounts/${account.id}/foreign`);
  const compare = () => system.api<Reconciliation>(`/accounts/${account.id}/reconcile`, { method: 'POST' });

  it('is in the books by itself, and nothing is degraded by it', async () => {
    await byHand({ symbol: 'AAPL', side: 'buy', qty: '7', type: 'market', time_in_force: 'day' });
    await byHand({ symbol: 'KO', side: 'buy', qty: '3', type: 'limit', limit_price: '1', time_in_force: 'gtc' });
    await expect.poll(async () => (await foreign()).trades.length, { timeout: 20_000 }).toBeGreaterThan(0);
    const run = await compare();
    expect(run.differences.filter((one) => one.state === 'open')).toEqual([]);
    expect(run.compared).toMatchObject({ foreignOrders: 1 });
    const { lots, orders } = await foreign();
    expect(lots.map((lot) => [lot.symbol, lot.strategy])).toEqual([['AAPL', 'external']]);
    expect(orders.map((order) => [order.symbol, order.quantity])).toEqual([['KO', '3']]);
    const { health } = await system.api<Status>('/status');
    expect(health.components.find((one) => one.name.startsWith('Broker'))?.state).toBe('ok');
  });

  it.skipIf(launched.browser === null)(
    'is marked once the broker took it back, and what was changed is there as it holds',
    async () => {
      await byHand({ symbol: 'PEP', side: 'buy', qty: '4', type: 'market', time_in_force: 'day' });
      await byHand({ symbol: 'DIS', side: 'buy', qty: '6', type: 'market', time_in_force: 'day' });
      const of = async (symbol: string) => (await foreign()).trades.filter((one) => one.symbol === symbol);
      await expect
        .poll(async () => [...(await of('PEP')), ...(await of('DIS'))].map((one) => one.takenBackAt), {
          timeout: 20_000,
        })
        .toEqual([null, null]);
      const amend = async (symbol: string, what: string, body: object) => {
        const [trade] = await of(symbol);
        await system.api(`/exchange/trades/${trade!.executionId}/${what}`, {
          method: 'POST',
          body: JSON.stringify(body),
        });
      };
      await amend('PEP', 'take-back', {});
      await amend('DIS', 'correct', { quantity: '5' });
      const shown = async (symbol: string) =>
        (await of(symbol)).map((one) => [one.quantity, one.takenBackAt === null]).sort();
      await expect.poll(() => shown('PEP'), { timeout: 20_000 }).toEqual([['4', false]]);
      await expect
        .poll(() => shown('DIS'), { timeout: 20_000 })
        .toEqual([
          ['5', true],
          ['6', false],
        ]);
      await page.goto(`${system.ready.dashboardUrl}/accounts/${account.id}`);
      const listed = page.getByRole('list', { name: 'Foreign trades' }).getByRole('listitem');
      await listed.filter({ hasText: 'Bought 4 PEP' }).getByText('taken back by the broker').waitFor();
      await listed.filter({ hasText: 'Bought 6 DIS' }).getByText('taken back by the broker').waitFor();
      await listed.filter({ hasText: 'Bought 5 DIS' }).waitFor();
      expect(await listed.getByText('taken back').count()).toBe(2);
      // Whose the shares are is another matter: nobody here has those of the one that holds, until somebody is given them.
      await byHand({ symbol: 'DIS', side: 'sell', qty: '5', type: 'market', time_in_force: 'day' });
      await expect
        .poll(async () => (await foreign()).lots.map((lot) => lot.symbol), { timeout: 20_000 })
        .toEqual(['AAPL']);
    },
  );

  it.skipIf(launched.browser === null)('is made a strategy’s by a person, on the account’s page', async () => {
    await page.goto(`${system.ready.dashboardUrl}/accounts/${account.id}`);
    const resting = page.getByRole('list', { name: 'Foreign orders' }).getByRole('listitem');
    await resting.filter({ hasText: 'KO' }).getByRole('button', { name: 'Adopt' }).click();
    await page.getByLabel('Reason').fill('it was mine');
    await page.getByRole('button', { name: 'Adopt the order' }).click();
    await expect
      .poll(async () => (await foreign()).adopted.map((one) => one.symbol), { timeout: 20_000 })
      .toEqual(['KO']);
    const shares = page.getByRole('list', { name: 'Shares by strategy' }).getByRole('listitem');
    await shares.filter({ hasText: 'AAPL' }).getByRole('button', { name: 'Adopt' }).click();
    await page.getByRole('textbox', { name: 'Shares' }).fill('7');
    await page.getByLabel('Reason').fill('look after them');
    await page.getByRole('button', { name: 'Adopt the shares' }).click();
    await expect
      .poll(async () => (await foreign()).lots.map((lot) => lot.strategy), { timeout: 20_000 })
      .not.toContain('external');
    expect((await compare()).differences.filter((one) => one.state === 'open')).toEqual([]);
  });
});

// A strategy that trades production with its shadow on paper, on a running system with two accounts: one alert is filled in both, how far they
// are apart is measured and served, and whatever becomes of the shadow changes nothing of production.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Account, DriftJson, Receipt, Signal } from '../contract/index.ts';
import { enrolSecondFactor } from '../testing/authenticator.ts';
import { launchBrowser } from '../testing/browser.ts';
import { askerOf, newDataDir, removeDataDir, type System, signIn, startSystem } from '../testing/system.ts';
import { removeLimit, setLimit } from '../testing/wide-limits.ts';

let dataDir: string;
let system: System;
/** As an admin: only one may let a strategy trade real money without evidence. */
let admin: System['api'];
let paper: Account;
let live: Account;
/** The alert that was filled in both. */
let entry: string;
const patience = { timeout: 55_000 };

beforeAll(async () => {
  dataDir = await newDataDir();
  system = await startSystem(dataDir, { EXCHANGE_PACE: '5' });
}, 240_000);
afterAll(async () => {
  await system?.stop();
  await removeDataDir(dataDir);
});

const write = <T>(method: string, path: string, body: unknown): Promise<T> =>
  admin<T>(path, { method, body: JSON.stringify(body) });
const accounts = async () => (await system.api<{ items: Account[] }>('/accounts')).items;
const receiptOf = (id: string) => system.api<Receipt>(`/signals/${id}/receipt`);
const drift = () => system.api<DriftJson>('/strategies/breakout/drift');
async function alert(fields: Record<string, unknown>): Promise<string> {
  const { status, body } = await system.post(
    JSON.stringify({ mode: 'Production', strategy: 'breakout', ticker: 'AAPL', ...fields }),
  );
  expect(status).toBe(202);
  return String(body.id);
}
/** What has become of an alert in both accounts. */
async function outcomes(id: string) {
  const { decisions, orders } = await receiptOf(id);
  const of = (account: Account) => {
    const decision = decisions.find((one) => one.accountId === account.id);
    const order = orders.find((one) => one.accountId === account.id && one.decisionId === decision?.id);
    return decision && [decision.mode, decision.shadow, decision.outcome, order?.status ?? null, order?.shadow ?? null];
  };
  return { live: of(live), paper: of(paper) };
}
const both = {
  live: ['production', false, 'approved', 'filled', false],
  paper: ['paper', true, 'approved', 'filled', true],
};

it('is promoted by an admin, with an account in production that is ready', async () => {
  admin = await signIn(system);
  await enrolSecondFactor((method, path, body) =>
    admin(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
  );
  paper = (await accounts())[0]!;
  live = await write<Account>('POST', '/accounts', { name: 'live', venue: 'embedded', mode: 'production' });
  await expect
    .poll(async () => (await accounts()).find((one) => one.id === live.id)?.reconciledAt ?? null, patience)
    .not.toBeNull();
  // Far enough that nothing but the alerts closes anything.
  await write('PUT', '/strategies/breakout', { settings: { stopDistance: '0.1', takeProfitRiskMultiple: null } });
  await write('PUT', '/mode', { mode: 'production', confirmation: 'trade real money' });
  await write('POST', '/strategies/breakout/promote', {
    confirmation: 'breakout',
    overrideReason: 'The accounts are both at the embedded exchange.',
  });
});

it('fills one alert in production and on paper, and closes both by another', async () => {
  entry = await alert({ signal: 'BUY', risk: 100, id: 'in' });
  await expect.poll(() => outcomes(entry), patience).toEqual(both);
  const { decisions, signal } = await receiptOf(entry);
  expect(decisions.map(({ shadow, quantity }) => [shadow, quantity])).toEqual([
    [false, decisions[0]!.quantity],
    [true, decisions[0]!.quantity],
  ]);
  // Decided first: the shadow has not held it up.
  const [real, shadow] = decisions.map((one) => Date.parse(one.decidedAt));
  expect(real).toBeLessThanOrEqual(shadow!);
  expect(signal).toMatchObject({ status: 'approved', mode: 'production', accountId: live.id });
  const exit = await alert({ signal: 'EXIT', id: 'out' });
  await expect.poll(() => outcomes(exit), patience).toEqual(both);
}, 120_000);

it('serves how far they are apart: entry and exit in both, and the result of the trade', async () => {
  await expect.poll(async () => (await drift()).pairs, patience).toBe(2);
  const measured = await drift();
  expect(measured).toMatchObject({ trades: 1, missedInProduction: 0, missedOnPaper: 0 });
  expect(measured.points.map(({ role, symbol }) => [role, symbol])).toEqual([
    ['entry', 'AAPL'],
    ['exit', 'AAPL'],
  ]);
  // By the prices of the orders themselves.
  const found = await system.api<{ items: { id: string; signalId: string }[] }>('/signals');
  const orders = (await Promise.all(found.items.map((one) => receiptOf(one.id)))).flatMap((receipt) => receipt.orders);
  const resultOf = (account: Account): number =>
    orders
      .filter((order) => order.accountId === account.id)
      .reduce(
        (sum, order) =>
          sum + (order.side === 'sell' ? 1 : -1) * Number(order.filledQuantity) * Number(order.averagePrice),
        0,
      );
  const fees = async (account: Account): Promise<number> => {
    const { items } = await system.api<{ items: { fee: string }[] }>(`/executions?accountId=${account.id}`);
    return items.reduce((sum, fill) => sum + Number(fill.fee), 0);
  };
  expect(Number(measured.productionPnl)).toBeCloseTo(resultOf(live) - (await fees(live)), 2);
  expect(Number(measured.paperPnl)).toBeCloseTo(resultOf(paper) - (await fees(paper)), 2);
  expect(Number(measured.pnlDifference)).toBeCloseTo(Number(measured.productionPnl) - Number(measured.paperPnl), 4);
});

it('goes on in production when the shadow is refused, and says so of the shadow alone', async () => {
  await setLimit(askerOf(system), 'max-order-value', { maxValue: '1' }, { kind: 'account', name: paper.id });
  // In another ticker: the same one again in a bar is a repeat.
  const id = await alert({ signal: 'BUY', risk: 100, id: 'refused', ticker: 'NVDA' });
  await expect
    .poll(() => outcomes(id), patience)
    .toEqual({ live: both.live, paper: ['paper', true, 'denied', null, null] });
  expect((await receiptOf(id)).signal).toMatchObject({ status: 'approved', code: null });
  const exit = await alert({ signal: 'EXIT', id: 'out again', ticker: 'NVDA' });
  await expect
    .poll(() => outcomes(exit), patience)
    .toEqual({ live: both.live, paper: ['paper', true, 'denied', null, null] });
  // What only one of them traded is no drift.
  expect(await drift()).toMatchObject({ pairs: 2, trades: 1 });
  await removeLimit(askerOf(system), 'max-order-value', { kind: 'account', name: paper.id });
}, 120_000);

it('denies the alert where production does, though its shadow is filled', async () => {
  await setLimit(askerOf(system), 'max-order-value', { maxValue: '1' }, { kind: 'account', name: live.id });
  const id = await alert({ signal: 'BUY', risk: 100, id: 'alone', ticker: 'MSFT' });
  await expect
    .poll(() => outcomes(id), patience)
    .toEqual({ live: ['production', false, 'denied', null, null], paper: both.paper });
  expect((await receiptOf(id)).signal).toMatchObject({
    status: 'denied',
    code: 'RISK_MAX_ORDER_VALUE',
  } as Partial<Signal>);
});

it('tells the figures of the day once a worker has looked', async () => {
  await system.stop();
  system = await startSystem(dataDir, { EXCHANGE_PACE: '5' });
  const told = async () => {
    const { items } = await system.api<{ items: { kind: string; data: { key: string; pairs: number } }[] }>(
      '/events?limit=500',
    );
    return items.filter((one) => one.kind === 'shadow.measured').map(({ data }) => [data.key, data.pairs]);
  };
  await expect.poll(told, patience).toEqual([['breakout', 2]]);
}, 240_000);

it('shows both on the receipt and among the orders, and draws how far they are apart', async (context) => {
  const launched = await launchBrowser();
  if (launched.browser === null) return context.skip(launched.reason);
  const page = await launched.browser.newPage({ viewport: { width: 1280, height: 900 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  try {
    await page.goto(/Sign in\s+(\S+)/.exec(system.output())![1]!);
    await page.getByRole('button', { name: 'Mode: production. Change it' }).waitFor();
    await page.goto(`${system.ready.dashboardUrl}/signals/${entry}`);
    const accounts = page.getByRole('region', { name: 'Accounts' });
    await accounts.getByText('shadow').waitFor();
    expect(await accounts.getByText('weight 1').count()).toBe(2);
    await page.getByRole('region', { name: 'Orders' }).getByText('shadow').first().waitFor();
    await page.goto(`${system.ready.dashboardUrl}/orders`);
    await page.getByText('shadow').first().click();
    await page.getByRole('heading', { name: /shadow$/ }).waitFor();
    await page.goto(`${system.ready.dashboardUrl}/strategies/breakout`);
    const chart = page.getByRole('group', { name: /^Result in production and on paper over time/ });
    await chart.locator('canvas').first().waitFor();
    await page.getByText('Trades closed in both').waitFor();
    expect(errors).toEqual([]);
  } finally {
    await launched.browser.close();
  }
}, 240_000);

// The pages that a person looks after a running system with, in a real browser: what is said of settings, accounts, positions, orders and
// receipts, what a wrong value is told, that nothing typed is lost to another window, and that a keyboard and a phone reach all of it.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, ExchangeTradesJson, Order, Position, SettingsJson, Strategy } from '../contract/index.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { askerOf, newDataDir, type System, startSystem } from '../testing/system.ts';
import { setLimit } from '../testing/wide-limits.ts';

const launched = await launchBrowser();
const patience = { timeout: 30_000 };

describe.skipIf(launched.browser === null)('the pages beside a running system', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  let first: Account;
  let second: Account;
  let signalId: string;
  let errors: string[];

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    ({ page, errors } = await signedInPage(browser, system));
    await page.getByRole('region', { name: 'Send a first alert' }).waitFor();
  }, 180_000);
  afterAll(() => closeAll(browser, system, dataDir), 30_000);

  const write = <T>(method: string, path: string, body: unknown): Promise<T> =>
    system.api<T>(path, { method, body: JSON.stringify(body) });
  const positions = async () => (await system.api<{ items: Position[] }>('/positions')).items;
  const open = (path: string) => page.goto(`${system.ready.dashboardUrl}${path}`);
  const settings = () => system.api<SettingsJson>('/settings');

  it('shows what an alert to two accounts has come to, each with its stop', async () => {
    [first] = (await system.api<{ items: Account[] }>('/accounts')).items as [Account];
    second = await write<Account>('POST', '/accounts', {
      name: 'second',
      venue: 'embedded',
      cash: 50_000,
    });
    const routes = [
      { account: first.id, weight: '1' },
      { account: second.id, weight: '0.5' },
    ];
    await write('PUT', '/strategies/both', { settings: { routes } });
    await expect
      .poll(
        async () => (await system.api<{ items: Account[] }>('/accounts')).items.every((one) => one.reconciledAt),
        patience,
      )
      .toBe(true);
    const sent = await system.post('{"signal":"BUY","ticker":"KO","mode":"Paper","quantity":20,"strategy":"both"}');
    signalId = sent.body.id as string;
    await expect
      .poll(async () => (await positions()).map((one) => one.quantity).sort(), patience)
      .toEqual(['10', '20']);
    await expect
      .poll(async () => (await positions()).every((one) => one.lots[0]?.protection?.stage === 'protected'), patience)
      .toBe(true);
    const held = page.getByRole('region', { name: 'Open positions' });
    await held.getByRole('row').filter({ hasText: first.name }).getByText('20', { exact: true }).waitFor();
    await held.getByRole('row').filter({ hasText: 'second' }).getByText('10', { exact: true }).waitFor();
  });

  it('sets what was typed and nothing else, and says at its field what a value should be', async () => {
    await open('/settings');
    const brokers = page.getByRole('form', { name: 'Brokers' });
    const failures = brokers.getByLabel('No entries after failures in a row');
    await brokers.getByLabel('Requests a minute, Alpaca').fill('150');
    await failures.fill('many');
    await brokers.getByRole('button', { name: 'Set these 2' }).click();
    await brokers.getByRole('alert').getByText('Nothing was changed').waitFor();
    expect(await failures.getAttribute('aria-invalid')).toBe('true');
    expect(await brokers.innerText()).toContain('expected a number');
    expect((await settings()).brokers.requestsPerMinute).toBe(200);

    // Somebody else sets another one meanwhile: it stays, and what was typed here is set beside it.
    await write('PATCH', '/settings', { brokers: { breakerPauseSeconds: 7 } });
    await failures.fill('4');
    await brokers.getByRole('button', { name: 'Set these 2' }).dblclick();
    await page.getByText('Brokers are asked by these limits from now on.').first().waitFor();
    await expect
      .poll(async () => (await settings()).brokers, patience)
      .toMatchObject({ requestsPerMinute: 150, breakerFailures: 4, breakerPauseSeconds: 7 });
    expect(await brokers.getByLabel('Tried again after, seconds').inputValue()).toBe('7');
    expect(await brokers.getByRole('button').count()).toBe(0);
    await write('PATCH', '/settings', { brokers: { requestsPerMinute: 200 } });
  });

  it('has a form for protection, the comparison, brokers, the evidence for production and the intake', async () => {
    const withEvidence = page.getByRole('form', { name: 'Evidence for production' });
    await withEvidence.getByLabel('Trades opened and closed').fill('31');
    await withEvidence.getByRole('button', { name: 'Set it' }).click();
    await expect.poll(async () => (await settings()).promotion.minTrades, patience).toBe(31);
    const protection = page.getByRole('form', { name: 'Protection' });
    await protection.getByLabel('A stop within, seconds').fill('0');
    await protection.getByRole('button', { name: 'Set it' }).click();
    await protection.getByText('expected at least 1').first().waitFor();
    await protection.getByRole('button', { name: 'Leave it as it is' }).click();
    expect(await protection.getByLabel('A stop within, seconds').inputValue()).toBe('5');
    for (const name of ['Comparison with the broker', 'Brokers', 'Intake']) {
      expect(await page.getByRole('form', { name }).getByRole('textbox').count(), name).toBeGreaterThan(2);
    }
  });

  it('routes a strategy to accounts with weights, and refuses a weight that is none, twice wrong or not', async () => {
    await open('/strategies/both');
    const form = page.getByRole('form', { name: 'Strategy both' });
    expect(await form.getByRole('button', { name: 'Set both' }).isDisabled()).toBe(true);
    await form.getByLabel('Weight at second').fill('half');
    await form.getByRole('button', { name: 'Set both' }).click();
    await form.getByRole('alert').getByText('Nothing was changed').waitFor();
    expect(await form.getByLabel('Weight at second').getAttribute('aria-invalid')).toBe('true');
    await form.getByLabel('Weight at second').fill('0.25');
    await form.getByText(`${first.name} × 1, second × 0.25 instead of ${first.name} × 1, second × 0.5`).waitFor();
    await form.getByRole('button', { name: 'Set both' }).click();
    const change = form.getByRole('list', { name: 'What will change' });
    await change.waitFor({ state: 'detached' });
    const { items } = await system.api<{ items: Strategy[] }>('/strategies');
    expect(items.find((one) => one.key === 'both')?.settings.routes.map((route) => route.weight)).toEqual([
      '1',
      '0.25',
    ]);
    await open('/strategies');
    const add = page.getByRole('form', { name: 'Add a strategy' });
    await add.getByLabel('Another strategy').fill('both');
    await add.getByText('It is there already').waitFor();
    await add.getByLabel('Another strategy').fill('swing');
    await add.getByRole('button', { name: 'Add it' }).click();
    await page.getByRole('heading', { name: 'swing', exact: true }).waitFor();
  });

  it('asks for the evidence, the name and a reason before a strategy trades real money', async () => {
    await page.getByRole('button', { name: 'Promote to production…' }).click();
    const sheet = page.getByRole('dialog', { name: 'Let swing trade real money' });
    await sheet.getByText('Not met:').first().waitFor({ state: 'attached' });
    const promote = sheet.getByRole('button', { name: 'Trade real money with swing' });
    await sheet.getByLabel('Type swing to confirm').fill('swing');
    expect(await promote.isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
  });

  it('shows whose the shares are, in which account and how soon they had their stop', async () => {
    await open('/positions');
    const table = page.getByRole('region', { name: 'Positions' });
    await table.getByRole('row').filter({ hasText: 'second' }).getByText('KO').click();
    const detail = page.getByRole('complementary', { name: 'Detail' });
    await detail.getByRole('heading', { name: '10 KO' }).waitFor();
    const lots = detail.getByRole('list', { name: 'Shares by strategy' });
    expect(await lots.innerText()).toMatch(
      /both[\s\S]*10 at [\d.]+[\s\S]*Stop at [\d.]+, (at once|[\d.]+ m?s after the fill)/,
    );
    await detail.getByRole('button', { name: 'Close', exact: true }).click();
    const sheet = page.getByRole('dialog', { name: 'Close 10 KO at market' });
    expect(await sheet.innerText()).toMatch(/Sells 10 KO, worth about [\d,.]+ USD, at the market's price/);
    await sheet.getByRole('button', { name: 'Keep it' }).click();
    expect((await positions()).length).toBe(2);
  });

  it('opens an order from the keyboard, says what its state means, and moves its stop', async () => {
    await open('/orders?show=open');
    const table = page.getByRole('region', { name: 'Orders' });
    await table.getByRole('row').nth(1).waitFor();
    await table.getByRole('row').nth(1).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    const detail = page.getByRole('complementary', { name: 'Detail' });
    await detail
      .getByText(/^At the broker/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });

    const stops = async () =>
      (await system.api<{ items: Order[] }>('/orders?status=open')).items.filter((one) => one.role === 'stop_loss');
    const before = (await stops()).find((one) => one.accountId === first.id)!;
    await table
      .getByRole('row')
      .filter({ hasText: 'Stop loss' })
      .filter({ hasText: first.name })
      .getByRole('button', { name: 'Change' })
      .click();
    const form = page.getByRole('form', { name: 'Change the order' });
    await form.getByLabel('Stop, USD').fill('-3');
    await form.getByRole('button', { name: 'Change the order' }).click();
    await form.getByText('expected a positive decimal as text').first().waitFor();
    const lower = (Number(before.stopPrice) - 1).toFixed(2);
    await form.getByLabel('Stop, USD').fill(lower);
    await form.getByRole('button', { name: 'Change the order' }).click();
    await expect
      .poll(async () => (await stops()).map((one) => Number(one.stopPrice)), patience)
      .toContain(Number(lower));
    await page.getByText('What the states mean').click();
    await page.getByText('only the broker’s word ends this').waitFor();
  });

  it('says how much “cancel all” cancels, and has nothing to do where nothing rests', async () => {
    await open('/orders');
    await page.getByRole('button', { name: 'Cancel all…' }).click();
    const sheet = page.getByRole('dialog', { name: 'Cancel what rests' });
    await sheet.getByText('No entry rests there.').waitFor();
    expect(await sheet.getByRole('button', { name: 'Nothing to cancel' }).isDisabled()).toBe(true);
    await sheet.getByLabel(/Exits, stops and targets too/).check();
    await sheet.getByRole('button', { name: /^Cancel [1-9]\d* orders$/ }).waitFor();
    await sheet.getByRole('button', { name: 'Leave them' }).click();
  });

  it('shows an account’s comparison, and where its limits are, and puts it away only after a word on what it holds', async () => {
    await open(`/accounts/${second.id}`);
    await page.getByRole('heading', { level: 1, name: 'second' }).waitFor();
    await setLimit(askerOf(system), 'max-order-value', { maxValue: '9000' }, { kind: 'account', name: second.id });
    await page.reload();
    await page.getByText('Largest value of one order: 9,000.00 USD; refuses').waitFor();
    await page.getByText('Broker and books agree, to the share and to the cent.').waitFor();
    await page.getByRole('button', { name: 'Compare now' }).click();
    await page.getByText('Asked for').first().waitFor();
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByRole('button', { name: 'Put it away…' }).click();
    await page.getByText(/although it holds 1 position and \d+ open orders/).waitFor();
    expect(await page.getByRole('button', { name: 'Put second away' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Put second away' }).click();
    // Routed to: even so it is refused, in the words of the rule.
    await page.getByText('Route both elsewhere first: their alerts go to this account.').waitFor();
    await page.keyboard.press('Escape');
  });

  it('tells on one receipt what each account decided and sent', async () => {
    await open(`/signals/${signalId}`);
    const accounts = page.getByRole('region', { name: 'Accounts', exact: true });
    await accounts.getByText('weight 0.5').waitFor();
    // Whichever decided first is shown first.
    await accounts.getByRole('button', { name: first.name }).click();
    const size = page.getByRole('region', { name: `Size at ${first.name}` });
    expect(await size.innerText()).toContain('20');
    await accounts.getByRole('button', { name: 'second' }).click();
    const other = page.getByRole('region', { name: 'Size at second' });
    expect(await other.innerText()).toContain('10');
    expect(await page.getByRole('region', { name: 'Orders' }).innerText()).toContain('second');
  });

  it('takes a trade back at the exchange, or changes it, after a word on what that does', async () => {
    const items = async () => (await system.api<ExchangeTradesJson>('/exchange/trades')).items;
    const of = (quantity: string, trades: ExchangeTradesJson['items']) =>
      trades.find((one) => one.symbol === 'KO' && one.quantity === quantity);
    const before = await items();
    const [ten, twenty] = [of('10', before)!, of('20', before)!];
    await open('/exchange');
    const list = page.getByRole('list', { name: 'Latest trades' });
    const row = (text: string) => list.getByRole('listitem').filter({ hasText: text });
    await row('Bought 10 KO').getByText('second').waitFor();

    await row('Bought 10 KO')
      .getByRole('button', { name: /^Take back/ })
      .click();
    const sheet = page.getByRole('dialog');
    const worth = (Number(ten.price) * 10).toLocaleString('en-US', { minimumFractionDigits: 2 });
    await sheet.getByText(`The position of second in KO changes by −10 and its cash by +${worth} USD`).waitFor();
    await sheet.getByRole('button', { name: 'Leave it' }).click();
    await sheet.waitFor({ state: 'detached' });
    expect(of('10', await items())?.state).toBe('stands');
    await row('Bought 10 KO')
      .getByRole('button', { name: /^Take back/ })
      .click();
    await sheet.getByRole('button', { name: /^Take back 10 KO at/ }).dblclick();
    await page.getByText(/^Taken back: 10 KO/).waitFor();
    await row('Bought 10 KO').getByText('Taken back', { exact: true }).waitFor();
    expect(await row('Bought 10 KO').getByRole('button').count()).toBe(0);
    // The books hear of it as of any venue's correction.
    await expect.poll(async () => (await positions()).map((one) => one.quantity), patience).toEqual(['20']);

    await row('Bought 20 KO')
      .getByRole('button', { name: /^Correct/ })
      .click();
    await sheet.getByText('Type another quantity or another price.').waitFor();
    expect(await sheet.getByRole('button', { name: 'Correct the trade' }).isDisabled()).toBe(true);
    await sheet.getByLabel('Quantity').fill('-19');
    expect(await sheet.getByRole('button', { name: 'Correct the trade' }).isDisabled()).toBe(true);
    await sheet.getByLabel('Quantity').fill('19');
    await sheet.getByText(`The position of ${first.name} in KO changes by −1 and`).waitFor();
    await sheet.getByRole('button', { name: /^Make it 19 at/ }).click();
    await row('Bought 19 KO').getByText('in place of another').waitFor();
    await row('Bought 20 KO').getByText('Changed', { exact: true }).waitFor();
    await expect.poll(async () => (await positions()).map((one) => one.quantity), patience).toEqual(['19']);

    // Each trade once: whoever asks again is told so.
    const again = (id: string, what: string, body: object) => write('POST', `/exchange/trades/${id}/${what}`, body);
    await expect(again(twenty.id, 'take-back', {})).rejects.toThrow(/409 .*corrected before\. Nothing was changed/);
    await expect(again(twenty.id, 'correct', {})).rejects.toThrow(/400 .*expected a quantity, a price or both/);
  });

  it('reaches every page on a phone, with nothing wider than the screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open('/');
    await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' });
    for (const name of ['Alarms', 'Dead letters', 'Accounts', 'Settings']) {
      await page.getByRole('button', { name: /^More/ }).click();
      await page.getByRole('dialog', { name: 'Every other page' }).getByRole('link', { name }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBeLessThanOrEqual(390);
    }
    await open('/positions');
    await page.getByRole('region', { name: 'Positions' }).getByRole('row').nth(1).click();
    const detail = page.getByRole('complementary', { name: 'Detail' });
    await detail.getByRole('button', { name: 'Close', exact: true }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(errors).toEqual([]);
  });

  it('finds the server again by itself that was stopped and started, and goes on from there', async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await open('/settings');
    const brokers = page.getByRole('form', { name: 'Brokers' });
    await brokers.getByLabel('No entries after failures in a row').fill('8');
    const lost = page.getByRole('alert').filter({ hasText: 'The connection to the server is lost' });
    const { port } = new URL(system.ready.dashboardUrl);
    await system.stop();
    await lost.waitFor();
    await lost.getByText(/STALE since .*: nothing here is live/).waitFor();
    await expect.poll(() => page.title(), patience).toContain('PAPER, STALE');
    await brokers.getByRole('button', { name: 'Set it' }).click();
    await brokers.getByText('it is not known whether this was carried out').waitFor();
    // Another page can be gone to meanwhile, with what was last known, and back.
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Positions' }).click();
    await page.getByRole('region', { name: 'Positions' }).getByText('KO').first().waitFor();
    system = await startSystem(dataDir, { PORT: port });
    await lost.waitFor({ state: 'detached', timeout: 60_000 });
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Settings' }).click();
    await brokers.getByLabel('No entries after failures in a row').fill('9');
    await brokers.getByRole('button', { name: 'Set it' }).click();
    await expect.poll(async () => (await settings()).brokers.breakerFailures, patience).toBe(9);
    expect(errors).toEqual([]);
  }, 180_000);
});

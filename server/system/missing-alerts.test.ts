// On the whole system: alerts that never come. An exit that is lost is made up for by the next alert; an entry that is lost has its strategy
// quarantined, with an alarm, until a person clears it on the page; and a strategy that falls silent is told, until it is heard of again.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system-clock.ts';
import type { AlarmJson, QuarantineJson, Receipt, SignOfLifeJson } from '../contract/index.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { askerOf, newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const patience = { timeout: 60_000 };

describe.skipIf(launched.browser === null)('missing alerts', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    const ask = askerOf(system);
    const gap = { compare: 'side', sizeDifference: '0.1' };
    await ask('PUT', '/strategies/converges', { settings: { gap: { ...gap, act: 'converge' } } });
    await ask('PUT', '/strategies/quarantines', { settings: { gap: { ...gap, act: 'quarantine' } } });
    await ask('PUT', '/strategies/silent', {
      settings: { heartbeat: { everyMinutes: 1, graceMinutes: 0, when: 'always' } },
    });
    ({ page, errors } = await signedInPage(browser, system));
  }, 240_000);
  afterAll(() => closeAll(browser, system, dataDir), 60_000);

  /** An alert of a bar so many minutes ago. */
  async function send(signal: string, ticker: string, strategy: string, previousPosition: string, minutesAgo = 0) {
    const timestamp = new Date(systemClock.now().getTime() - minutesAgo * 60_000).toISOString();
    const entry = signal === 'BUY' ? { risk: 100 } : {};
    const alert = { signal, ticker, mode: 'Paper', strategy, timeframe: '1', timestamp, previousPosition, ...entry };
    const { status, body } = await system.post(JSON.stringify(alert));
    expect({ status, body }).toMatchObject({ status: 202 });
    return String(body.id);
  }
  const receipt = (id: string) => system.api<Receipt>(`/signals/${id}/receipt`);
  const decided = async (id: string): Promise<Receipt> => {
    await expect.poll(async () => (await receipt(id)).decision, patience).not.toBeNull();
    return receipt(id);
  };
  const compared = ({ steps }: Receipt) => steps.find(({ name }) => name === 'compared')?.sentence;
  const alarms = async (kind: string) =>
    (await system.api<{ items: AlarmJson[] }>('/alarms?state=open')).items.filter((one) => one.kind === kind);
  const heldBy = async (strategy: string, symbol: string): Promise<string[]> =>
    (
      await system.api<{ items: { symbol: string; lots: { strategy: string; quantity: string }[] }[] }>('/positions')
    ).items
      .filter((one) => one.symbol === symbol)
      .flatMap(({ lots }) => lots.filter((lot) => lot.strategy === strategy).map(({ quantity }) => quantity));

  it('a lost exit is made up for before the next entry, and the receipt says so', async () => {
    const first = await send('BUY', 'AAPL', 'converges', 'flat', 3);
    await expect.poll(async () => (await receipt(first)).order?.status, patience).toBe('filled');
    const [held] = await heldBy('converges', 'AAPL');
    // Its exit never comes.
    const second = await send('BUY', 'AAPL', 'converges', 'flat');
    await expect
      .poll(async () => (await receipt(second)).orders.map(({ role, status }) => [role, status]), patience)
      .toEqual([
        ['exit', 'filled'],
        ['entry', 'filled'],
      ]);
    const told = await receipt(second);
    expect(compared(told)).toBe(
      `Its script held no AAPL before, and the strategy holds ${held} AAPL long: an exit may be missing. Converged: ${held} are closed first.`,
    );
    expect(told.orders[0]!.quantity).toBe(held);
    await expect.poll(() => heldBy('converges', 'AAPL'), patience).toEqual([told.orders[1]!.quantity]);
  }, 120_000);

  it('a lost entry quarantines its strategy in the symbol, until a person clears it', async () => {
    const left = await decided(await send('EXIT', 'MSFT', 'quarantines', 'long', 3));
    expect(left.signal).toMatchObject({ status: 'denied', code: 'RISK_NOTHING_TO_CLOSE' });
    expect(left.decision!.sequence).toMatchObject({ found: 'gap', kind: 'missed_entry', did: 'quarantined' });
    expect(compared(left)).toContain('Its script held MSFT long before, and the strategy holds no MSFT');
    await expect.poll(async () => (await alarms('strategy.quarantined')).length, patience).toBe(1);
    const kept = await decided(await send('BUY', 'MSFT', 'quarantines', 'flat', 1));
    expect(kept.signal).toMatchObject({ status: 'denied', code: 'RISK_QUARANTINED' });

    await page.goto(`${system.ready.dashboardUrl}/strategies`);
    const card = page.getByRole('article', { name: 'quarantines in MSFT' });
    await card.getByText('an entry may be missing').waitFor();
    await card.getByRole('button', { name: 'Let it enter MSFT again…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('TradingView was down at noon');
    await dialog.getByRole('button', { name: 'Let it enter again' }).click();
    await card.waitFor({ state: 'detached' });
    const { items } = await system.api<{ items: QuarantineJson[] }>('/quarantines');
    expect(items).toMatchObject([
      { strategy: 'quarantines', symbol: 'MSFT', cleared: { reason: 'TradingView was down at noon' } },
    ]);
    await expect.poll(async () => (await alarms('strategy.quarantined')).length, patience).toBe(0);
    const entered = await send('BUY', 'MSFT', 'quarantines', 'flat');
    await expect.poll(async () => (await receipt(entered)).signal.status, patience).toBe('approved');
  }, 120_000);

  it('a strategy that falls silent is told, and it ends with a heartbeat, which trades nothing', async () => {
    await expect
      .poll(async () => (await alarms('strategy.silent')).length, { timeout: 150_000, interval: 2000 })
      .toBe(1);
    const [alarm] = await alarms('strategy.silent');
    expect(alarm!.sentence).toMatch(/^silent has not been heard of since/);
    await page.goto(`${system.ready.dashboardUrl}/strategies/silent`);
    await page.getByText('Silent: it was expected').waitFor();
    const before = (await system.api<{ items: object[] }>('/signals')).items.length;
    expect(await system.post('heartbeat silent', 'text/plain')).toEqual({
      ...{ status: 200, body: { status: 'alive', strategy: 'silent' } },
    });
    await expect.poll(async () => (await alarms('strategy.silent')).length, patience).toBe(0);
    const { items } = await system.api<{ items: SignOfLifeJson[] }>('/signs-of-life');
    expect(items.find((one) => one.strategy === 'silent')).toMatchObject({ by: 'heartbeat', silent: false });
    expect(items.find((one) => one.strategy === 'converges')).toMatchObject({ by: 'alert', expectedBy: null });
    expect((await system.api<{ items: object[] }>('/signals')).items).toHaveLength(before);
    const both = await system.post('{"heartbeat":true,"strategy":"silent","signal":"BUY","ticker":"AAPL","risk":100}');
    expect(both).toMatchObject({ status: 400, body: { code: 'INTAKE_INVALID' } });
  }, 240_000);

  it('logs no error', () => {
    expect(errors).toEqual([]);
  });
});

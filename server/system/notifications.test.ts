// On the whole system: destinations in the dashboard, and an approval answered on a phone from its notification. The push is the one that the
// server sent, decrypted by a listener in the push service's place and given to the browser's own worker by its debugger; what the worker
// shows and does with a press is the dashboard's.
import type { Browser, BrowserContext, CDPSession, Page, Worker } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApprovalJson, NotificationDestinationJson, Receipt } from '../contract/index.ts';
import { violations } from '../testing/axe.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll } from '../testing/dashboard-page.ts';
import { browserKeys, listenForPosts } from '../testing/push-service.ts';
import { askerOf, newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const patience = { timeout: 60_000 };
const keys = browserKeys();

/** The worker, with what it asks to be shown. */
interface Stage {
  stage: { title: string; body: string; tag: string; data: unknown; actions?: { action: string }[] }[];
  registration: { showNotification(title: string, options: Omit<Stage['stage'][number], 'title'>): Promise<void> };
  dispatchEvent(event: Event): boolean;
}

describe.skipIf(launched.browser === null)('notifications', () => {
  let listener: Awaited<ReturnType<typeof listenForPosts>>;
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let debuggerOf: CDPSession;
  let registrationId = '';
  const errors: string[] = [];

  beforeAll(async () => {
    if (launched.browser === null) return;
    browser = launched.browser;
    listener = await listenForPosts();
    dataDir = await newDataDir();
    system = await startSystem(dataDir, { PUSH_SERVICES: listener.origin });
    await askerOf(system)('PUT', '/strategies/asks', { settings: { approval: { when: 'always', notional: null } } });
    context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true });
    page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on('pageerror', (error) => errors.push(error.message));
    debuggerOf = await context.newCDPSession(page);
    debuggerOf.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      for (const one of registrations) if (!one.isDeleted) registrationId = one.registrationId;
    });
    await debuggerOf.send('ServiceWorker.enable');
    await page.goto(/Sign in\s+(\S+)/.exec(system.output())![1]!);
  }, 180_000);
  afterAll(async () => {
    await closeAll(browser, system, dataDir);
    await listener?.close();
  }, 60_000);

  const worker = async (): Promise<Worker> => {
    await expect.poll(() => context.serviceWorkers().length, patience).toBeGreaterThan(0);
    return context.serviceWorkers()[0]!;
  };
  /** Headless browsers show no notification: what the worker asks to be shown is kept in its place, the same tag over the one before. */
  const stage = async (): Promise<Worker> => {
    const found = await worker();
    await found.evaluate(() => {
      const scope = globalThis as unknown as Stage;
      scope.stage ??= [];
      scope.registration.showNotification = async (title, options) => {
        scope.stage = [...scope.stage.filter((one) => one.tag !== options.tag), { title, ...options }];
      };
    });
    return found;
  };
  const shown = async (): Promise<{ title: string; body: string; actions: string[] }[]> =>
    (await stage()).evaluate(() =>
      (globalThis as unknown as Stage).stage.map(({ title, body, actions = [] }) => ({
        ...{ title, body },
        actions: actions.map(({ action }) => action),
      })),
    );
  /** Presses an action of the notification with this title, as the browser tells the worker. */
  const press = async (title: string, action: string): Promise<void> =>
    (await stage()).evaluate(
      async ([wanted, pressed]) => {
        const scope = globalThis as unknown as Stage;
        const found = scope.stage.find((one) => one.title === wanted);
        if (!found) throw new Error(`no notification ${wanted}`);
        const close = (): void => {
          scope.stage = scope.stage.filter((one) => one !== found);
        };
        let work: Promise<unknown> = Promise.resolve();
        const waitUntil = (what: Promise<unknown>): void => {
          work = what;
        };
        const event = new Event('notificationclick');
        scope.dispatchEvent(Object.assign(event, { action: pressed, notification: { ...found, close }, waitUntil }));
        await work;
      },
      [title, action] as const,
    );
  const deliver = (said: Record<string, unknown>) =>
    debuggerOf.send('ServiceWorker.deliverPushMessage', {
      origin: system.ready.dashboardUrl,
      registrationId,
      data: JSON.stringify(said),
    });
  const pushes = () =>
    listener.heard.filter(({ path }) => path === '/push/phone').map(({ body }) => keys.decrypt(body)) as {
      kind: string;
      title: string;
      body: string;
      question?: { approvalId: string; token: string };
    }[];
  const send = async (ticker: string): Promise<string> => {
    const alert = { signal: 'BUY', ticker, mode: 'Paper', risk: 100, strategy: 'asks' };
    return String((await system.post(JSON.stringify(alert))).body.id);
  };
  const approvalOf = async (symbol: string) =>
    (await system.api<{ items: ApprovalJson[] }>('/approvals')).items.find((one) => one.symbol === symbol);
  const asked = async (ticker: string) => {
    await expect.poll(() => pushes().filter(({ title }) => title.includes(ticker)).length, patience).toBe(1);
    return pushes().find(({ title }) => title.includes(ticker))!;
  };

  it('are added, tested and removed in the dashboard, and its words are changed there', async () => {
    await page.goto(`${system.ready.dashboardUrl}/notifications`);
    await page.getByText('Nobody is told by mail, Telegram').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add a destination' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('Channel').selectOption('webhook');
    await sheet.getByLabel('Name').fill('Desk');
    await sheet.getByLabel('Address').fill('ftp://nowhere');
    await sheet.getByRole('button', { name: 'Make a secret' }).click();
    await sheet.getByRole('button', { name: 'Add it' }).click();
    await sheet.getByRole('alert').getByText('expected an address that begins with').waitFor();
    await sheet.getByLabel('Address').fill(`${listener.origin}/hook`);
    await sheet.getByLabel('Quiet hours').check();
    expect(await violations(page)).toEqual([]);
    await sheet.getByRole('button', { name: 'Add it' }).click();
    const desk = page.getByRole('listitem', { name: 'Desk' });
    await desk.getByText('Quiet from 22:00 to 07:00').waitFor();
    await desk.getByRole('button', { name: 'Test Desk' }).click();
    await desk.getByRole('status').getByText('answered 201').waitFor();
    expect(listener.heard.at(-1)!.headers['x-signalbox-signature']).toMatch(/^sha256=[0-9a-f]{64}$/);
    await page.getByRole('region', { name: 'Log' }).getByRole('row').getByText('Told').first().waitFor();

    await page.getByText('What is said of each kind in each channel').click();
    const form = page.getByRole('form', { name: 'Words' });
    await form.getByLabel('Text').fill('{symbl}');
    await form.getByRole('button', { name: 'Use these words' }).click();
    await form.getByRole('alert').getByText('there is no {symbl} here').waitFor();
    await form.getByLabel('Text').fill('{side} {symbol}?');
    await form.getByRole('button', { name: 'Show an example' }).click();
    await form.getByRole('status').getByText('buy AAPL?').waitFor();
    await form.getByRole('button', { name: 'Use these words' }).click();
    await form.getByText('Changed by Administrator').waitFor();
    await form.getByRole('button', { name: 'Set back' }).click();
    await form.getByText('These are the words that ship.').waitFor();
    expect(await violations(page)).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide).toBeLessThanOrEqual(0);

    await desk.getByRole('button', { name: 'Remove Desk' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove Desk' }).click();
    await page.getByText('Nobody is told by mail, Telegram').waitFor();
  }, 240_000);

  it('bring an approval to a phone, where it is approved from the notification', async () => {
    const device = await page.evaluate(
      async (wish) => {
        const answer = await fetch('/api/v1/push/devices', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(wish),
        });
        return (await answer.json()) as NotificationDestinationJson;
      },
      {
        ...{ name: 'Phone', endpoint: `${listener.origin}/push/phone`, kinds: ['approval.wanted', 'order.filled'] },
        keys: { p256dh: keys.p256dh, auth: keys.auth },
      },
    );
    expect(device).toMatchObject({ name: 'Phone', personal: true });
    await stage();
    await expect.poll(() => registrationId, patience).not.toBe('');
    const id = await send('AAPL');
    const said = await asked('AAPL');
    expect(said).toMatchObject({ kind: 'approval.wanted', question: { mayApprove: true } });
    await deliver(said as never);
    await expect
      .poll(shown, patience)
      .toEqual([{ title: said.title, body: said.body, actions: ['approve', 'reject'] }]);
    expect(said.title).toMatch(/^PAPER: buy \d+ AAPL\?$/);

    await press(said.title, 'approve');
    await expect
      .poll(async () => (await approvalOf('AAPL'))?.votes, patience)
      .toMatchObject([{ name: 'Administrator', verdict: 'approve' }]);
    expect(await shown()).toMatchObject([{ body: expect.stringMatching(/^Buy \d+ AAPL: approved\./), actions: [] }]);
    const receipt = () => system.api<Receipt>(`/signals/${id}/receipt`);
    await expect.poll(async () => (await receipt()).executions.length, patience).toBeGreaterThan(0);
    // The fill is told as well.
    await expect.poll(() => pushes().some(({ kind }) => kind === 'order.filled'), patience).toBe(true);

    // The same notification again, as if the first press had not arrived: it is good once.
    await deliver(said as never);
    await expect.poll(async () => (await shown()).some(({ actions }) => actions.length === 2), patience).toBe(true);
    await press(said.title, 'reject');
    expect(await shown()).toMatchObject([{ body: expect.stringContaining('Your vote was not counted') }]);
    expect((await approvalOf('AAPL'))?.votes).toHaveLength(1);
  }, 240_000);

  it('take a no the same way', async () => {
    const id = await send('MSFT');
    const said = await asked('MSFT');
    await deliver(said as never);
    await expect.poll(async () => (await shown()).map(({ title }) => title), patience).toContain(said.title);
    await press(said.title, 'reject');
    await expect
      .poll(async () => (await system.api<Receipt>(`/signals/${id}/receipt`)).signal.sentence, patience)
      .toContain('Administrator said no: From a notification');
    await expect
      .poll(async () => (await shown()).map(({ body }) => body), patience)
      .toContainEqual(expect.stringMatching(/^Buy \d+ MSFT: rejected\. Nothing is sent\.$/));
  }, 240_000);

  it('log no error', () => {
    expect(errors).toEqual([]);
  });
});

// On the whole system, in a real browser: a source is made on the page, its secret made anew with an overlap, its dialect fixed, a template for
// it written and tried; the text that it is for comes in by its address, and its signal says what the template says. Each change is an event.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventJson, Signal, SourcesJson } from '../contract/index.ts';
import { launchBrowser } from '../testing/browser.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { newDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const patienceMs = 60_000;

describe('the page of sources', () => {
  let system: System;
  let dataDir: string;
  let browser: Browser;
  let page: Page;
  let errors: string[];
  const said: string[] = [];
  /** Its addresses: the first, and the one that took its place. */
  const urls: string[] = [];

  beforeAll(async () => {
    dataDir = await newDataDir();
    system = await startSystem(dataDir);
    if (launched.browser === null) return;
    browser = launched.browser;
    ({ page, errors } = await signedInPage(browser, system, patienceMs));
    page.on('console', (message) => {
      if (message.type() === 'error') said.push(message.text());
    });
    await page.getByRole('link', { name: 'Sources' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Sources' }).waitFor();
  }, 240_000);
  afterAll(() => closeAll(browser, system, dataDir), 60_000);

  const need = (context: { skip(note: string): never }): void => {
    if (launched.browser === null) context.skip(launched.reason);
  };
  const section = () => page.getByRole('region', { name: 'Night desk' });
  const send = async (url: string, text: string) => {
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: text });
    return { ...((await answer.json()) as { id?: string; code?: string }), status: answer.status };
  };

  it('makes a source, whose address is shown once', async (context) => {
    need(context);
    await page.getByRole('button', { name: 'New source' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Night desk');
    expect(await page.getByLabel('Word in its address').inputValue()).toBe('night-desk');
    await page.getByLabel('Strategy of alerts that name none').fill('night');
    await page.getByRole('button', { name: 'Make the source' }).click();
    const shown = page.getByText(/\/hooks\/night-desk\/[\w-]{20,}$/);
    urls.push((await shown.innerText()).trim());
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await section().getByText('each alert read by its shape').waitFor();
    expect(await page.content()).not.toContain(urls[0]!.split('/').at(-1));
  }, 120_000);

  it('makes its secret anew: both addresses are taken during the overlap, then the new one alone', async (context) => {
    need(context);
    await section().getByText('Secrets and proofs').click();
    const rotate = async (overlap: string): Promise<string> => {
      await section().getByLabel('When rotated, the old secret ends').selectOption(overlap);
      await section().getByRole('button', { name: 'Rotate: Secret of the address of Night desk' }).click();
      const shown = section()
        .getByRole('status')
        .getByText(/\/hooks\/night-desk\//);
      const url = (await shown.innerText()).trim();
      await section().getByRole('button', { name: 'I have kept it' }).click();
      return url;
    };
    const alert = (ticker: string) => JSON.stringify({ signal: 'BUY', ticker, mode: 'Paper', risk: 10 });
    urls.push(await rotate('3600'));
    await section().getByText('the one before is taken until').waitFor();
    expect((await send(urls[0]!, alert('KO'))).status).toBe(202);
    expect((await send(urls[1]!, alert('PEP'))).status).toBe(202);
    // It has leaked: what came before the newest ends at once.
    urls.push(await rotate('0'));
    await expect.poll(async () => (await send(urls[0]!, alert('T'))).status, { timeout: patienceMs }).toBe(404);
    await expect.poll(async () => (await send(urls[1]!, alert('T'))).status, { timeout: patienceMs }).toBe(404);
    expect((await send(urls[2]!, alert('VZ'))).status).toBe(202);
  }, 180_000);

  it('fixes its dialect, and writes a template that is tried while it is typed', async (context) => {
    need(context);
    await section().getByText('Name, dialect and strategy').click();
    await section().getByLabel('Dialect of its alerts').selectOption('template');
    await section().getByRole('button', { name: 'Save name and dialect of Night desk' }).click();
    await section().getByText('read as A template of yours').waitFor();
    await section().getByText('Template and units').click();
    const template = section().getByLabel('Template for text that no dialect knows');
    // What is typed stays when the list is read anew, as it is whenever anybody changes a source.
    await template.fill('half of a');
    const { items: all } = await system.api<SourcesJson>('/sources');
    const other = all.find((one) => one.source === 'tradingview')!;
    await system.api(`/sources/${other.id}`, { method: 'PATCH', body: JSON.stringify({ name: 'TradingView too' }) });
    await page.getByRole('region', { name: 'TradingView too' }).waitFor();
    expect(await template.inputValue()).toBe('half of a');
    await template.fill('{action} {ticker} at {coin}');
    await section().getByText('Line 1, column 23').or(section().getByText('Line 1, column 22')).waitFor();
    await template.fill('Night desk says {action} {quantity} {ticker} below {limit}{orderType=limit}');
    const text = section().getByLabel('A text to try it on');
    await text.fill('Night desk says buy 3 AAPL above 90');
    await section().getByText('The text does not fit.').waitFor();
    expect(await section().locator('mark').innerText()).toBe('AAPL above 90');
    await text.fill('Night desk says buy three AAPL below 90');
    await section().getByText('The text fits, and would be refused').waitFor();
    await text.fill('Night desk says buy 3 AAPL below 90');
    await section().getByText('limitPrice').waitFor();
    await section().getByRole('button', { name: 'Save the reading of Night desk' }).click();
    await page.getByText('Night desk: alerts from now on are read so.').waitFor();
  }, 120_000);

  it('takes the text in, and its signal says what the template says', async (context) => {
    need(context);
    const answer = await send(urls[2]!, 'Night desk says  BUY 3 AAPL\nbelow 90');
    expect(answer.status).toBe(202);
    const signal = await system.api<Signal>(`/signals/${answer.id}`);
    expect(signal).toMatchObject({ action: 'buy', ticker: 'AAPL', strategy: 'night' });
    // A text that does not fit is refused with its code, and not taken for another dialect: that one is fixed.
    expect(await send(urls[2]!, JSON.stringify({ signal: 'BUY', ticker: 'AAPL', risk: 10 }))).toMatchObject({
      status: 400,
      code: 'INTAKE_MALFORMED',
    });
    await page.getByRole('link', { name: 'Signals' }).first().click();
    const row = page.getByRole('row').filter({ hasText: 'night' }).filter({ hasText: 'AAPL' });
    await row.first().getByText('Buy').waitFor();
  }, 120_000);

  it('shows each change as an event, with who made it and no secret', async (context) => {
    need(context);
    const { items } = await system.api<{ items: EventJson[] }>('/events?limit=500');
    const own = items.filter(({ kind, data }) => kind.startsWith('source.') && data.source === 'night-desk');
    expect(own.map(({ kind }) => kind).sort()).toEqual([
      ...['source.changed', 'source.changed', 'source.created', 'source.secret_rotated', 'source.secret_rotated'],
    ]);
    expect(own.every(({ data }) => typeof data.by === 'string' && data.by !== 'start')).toBe(true);
    for (const url of urls) expect(JSON.stringify(items)).not.toContain(url.split('/').at(-1));
    await page.getByRole('link', { name: 'Events' }).first().click();
    // Of many rows those in sight exist.
    await page.getByRole('searchbox', { name: 'Search events' }).fill('source.created');
    await page.getByRole('row').getByText('source.created').first().waitFor();
  }, 60_000);

  it('ends a source, fits a phone, and no script has failed', async (context) => {
    need(context);
    await page.getByRole('link', { name: 'Sources' }).first().click();
    for (const part of ['Name, dialect and strategy', 'Template and units', 'Secrets and proofs'])
      await section().getByText(part).click();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await section().getByRole('button', { name: 'End Night desk…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End Night desk' }).click();
    await section().waitFor({ state: 'detached' });
    expect((await send(urls[2]!, 'Night desk says BUY 4 AAPL below 90')).status).toBe(404);
    expect([errors, said]).toEqual([[], []]);
  }, 120_000);
});

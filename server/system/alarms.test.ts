// On the whole system: a job that nothing can make of its data is given up, somebody is paged outside, everybody sees it, and a person
// repairs it and sends it again in the dashboard. Likewise an exchange that does not answer.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectDatabase, type Sql } from '../adapters/database/connect.ts';
import type { AlarmJson, Order, Status } from '../contract/index.ts';
import { launchBrowser } from '../testing/browser.ts';
import { newDataDir, removeDataDir, type System, startSystem } from '../testing/system.ts';

const launched = await launchBrowser();
const heard: { what: string; text: string; link: string }[] = [];
const pager = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  heard.push(JSON.parse(Buffer.concat(chunks).toString()));
  response.writeHead(204).end();
});

describe('what a person must look at', () => {
  let system: System;
  let dataDir: string;
  let sql: Sql;
  let browser: Browser;
  let page: Page;
  let orderId: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => pager.listen(0, '127.0.0.1', resolve));
    const pagerUrl = `http://127.0.0.1:${(pager.address() as AddressInfo).port}/page`;
    dataDir = await newDataDir();
    system = await startSystem(dataDir, { ALARM_WEBHOOK_URL: pagerUrl });
    const instance = JSON.parse(await readFile(join(dataDir, 'instance.json'), 'utf8')) as { databaseUrl: string };
    sql = connectDatabase(instance.databaseUrl, { max: 2, applicationName: 'test' });
    if (launched.browser === null) return;
    browser = launched.browser;
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    await page.goto(/Sign in\s+(\S+)/.exec(system.output())![1]!);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await sql?.end({ timeout: 1 });
    await system?.stop();
    pager.close();
    if (dataDir) await removeDataDir(dataDir);
  }, 30_000);

  const open = async () => (await system.api<{ items: AlarmJson[] }>('/alarms?state=open')).items;
  const healthOf = async (name: string) =>
    (await system.api<Status>('/status')).health.components.find((one) => one.name.startsWith(name));

  it('is told outside, in health and in the API when a job can never be processed', async () => {
    await system.post('{"signal":"BUY","ticker":"AAPL","mode":"Paper","risk":100}');
    await expect
      .poll(async () =>
        (await system.api<{ items: Order[] }>('/orders?status=all')).items.some(
          (one) => one.role === 'entry' && one.status === 'filled',
        ),
      )
      .toBe(true);
    const stop = async () => {
      const { items } = await system.api<{ items: Order[] }>('/orders?status=open');
      return items.find((one) => one.role === 'stop_loss')?.id;
    };
    await expect.poll(stop, { timeout: 10_000 }).toBeDefined();
    orderId = (await stop())!;
    await sql`
      insert into pgboss.job (name, data, policy, dead_letter, retry_limit, singleton_key, group_id)
      select name, ${sql.json({ order: orderId, reason: 'by hand' })}, policy, dead_letter, retry_limit, gen_random_uuid(), 'signalbox'
      from pgboss.queue where name = 'order.cancel'`;
    await expect
      .poll(async () => (await open()).map((one) => one.key), { timeout: 20_000 })
      .toEqual(['dead-letters:order.cancel']);
    expect(await healthOf('Alarms')).toMatchObject({ state: 'degraded' });
    await expect.poll(() => heard.map((one) => one.what)).toEqual(['raised']);
    expect(heard[0]!.link).toBe(`${system.ready.dashboardUrl}/alarms?row=${(await open())[0]!.id}`);
  });

  it('stands at the top of every page, and is acknowledged there', async (context) => {
    if (launched.browser === null) context.skip(launched.reason);
    await page.goto(`${system.ready.dashboardUrl}/positions`);
    const strip = page.getByRole('alert', { name: 'Alarms' });
    await strip.getByText('A job order.cancel was given up').waitFor();
    await strip.getByRole('button', { name: 'I have seen it' }).click();
    await page.getByRole('status', { name: 'Alarms' }).getByText('Seen by').waitFor();
    expect(await healthOf('Alarms')).toMatchObject({ state: 'ok' });
  });

  it('is repaired and sent again in place, and is over then', async (context) => {
    if (launched.browser === null) context.skip(launched.reason);
    await page.goto(`${system.ready.dashboardUrl}/dead-letters`);
    await page.getByRole('region', { name: 'Dead letters' }).getByText('order.cancel').click();
    const detail = page.getByRole('complementary', { name: 'Detail' });
    await detail.getByText('To be repaired: orderId: expected an id').waitFor();
    expect(await detail.getByRole('button', { name: 'Send it again' }).isDisabled()).toBe(true);
    await detail.getByLabel('Data of the job').fill(JSON.stringify({ orderId, reason: 'by hand' }));
    await detail.getByRole('button', { name: 'Send it again' }).click();
    await page.getByText('No job was given up.').waitFor();
    await expect
      .poll(async () => (await system.api<Order>(`/orders/${orderId}`)).status, { timeout: 10_000 })
      .toBe('canceled');
    await expect.poll(open, { timeout: 20_000 }).toEqual([]);
    await expect.poll(() => heard.map((one) => one.what)).toEqual(['raised', 'cleared']);
    await page.goto(`${system.ready.dashboardUrl}/alarms?tab=history`);
    await page.getByRole('region', { name: 'History of alarms' }).getByText('Over').waitFor();
  });
});

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { connectDatabase, type Sql } from '../../server/adapters/database/connect.ts';
import type { Account, Position, QuoteJson } from '../../server/contract/index.ts';
import type { Exchange } from '../../server/exchange/exchange.ts';
import { askOnPage, enrolSecondFactor } from '../../server/testing/authenticator.ts';
import { launchBrowser } from '../../server/testing/browser.ts';
import { openSignedIn } from '../../server/testing/dashboard-page.ts';
import { startTestExchange } from '../../server/testing/exchange.ts';
import { newDataDir, removeDataDir, type System, startSystem } from '../../server/testing/system.ts';
import { setWideLimits } from '../../server/testing/wide-limits.ts';

/** A symbol, and what was bid for it. */
export interface Held {
  readonly symbol: string;
  readonly bid: number;
}

/** A running system with an exchange whose prices are said by hand, and a person who is signed in. */
export interface Desk {
  readonly system: System;
  readonly exchange: Exchange;
  readonly sql: Sql;
  readonly accountId: string;
  /** What is held in each of two accounts, and the price at which it stood when it was bought. */
  readonly held: readonly Held[];
  /** A page in a browser that has seen nothing of the dashboard yet, signed in. */
  page(options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

const waitMs = 100;

/** Opens one whose two accounts hold so many symbols each. */
export async function openDesk(browser: Browser, databaseUrl: string, symbols: number): Promise<Desk> {
  const dataDir = await newDataDir();
  const exchange = await startTestExchange({ startingCash: 10_000_000 });
  const { url, keyId, secretKey } = exchange;
  const system = await startSystem(dataDir, {
    ...{ DATABASE_URL: databaseUrl, EXCHANGE_URL: url, EXCHANGE_KEY_ID: keyId, EXCHANGE_SECRET_KEY: secretKey },
  });
  const first = await (await browser.newContext()).newPage();
  await openSignedIn(first, system);
  const cookies = await first.context().cookies();
  const ask = askOnPage(first);
  const positions = async (): Promise<number> => (await ask<{ items: Position[] }>('GET', '/positions')).items.length;
  await enrolSecondFactor(ask);
  await setWideLimits(ask);
  await ask('PATCH', '/settings', { intake: { ratePerSecond: 100_000, burst: 100_000 } });
  await ask('POST', '/accounts', { name: 'second', venue: 'embedded', keys: await exchange.openAccount() });
  const wanted = exchange.market.instruments.slice(0, symbols).map(({ symbol }) => symbol);
  for (const symbol of wanted) {
    for (const account of [undefined, 'second']) {
      const { status, body } = await system.post(
        JSON.stringify({ signal: 'BUY', ticker: symbol, mode: 'Paper', quantity: 3, timeframe: '1s', account }),
      );
      if (status !== 202) throw new Error(`an alert was not taken: ${status} ${JSON.stringify(body)}`);
    }
  }
  while ((await positions()) < 2 * symbols) await new Promise((resolve) => setTimeout(resolve, waitMs));
  const quotes = await ask<{ items: QuoteJson[] }>('GET', `/quotes?symbols=${encodeURIComponent(wanted.join(','))}`);
  const held = quotes.items.map(({ symbol, bid }) => ({ symbol, bid: Number(bid) }));
  const sql = connectDatabase(databaseUrl, { max: 2, applicationName: 'bench' });
  const { items } = await ask<{ items: Account[] }>('GET', '/accounts');
  await first.context().close();
  return {
    system,
    exchange,
    sql,
    accountId: items.find((one) => one.name !== 'second')!.id,
    held,
    async page(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      await context.addCookies(cookies);
      return context.newPage();
    },
    async close() {
      await sql.end({ timeout: 1 });
      await system.stop();
      await exchange.stop();
      await removeDataDir(dataDir);
    },
  };
}

/** The browser that pages are measured in; throws where there is none. */
export async function openBrowser(): Promise<Browser> {
  const launched = await launchBrowser();
  if (launched.browser === null) throw new Error(`The dashboard cannot be measured: ${launched.reason}.`);
  return launched.browser;
}

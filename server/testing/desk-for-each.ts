import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Exchange } from '../exchange/exchange.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startTestExchange } from './exchange.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type OrderDesk, openOrderDesk } from './order-desk.ts';

/** What a test finds. */
export interface DeskOfTest {
  readonly exchange: Exchange;
  /** Stands between the desk and the exchange. */
  readonly proxy: FaultProxy;
  readonly desk: OrderDesk;
  readonly seeded: OrderDesk['seeded'];
}

/**
 * Opens an order desk for each test of a file, on an exchange of its own where AAPL is quoted at 150, reached through a proxy; the database
 * is the file's. `begin` is told of each before its test.
 */
export function deskForEach(options: { readonly missGraceMs: number }, begin: (made: DeskOfTest) => void): void {
  let database: TestDatabase;
  let made: DeskOfTest;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    const exchange = await startTestExchange();
    await exchange.setQuote('AAPL', 149.99, 150.01);
    const proxy = await startFaultProxy(Number(new URL(exchange.url).port));
    const desk = await openOrderDesk(database, exchange, { tradingUrl: `http://127.0.0.1:${proxy.port}`, ...options });
    made = { exchange, proxy, desk, seeded: desk.seeded };
    begin(made);
  });
  afterEach(async () => {
    await made.desk.close();
    await made.proxy[Symbol.asyncDispose]();
    await made.exchange.stop();
  });
}

import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { connectDatabase } from '../server/adapters/database/connect.ts';
import { createExchangeStore } from '../server/adapters/database/exchange-store/exchange-store.ts';
import type { Exchange } from '../server/exchange/exchange.ts';
import { startTestExchange } from '../server/testing/exchange.ts';
import { sendLoad } from './http-load.ts';
import { at, median, ms, type Round, rate, table } from './measure.ts';

/** Nine in ten rest below the market, at one of twenty prices; the tenth is filled at once. */
const bodies = Array.from({ length: 200 }, (_, n) => {
  const price = n % 10 === 9 ? '150.01' : (140 + (n % 20) * 0.25).toFixed(2);
  return `{"symbol":"AAPL","qty":"1","side":"buy","type":"limit","time_in_force":"gtc","limit_price":"${price}","client_order_id":"$id"}`;
});

/** Those that only rest, to fill a book with. */
const resting = bodies.filter((_, n) => n % 10 !== 9);

async function open(store: Parameters<typeof startTestExchange>[0]): Promise<Exchange> {
  const exchange = await startTestExchange({ ...store, startingCash: 1_000_000_000 });
  await exchange.setQuote('AAPL', 149.99, 150.01, 1_000_000);
  return exchange;
}

const keys = (exchange: Exchange): Record<string, string> => ({
  'APCA-API-KEY-ID': exchange.keyId,
  'APCA-API-SECRET-KEY': exchange.secretKey,
});

const portOf = (exchange: Exchange): number => Number(new URL(exchange.url).port);

function send(exchange: Exchange, clients: number, durationMs: number, label: string, sent = bodies): Promise<Round> {
  const headers = Object.entries(keys(exchange))
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  return sendLoad({
    port: portOf(exchange),
    path: '/v2/orders',
    clients,
    durationMs,
    expectStatus: 200,
    label,
    bodies: sent,
    headers,
  });
}

const cancelAll = (exchange: Exchange): Promise<unknown> =>
  fetch(`${exchange.url}/v2/orders`, { method: 'DELETE', headers: keys(exchange) }).then((answer) => answer.json());

async function openOrders(exchange: Exchange): Promise<number> {
  return exchange.venue.command(({ state }) => state.open().length);
}

/**
 * POST /v2/orders on one symbol with the books in PostgreSQL (each answer after its commit, fsync on) and in memory, beside a bare Hono
 * route that only reads and answers JSON; in rounds that take turns. Then the same with five thousand orders resting already.
 */
export async function runOrderEntryBench(url: string, quick: boolean): Promise<void> {
  const durationMs = quick ? 700 : 3000;
  const rounds = quick ? 3 : 5;
  const sql = connectDatabase(url, { max: 4, applicationName: 'bench' });
  const durable = await open({ store: createExchangeStore(sql) });
  const inMemory = await open({});
  const bare = new Hono().post('/v2/orders', async (c) => {
    const order = (await c.req.json()) as Record<string, unknown>;
    return c.json({ ...order, id: '019aa2f4-0000-7000-8000-000000000000', status: 'pending_new' });
  });
  const hono = await new Promise<{ port: number; close(): void }>((resolve) => {
    const server = serve({ fetch: bare.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve({ port, close: () => void server.close() }),
    );
  });
  const sendBare = (clients: number, label: string): Promise<Round> =>
    sendLoad({ port: hono.port, path: '/v2/orders', clients, durationMs, expectStatus: 200, label, bodies });
  try {
    console.log(`\nOrder entry over HTTP (${rounds} rounds of ${durationMs / 1000} s each, medians; fsync on)\n`);
    await send(durable, 4, 700, 'warm-up');
    await send(inMemory, 4, 700, 'warm-up');
    await sendBare(4, 'warm-up');
    const rows = [['at once', 'way', 'p50', 'p99', 'orders a second', 'p50 against bare', 'rate against bare']];
    for (const clients of [1, 16]) {
      const measured: { durable: Round; memory: Round; bare: Round }[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const label = `${clients}-${round}`;
        const one = {
          durable: await send(durable, clients, durationMs, label),
          memory: await send(inMemory, clients, durationMs, label),
          bare: await sendBare(clients, label),
        };
        measured.push(one);
        await Promise.all([cancelAll(durable), cancelAll(inMemory)]);
      }
      const of = (f: (m: (typeof measured)[number]) => number): number => median(measured.map(f));
      for (const [name, way] of [
        ['PostgreSQL', 'durable'],
        ['in memory', 'memory'],
        ['bare Hono', 'bare'],
      ] as const) {
        rows.push([
          String(clients),
          name,
          ms(of((m) => at(m[way].latenciesMs, 0.5))),
          ms(of((m) => at(m[way].latenciesMs, 0.99))),
          rate(of((m) => m[way].perSecond)),
          `${of((m) => at(m[way].latenciesMs, 0.5) / at(m.bare.latenciesMs, 0.5)).toFixed(2)}x`,
          `${of((m) => m[way].perSecond / m.bare.perSecond).toFixed(2)}x`,
        ]);
      }
    }
    console.log(table(rows));
    await besideResting(inMemory, quick ? 500 : 1500);
  } finally {
    hono.close();
    await durable.stop();
    await inMemory.stop();
    await sql.end();
  }
}

/** Whether an order takes longer where many rest: the books' own work, so in memory. */
async function besideResting(exchange: Exchange, durationMs: number): Promise<void> {
  await cancelAll(exchange);
  const empty = await send(exchange, 1, durationMs, 'empty');
  let filling = 0;
  while ((await openOrders(exchange)) < 5000) await send(exchange, 16, 500, `filling-${filling++}`, resting);
  const before = await openOrders(exchange);
  const full = await send(exchange, 1, durationMs, 'full');
  const [without, beside] = [at(empty.latenciesMs, 0.5), at(full.latenciesMs, 0.5)];
  console.log(
    `\n  one at a time beside ${before.toLocaleString('en-US')} resting orders: p50 ${ms(beside)}, ` +
      `beside none at first ${ms(without)}: ${(beside / without).toFixed(2)}x`,
  );
}

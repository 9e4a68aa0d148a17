import { availableParallelism, loadavg } from 'node:os';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { systemClock } from '../server/adapters/clock/system-clock.ts';
import { systemRandom } from '../server/adapters/clock/system-random.ts';
import { createPgBossQueue } from '../server/adapters/queue/pg-boss-queue.ts';
import { startUnderTest } from '../server/testing/fuzz/under-test.ts';
import { quietLog } from '../server/testing/quiet-log.ts';
import { setWideLimits } from '../server/testing/wide-limits.ts';
import { openMix } from './alert-mix.ts';
import { hasPgbench, pgbenchRound } from './bare-inserts.ts';
import { at, ms, table } from './measure.ts';
import { type Replies, sendOpenLoad } from './reply-load.ts';

/** The load that is stated for an installation, 1,000 signals an hour, a hundred times over. */
const perSecond = (1000 * 100) / 3600;
/** TradingView hangs up after it. */
const patienceMs = 3000;

/**
 * What others were measured to do, for the order of magnitude: as fast as they can with 50 senders at once, on another day and another machine,
 * and most of them store nothing.
 */
const peers = [
  ['thibaultyou/tradingview-alerts-processor (Express, stores nothing)', '9,600/s', '12 ms'],
  ['fabston/TradingView-Webhook-Bot (Flask)', '144/s', '0.8 s'],
  ['robswc/tradingview-webhooks-bot (Flask)', '230/s', 'not known'],
  ['Fastify with one PostgreSQL insert', '29,000/s', '3.6 ms'],
] as const;

function bareHono(): Promise<{ port: number; close(): void }> {
  const app = new Hono().post('/hooks/:source/:token', async (c) => {
    await c.req.arrayBuffer();
    return c.json({ id: '019aa2f4-0000-7000-8000-000000000000', status: 'accepted', receiptUrl: '/signals/1' }, 202);
  });
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve({ port, close: () => void server.close() }),
    );
  });
}

const joined = (parts: readonly Float64Array[]): Float64Array =>
  Float64Array.from(parts.flatMap((part) => [...part])).sort();
const late = (latencies: Float64Array): number => latencies.filter((one) => one > patienceMs).length;

/**
 * Replies at a hundred times the stated load: alerts of all dialects and with all proofs that a sender can give arrive at random moments at the whole
 * system, while its worker decides them and its exchange fills their orders. Beside it, in turns, the same arrivals at Hono without a database, and
 * at pgbench with nothing but the two inserts.
 */
export async function runRepliesBench(url: string, quick: boolean): Promise<void> {
  const durationMs = quick ? 10_000 : 60_000;
  const rounds = quick ? 1 : 3;
  const pgbench = hasPgbench();
  // The table of jobs that pgbench inserts into.
  const queue = await createPgBossQueue({ url, clock: systemClock, random: systemRandom, log: quietLog });
  await queue.stop();
  const server = await startUnderTest(null);
  const hono = await bareHono();
  try {
    await setWideLimits(server.ask);
    const sources = await openMix(server.ask);
    const load = (port: number, from: number, seed: number, mixed: boolean, forMs = durationMs) =>
      sendOpenLoad({ port, perSecond, durationMs: forMs, seed, from, sources: mixed ? sources : null });
    const busy = `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores before`;
    console.log(
      `\nReplies at ${perSecond.toFixed(1)} alerts a second, 100 times the stated load (${rounds} x ${durationMs / 1000} s, open loop, fsync on; ${busy})\n`,
    );
    await load(server.port, 1_000_000, 99, true, 4000);
    await load(hono.port, 0, 99, false, 1000);
    const ours: Replies[] = [];
    const theirs: Replies[] = [];
    const bare: Float64Array[] = [];
    for (let round = 0; round < rounds; round++) {
      if (pgbench) bare.push((await pgbenchRound(url, 8, durationMs, perSecond)).latenciesMs);
      ours.push(await load(server.port, round * 100_000, round, true));
      theirs.push(await load(hono.port, 0, round, false));
    }
    const all = {
      ours: joined(ours.map(({ latenciesMs }) => latenciesMs)),
      hono: joined(theirs.map(({ latenciesMs }) => latenciesMs)),
      bare: joined(bare),
    };
    const reference = pgbench ? all.bare : all.hono;
    const line = (name: string, latencies: Float64Array): string[] => [
      name,
      String(latencies.length),
      ms(at(latencies, 0.5)),
      ms(at(latencies, 0.99)),
      ms(at(latencies, 1)),
      String(late(latencies)),
      (at(latencies, 0.5) / at(reference, 0.5)).toFixed(2),
      `${((100 * at(latencies, 0.99)) / patienceMs).toFixed(1)} %`,
    ];
    console.log(
      table([
        ['way', 'replies', 'p50', 'p99', 'most', 'over 3 s', 'p50 against the first', 'p99 of 3 s'],
        ...(pgbench ? [line('pgbench, the two inserts alone', all.bare)] : []),
        line('Hono, no database', all.hono),
        line('Signalbox, the whole system', all.ours),
      ]),
    );
    const statuses: Record<string, number> = {};
    for (const { statuses: one } of ours)
      for (const [status, count] of Object.entries(one)) statuses[status] = (statuses[status] ?? 0) + count;
    const [done] = await server.database.sql()<{ decided: number; orders: number; sent: number }[]>`
      select (select count(*) from trading_signals where decided_at is not null)::int as decided,
        (select count(*) from orders)::int as orders,
        (select count(*) from orders where broker_order_id is not null)::int as sent`;
    const told = Object.entries(statuses).map(([status, count]) => `${count} x ${status}`);
    console.log(
      `\n  answered ${told.join(', ')}; behind it ${done!.decided} decisions and ${done!.orders} orders, ${done!.sent} of them at the exchange`,
    );
    console.log('\n  Others, for the order of magnitude; not measured in this run:');
    console.log(
      table([
        ['  receiver', 'most a second, 50 senders', 'p99'],
        ...peers.map(([name, rate, p99]) => [`  ${name}`, rate, p99]),
      ]),
    );
    const unanswered = statuses.none ?? 0;
    const failed = Object.entries(statuses).reduce(
      (sum, [status, count]) => sum + (Number(status) >= 500 ? count : 0),
      0,
    );
    console.log(
      `\n${goal(`no reply over 3 s: ${late(all.ours)}`, late(all.ours) === 0 && unanswered === 0)}\n${goal(`none that makes TradingView send again: ${failed}`, failed === 0)}\n`,
    );
  } finally {
    hono.close();
    await server.close(false);
  }
}

const goal = (name: string, met: boolean): string => `${met ? 'met    ' : 'MISSED '} ${name}`;

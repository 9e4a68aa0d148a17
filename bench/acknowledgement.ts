import { availableParallelism, loadavg } from 'node:os';
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { systemClock } from '../server/adapters/clock/system-clock.ts';
import { systemRandom } from '../server/adapters/clock/system-random.ts';
import { connectDatabase } from '../server/adapters/database/connect.ts';
import { createIntakeStore } from '../server/adapters/database/intake-store/intake-store.ts';
import { createWebhookTokens } from '../server/adapters/database/intake-store/webhook-tokens.ts';
import { createPgBossQueue } from '../server/adapters/queue/pg-boss-queue.ts';
import { defaultProofs } from '../server/core/model/proofs.ts';
import { defaultSettings } from '../server/core/model/settings.ts';
import type { Log } from '../server/core/ports/log.ts';
import { hookRoutes } from '../server/http/hooks.ts';
import { createIntake } from '../server/pipeline/intake/intake.ts';
import { loadDialects } from '../server/pipeline/intake/load-dialects.ts';
import { bareRound, hasPgbench, pgbenchRound } from './bare-inserts.ts';
import { sendLoad } from './http-load.ts';
import { at, median, ms, type Round, rate, table } from './measure.ts';

const warnings: Log = {
  debug() {},
  info() {},
  warn: (fields, message) => console.error(message, fields),
  error: (fields, message) => console.error(message, fields),
};

/** The real route over the real intake and database, and a route that answers the same without either. */
async function startServers(url: string) {
  const queue = await createPgBossQueue({ url, clock: systemClock, random: systemRandom, log: warnings });
  const store = createIntakeStore({ url, jobs: queue, clock: systemClock, log: warnings });
  const sql = connectDatabase(url, { max: 2, applicationName: 'bench' });
  const tokens = createWebhookTokens({ sql, clock: systemClock, random: systemRandom });
  // What is measured is the acknowledgement, not the limit that protects it.
  const settings = { ...defaultSettings, intake: { ...defaultSettings.intake, ratePerSecond: 1e6, burst: 1e6 } };
  const intake = createIntake({
    signs: { beat: async () => {} },
    metrics: { proofJudged() {} },
    store,
    tokens,
    // As every source is until somebody asks for more.
    proofs: { policy: async (id) => defaultProofs(id), claim: async () => true, release: () => {} },
    failedProofs: { note: () => {} },
    trustedProxies: [],
    settings: { current: () => settings },
    dialects: await loadDialects(),
    recordings: { record: async () => {} },
    clock: systemClock,
    random: systemRandom,
    log: warnings,
    onAccepted: () => {},
  });
  const bare = new Hono().post('/hooks/:source/:token', async (c) => {
    await c.req.arrayBuffer();
    return c.json({ id: '019aa2f4-0000-7000-8000-000000000000', status: 'accepted', receiptUrl: '/signals/1' }, 202);
  });
  const ours = await listen(hookRoutes({ intake, connectionOf: getConnInfo }));
  const hono = await listen(bare);
  return {
    path: `/hooks/tradingview/${await tokens.issue('bench', 'tradingview')}`,
    ours,
    hono,
    async stop() {
      ours.close();
      hono.close();
      await store.close();
      await queue.stop();
      await sql.end();
    },
  };
}

function listen(app: Hono): Promise<{ port: number; close(): void }> {
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve({ port, close: () => void server.close() }),
    );
  });
}

/**
 * Acknowledgement latency and alerts durably acknowledged per second, at 1, 10 and 50 senders, against the bare inserts on the
 * same database and against Hono without a database; in rounds that take turns, so that the machine's moods hit all alike.
 */
export async function runAcknowledgementBench(url: string, quick: boolean): Promise<void> {
  const durationMs = quick ? 1000 : 4000;
  const rounds = quick ? 3 : 5;
  const servers = await startServers(url);
  const pgbench = hasPgbench();
  const bareName = pgbench ? 'pgbench, prepared' : 'bare inserts (postgres.js)';
  const bare = pgbench ? pgbenchRound : bareRound;
  const send = (port: number, clients: number, label: string, forMs = durationMs) =>
    sendLoad({ port, path: servers.path, clients, durationMs: forMs, expectStatus: 202, label });
  try {
    // Fifty backends of pgbench take a larger share of a busy machine than our one: with others at work the ratio says less.
    const busy = `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores before`;
    console.log(`Acknowledgement (${rounds} rounds of ${durationMs / 1000} s each, medians; fsync on; ${busy})\n`);
    const rows = [['senders', 'way', 'p50', 'p99', 'per second', 'p50 against bare', 'rate against bare']];
    const goals: string[] = [];
    await send(servers.ours.port, 10, `warm-up-${performance.now()}`, 2000);
    await send(servers.hono.port, 10, 'warm-up', 1000);
    for (const clients of [1, 10, 50]) {
      const measured: { bare: Round; ours: Round; hono: Round }[] = [];
      for (let round = 0; round < rounds; round++) {
        measured.push({
          bare: await bare(url, clients, durationMs),
          ours: await send(servers.ours.port, clients, `${performance.now()}-${clients}-${round}`),
          hono: await send(servers.hono.port, clients, 'hono'),
        });
      }
      const of = (f: (m: (typeof measured)[number]) => number) => median(measured.map(f));
      const line = (name: string, way: 'bare' | 'ours' | 'hono') => [
        String(clients),
        name,
        ms(of((m) => at(m[way].latenciesMs, 0.5))),
        ms(of((m) => at(m[way].latenciesMs, 0.99))),
        rate(of((m) => m[way].perSecond)),
        way === 'bare' ? '1' : of((m) => at(m[way].latenciesMs, 0.5) / at(m.bare.latenciesMs, 0.5)).toFixed(2),
        way === 'bare' ? '1' : of((m) => m[way].perSecond / m.bare.perSecond).toFixed(2),
      ];
      rows.push(line(bareName, 'bare'), line('Signalbox', 'ours'), line('Hono, no database', 'hono'));
      const p50 = of((m) => at(m.ours.latenciesMs, 0.5) / at(m.bare.latenciesMs, 0.5));
      const perSecond = of((m) => m.ours.perSecond / m.bare.perSecond);
      if (clients === 1) goals.push(goal('at 1, p50 within 2x of the bare inserts', p50, p50 <= 2));
      if (clients === 50)
        goals.push(goal('at 50, at least 2x the rate of the bare inserts', perSecond, perSecond >= 2));
    }
    console.log(`${table(rows)}\n\n${goals.join('\n')}\n`);
  } finally {
    await servers.stop();
  }
}

const goal = (name: string, ratio: number, met: boolean): string =>
  `${met ? 'met    ' : 'MISSED '} ${name}: ${ratio.toFixed(2)}x`;

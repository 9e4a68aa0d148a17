import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { startEmbeddedPostgres } from '../server/adapters/database/embedded/postgres.ts';
import { migrate } from '../server/adapters/database/migrate.ts';

/** The parts, in the order they run; each prints its own figures, with ratios where there is something to compare with. */
const parts: Readonly<Record<string, (quick: boolean) => Promise<void>>> = {
  acknowledgement: async (quick) => {
    const { runAcknowledgementBench } = await import('./acknowledgement.ts');
    await withDatabase((url) => runAcknowledgementBench(url, quick));
  },
  replies: async (quick) => {
    const { runRepliesBench } = await import('./replies.ts');
    await withDatabase((url) => runRepliesBench(url, quick));
  },
  'ack-to-exchange': async (quick) => {
    const { runAckToExchangeBench } = await import('./ack-to-exchange.ts');
    await runAckToExchangeBench(quick);
  },
  matching: async (quick) => {
    const { runMatchingBench } = await import('./matching.ts');
    await runMatchingBench(quick);
  },
  'order-entry': async (quick) => {
    const { runOrderEntryBench } = await import('./order-entry.ts');
    await withDatabase((url) => runOrderEntryBench(url, quick));
  },
  'risk-gate': async () => {
    const { runRiskGateBench } = await import('./risk-gate.ts');
    await runRiskGateBench();
  },
  decisions: async (quick) => {
    const { runDecisionsBench } = await import('./decisions.ts');
    await withDatabase((url) => runDecisionsBench(url, quick));
  },
  search: async (quick) => {
    const { runSearchBench } = await import('./search.ts');
    await withDatabase((url) => runSearchBench(url, quick));
  },
  workers: async (quick) => {
    const { runWorkersBench } = await import('./workers.ts');
    await runWorkersBench(quick);
  },
  dashboard: async (quick) => {
    const { runDashboardBench } = await import('./dashboard/dashboard.ts');
    await withDatabase((full) => withDatabase((small) => runDashboardBench(full, small, quick)));
  },
  restart: async (quick) => {
    const { runRestartBench } = await import('./restart.ts');
    await runRestartBench(quick);
  },
};

let databases = 0;

/** A migrated database of the bench's own, fsync on, thrown away afterwards: on DATABASE_URL's server, or an embedded one. */
async function withDatabase(use: (url: string) => Promise<void>): Promise<void> {
  const given = process.env.DATABASE_URL;
  const dataDir = given ? null : await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
  const server = dataDir ? await startEmbeddedPostgres({ dataDir }) : null;
  const serverUrl = given ?? server!.url;
  const name = `signalbox_bench_${process.pid}_${++databases}`;
  const admin = postgres(serverUrl, { max: 1, onnotice: () => {} });
  try {
    await admin.unsafe(`CREATE DATABASE ${name}`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    await migrate(url.href);
    await use(url.href);
  } finally {
    await admin.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
    await server?.stop();
    if (dataDir) await rm(dataDir, { recursive: true, force: true });
  }
}

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(
    `There is no part called ${unknown.join(', ')}. Parts: ${Object.keys(parts).join(', ')}. Option: --quick.`,
  );
  process.exitCode = 2;
} else {
  for (const [name, run] of Object.entries(parts)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    await run(values.quick);
  }
}

import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Round } from './measure.ts';

/** The alert's row and its job, as bare inserts with nothing around them. */
const alertInsert = (
  id: string,
) => `INSERT INTO trading_signals (id, source, received_at, status, dedupe_key, raw_body, content_type,
 proofs, parsed, ticker, side, strategy, parse_micros) VALUES (${id}, 'bench', now(), 'accepted', ${id}::text,
 '{"signal":"BUY","ticker":"AAPL","tradingMode":"Paper","riskAmount":100.00,"entryPrice":150.25,"stopLoss":148.50,"takeProfit":155.00,"timestamp":"2026-11-20T15:00:00Z","strategy":"bench","timeframe":"5m"}',
 'application/json', '{"token":"matched","remoteAddress":"127.0.0.1"}', '{"side":"buy","ticker":"AAPL","riskAmount":"100"}', 'AAPL', 'buy', 'bench', 20)`;
const jobInsert = (
  id: string,
) => `INSERT INTO pgboss.job (name, data, policy, singleton_key, retry_limit, expire_seconds)
 VALUES ('signal.process', jsonb_build_object('signalId', ${id}), 'short', ${id}::text, 9, 3600)`;

/** Whether pgbench is there to be asked. */
export function hasPgbench(): boolean {
  try {
    execFileSync('pgbench', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Two prepared inserts in one transaction, over and over, by pgbench: C, no framework, nothing but the database's own pace. With a rate they
 * come at random moments, so many a second on average, and what they wait for a client counts.
 */
export async function pgbenchRound(
  url: string,
  clients: number,
  durationMs: number,
  perSecond?: number,
): Promise<Round> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const script = join(folder, 'inserts.sql');
    // One id for both rows without a round trip of its own: made from two random numbers on the client.
    const id = "lpad(to_hex(:a::bigint), 16, '0') || lpad(to_hex(:b::bigint), 16, '0')";
    await writeFile(
      script,
      [
        '\\set a random(0, 9223372036854775806)',
        '\\set b random(0, 9223372036854775806)',
        'BEGIN;',
        `${alertInsert(`(${id})::uuid`).replaceAll('\n', ' ')};`,
        `${jobInsert(`(${id})::uuid`).replaceAll('\n', ' ')};`,
        'COMMIT;',
        '',
      ].join('\n'),
    );
    const seconds = Math.max(1, Math.round(durationMs / 1000));
    const options = [
      '-n',
      '-M',
      'prepared',
      '-c',
      String(clients),
      '-j',
      String(Math.min(clients, 2)),
      '-T',
      String(seconds),
      ...(perSecond === undefined ? [] : ['-R', String(perSecond)]),
    ];
    await finished('pgbench', [...options, '-f', script, '-l', '--log-prefix', join(folder, 'log'), '-d', url], folder);
    return await readLogs(folder, seconds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function finished(command: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}: ${errors}`)),
    );
  });
}

/** A line of pgbench's log is `client transaction microseconds …`. */
async function readLogs(folder: string, seconds: number): Promise<Round> {
  const latencies: number[] = [];
  for (const name of await readdir(folder)) {
    if (!name.startsWith('log.')) continue;
    for (const line of (await readFile(join(folder, name), 'utf8')).split('\n')) {
      const micros = line.split(' ')[2];
      if (micros !== undefined) latencies.push(Number(micros) / 1000);
    }
  }
  return { latenciesMs: Float64Array.from(latencies).sort(), perSecond: latencies.length / seconds };
}

/** The same by postgres.js, pipelined and prepared, where there is no pgbench. */
export async function bareRound(url: string, clients: number, durationMs: number): Promise<Round> {
  const sql = postgres(url, { max: clients, fetch_types: false, onnotice: () => {} });
  const latencies: number[] = [];
  const alert = alertInsert('$1::uuid');
  const job = jobInsert('$1::uuid');
  const one = (id: string) =>
    sql.begin((tx) => [tx.unsafe(alert, [id], { prepare: true }), tx.unsafe(job, [id], { prepare: true })]);
  await Promise.all(Array.from({ length: clients }, () => one(crypto.randomUUID())));
  const startedAt = performance.now();
  const until = startedAt + durationMs;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) {
        const sentAt = performance.now();
        await one(crypto.randomUUID());
        latencies.push(performance.now() - sentAt);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  await sql.end();
  return { latenciesMs: Float64Array.from(latencies).sort(), perSecond: latencies.length / seconds };
}

// npm run replay: makes the decisions on stored alerts again, by today's code and a changed configuration. docs/replay.md.
import { readFile } from 'node:fs/promises';
import { systemClock as clock } from '../adapters/clock/system-clock.ts';
import { createReplaySource } from '../adapters/database/replay-store/replay-store.ts';
import { readSnapshot } from '../adapters/database/settings-store/snapshot.ts';
import { loadDialects } from '../pipeline/intake/load-dialects.ts';
import type { InForce } from '../pipeline/restore-facts.ts';
import { loadRules } from '../pipeline/risk/load-rules.ts';
import { loadSizing } from '../pipeline/sizing/book.ts';
import { type Candidate, createOverlay, unchanged } from '../research/replay/candidate.ts';
import { type ReplayTotals, replay } from '../research/replay/replay.ts';
import { type JsonReport, reportTo, reportToOutput } from './replay/json-report.ts';
import { openForReading } from './replay/open-database.ts';
import { type ReplayOptions, readOptions, usage } from './replay/options.ts';
import { printConfig } from './replay/print-config.ts';
import { createProgress } from './replay/progress.ts';
import { readCandidate } from './replay/read-candidate.ts';
import { ReplayTable } from './replay/table.ts';
import { UnusableFile } from './replay/yaml-place.ts';

type Sql = Parameters<typeof createReplaySource>[0];

async function readConfig(sql: Sql, file: string | null): Promise<Candidate> {
  if (file === null) return unchanged;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}`);
  }
  const accounts = await sql<{ id: string; name: string }[]>`select id, name from accounts order by name`;
  return readCandidate(text, file, { rules: await loadRules(), sizing: await loadSizing(), accounts });
}

/** Replays within one transaction that can write nothing; answers the status. */
async function run(sql: Sql, options: ReplayOptions): Promise<number> {
  const candidate = await readConfig(sql, options.config);
  const { settings, strategies } = await readSnapshot(sql);
  if (options.printConfig) {
    const accounts = await sql<{ id: string; name: string }[]>`select id, name from accounts order by name`;
    process.stdout.write(printConfig(settings, [...strategies.values()], accounts));
    return 0;
  }
  const overlay = createOverlay(candidate, (key) => strategies.has(key));
  const current = ({ strategy: { key } }: InForce): InForce => ({
    master: settings['mode.master'],
    approvals: settings.approvals,
    limits: settings.limits,
    strategy: strategies.get(key) ?? { ...strategies.get('default')!, key },
  });
  const source = createReplaySource(sql);
  const range = { from: options.from, until: options.until };
  const { decisions } = await source.count(range);
  const alone = options.json === '';
  const report: JsonReport | null =
    options.json === null ? null : alone ? reportToOutput() : await reportTo(options.json);
  const table = new ReplayTable(process.stdout.isTTY === true && !process.env.NO_COLOR);
  const progress = createProgress(decisions);
  let shown = 0;
  let found = 0;
  const print = (words: string): void => {
    if (alone) return;
    progress.clear();
    process.stdout.write(`${words}\n`);
  };
  try {
    const totals = await replay(
      {
        source,
        dialects: await loadDialects(),
        rules: await loadRules(),
        sizing: await loadSizing(),
        configuration: (inForce) => overlay(options.against === 'current' ? current(inForce) : inForce),
        async onDifference(one) {
          await report?.difference(one);
          found++;
          if (shown >= options.show) return;
          if (shown++ === 0) print(table.head());
          print(table.line(one));
        },
        onProgress: progress.show,
      },
      range,
    );
    progress.clear();
    if (found > shown && !alone) print(`and ${found - shown} more; --show and --json have them.`);
    const status = statusOf(totals, options.strict);
    print(table.totals(totals));
    const { against, config } = options;
    await report?.end({ from: range.from, until: range.until, against, config, status, totals });
    return status;
  } catch (error) {
    progress.clear();
    await report?.abandon();
    throw error;
  }
}

/** 0: all the same; 1: something differs; 2: something could not be made again, where that counts. */
function statusOf({ by }: ReplayTotals, strict: boolean): number {
  if (strict && by.not_replayed > 0) return 2;
  return by.decision + by.code + by.quantity + by.terms > 0 ? 1 : 0;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), clock.now());
  if (options === null) {
    process.stdout.write(usage);
    return 0;
  }
  const database = await openForReading(process.env);
  try {
    return await database.sql.begin('isolation level repeatable read read only', (tx) => run(tx, options));
  } finally {
    await database.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = 2;
  if (error instanceof UnusableFile) for (const problem of error.problems) process.stderr.write(`${problem}\n`);
  else process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.stderr.write('Nothing was replayed.\n');
}

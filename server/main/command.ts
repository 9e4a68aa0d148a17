import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@opensearch-project/opensearch';
import { connectDatabase, plansByKey, type Sql } from '../adapters/database/connect.ts';
import { createSearchClient } from '../adapters/search/opensearch/client.ts';
import { createLog } from '../adapters/telemetry/log.ts';
import type { Log } from '../core/ports/log.ts';
import { type Environment, readEnvironment } from '../environment.ts';
import { searchConnections } from './search.ts';

/** What a command of the search copy works with. */
export interface SearchCommand {
  readonly environment: Environment;
  readonly client: Client;
  readonly sql: Sql;
  readonly databaseUrl: string;
  /** Under which receipts are reached. */
  readonly baseUrl: string;
  readonly log: Log;
  close(): Promise<void>;
}

/** Opens OpenSearch and the database of DATABASE_URL or of the instance that runs on this data directory. Throws sentences for people. */
export function openSearchCommand(): SearchCommand {
  const environment = readEnvironment(process.env, []);
  if (!environment.openSearchUrl) {
    throw new Error('OPENSEARCH_URL is not set: it says where OpenSearch answers, as http://user:password@host:9200.');
  }
  const { databaseUrl, baseUrl } = databaseOf(environment);
  const client = createSearchClient({ url: environment.openSearchUrl, caFile: environment.openSearchCa });
  const sql = connectDatabase(databaseUrl, {
    max: searchConnections,
    statementMs: 30_000,
    applicationName: 'signalbox search',
    settings: plansByKey,
  });
  return {
    environment,
    client,
    sql,
    databaseUrl,
    baseUrl,
    log: createLog({ format: environment.logFormat, level: environment.logLevel, dataDir: environment.dataDir }),
    async close() {
      await Promise.all([sql.end({ timeout: 1 }), client.close()]);
    },
  };
}

/** The database of DATABASE_URL, or of the instance that runs on this data directory. Throws a sentence for people. */
export function databaseOf(environment: Environment): { databaseUrl: string; baseUrl: string } {
  const own = environment.publicUrl ?? `http://${environment.host}:${environment.port}`;
  if (environment.databaseUrl) return { databaseUrl: environment.databaseUrl, baseUrl: own };
  const file = join(environment.dataDir, 'instance.json');
  try {
    const { databaseUrl, dashboardUrl } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    if (databaseUrl) return { databaseUrl, baseUrl: environment.publicUrl ?? dashboardUrl ?? own };
  } catch {
    // Told below.
  }
  throw new Error(`No running instance was found (${file}), and DATABASE_URL is not set. Start one with: npm start`);
}

/** Runs a command to its end: what it throws is told in its sentence, and the status says that it failed. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    process.stderr.write(`  ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

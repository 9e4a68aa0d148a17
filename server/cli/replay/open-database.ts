import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectDatabase, type Sql } from '../../adapters/database/connect.ts';
import { startEmbeddedPostgres } from '../../adapters/database/embedded/postgres.ts';
import { lockInstance } from '../../adapters/instance/instance-lock.ts';
import { readEnvironment } from '../../environment.ts';

export interface OpenDatabase {
  readonly sql: Sql;
  close(): Promise<void>;
}

/**
 * The database of DATABASE_URL, of the instance that runs on this data directory, or of one that does not run: then its own PostgreSQL is
 * started for as long as we need it. It is not migrated. Throws sentences for people.
 */
export async function openForReading(env: Readonly<Record<string, string | undefined>>): Promise<OpenDatabase> {
  const environment = readEnvironment(env, []);
  const known = environment.databaseUrl ?? runningInstance(environment.dataDir);
  const undo: (() => unknown)[] = [];
  let url = known;
  if (url === null) {
    undo.push(lockInstance(environment.dataDir));
    const server = await startEmbeddedPostgres({ dataDir: environment.dataDir, log: () => {}, onExit: () => {} });
    undo.push(() => server.stop());
    url = server.url;
  }
  const sql = connectDatabase(url, {
    max: 1,
    applicationName: 'signalbox replay',
    statementMs: 120_000,
    // Judging what was read takes its time, between two statements of the one transaction.
    settings: { idle_in_transaction_session_timeout: '600000', default_transaction_read_only: 'on' },
  });
  undo.push(() => sql.end({ timeout: 1 }));
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const [found] = await sql<{ facts: boolean }[]>`select to_regclass('decision_facts') is not null as facts`;
    if (!found!.facts) {
      throw new Error(
        'This database is of an earlier version, which kept nothing to replay. Start the server once: npm start',
      );
    }
    return { sql, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function runningInstance(dataDir: string): string | null {
  try {
    return (
      (JSON.parse(readFileSync(join(dataDir, 'instance.json'), 'utf8')) as { databaseUrl?: string }).databaseUrl ?? null
    );
  } catch {
    return null;
  }
}

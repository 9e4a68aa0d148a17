import { startEmbeddedPostgres } from '../adapters/database/embedded/postgres.ts';
import { migrate } from '../adapters/database/migrate.ts';
import type { Log } from '../core/ports/log.ts';
import type { Environment } from '../environment.ts';

/** The database that is configured, or our own; migrated. `stop` ends only what was started here. */
export async function openDatabase(
  environment: Environment,
  log: Log,
): Promise<{ url: string; stop(): Promise<void> }> {
  if (environment.databaseUrl) {
    const address = new URL(environment.databaseUrl);
    try {
      await migrate(environment.databaseUrl);
    } catch (error) {
      throw new Error(
        `The database at ${address.host}${address.pathname} (DATABASE_URL) cannot be used: ${reasonOf(error)}\nNothing was started.`,
        { cause: error },
      );
    }
    return { url: environment.databaseUrl, stop: async () => {} };
  }
  const server = await startEmbeddedPostgres({
    dataDir: environment.dataDir,
    log: (line) => {
      if (/ (ERROR|FATAL|PANIC|WARNING): /.test(line)) log.debug({ line }, 'PostgreSQL');
    },
    onExit: (sentence) => {
      log.error({}, `${sentence} Signalbox stops, to start anew from what is stored.`);
      process.exit(1);
    },
  });
  await migrate(server.url);
  return { url: server.url, stop: () => server.stop() };
}

const reasonOf = (error: unknown): string => {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || String(error);
};

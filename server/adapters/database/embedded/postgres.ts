import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import postgres from 'postgres';
import { postgresBinaries } from './binaries.ts';
import { clusterPassword, initialiseCluster } from './cluster.ts';
import { endOrphan } from './orphan.ts';
import { choosePlace } from './place.ts';
import { freePort, launchServer } from './server-process.ts';
import { runners } from './unprivileged.ts';

export interface EmbeddedPostgres {
  /** With the generated password in it: never log it. */
  readonly url: string;
  /** The server's process id. */
  readonly pid: number;
  /** Ends the server: open transactions are rolled back, committed ones are safe. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** Lines that PostgreSQL writes. */
  readonly log?: (line: string) => void;
  /** A sentence for the person who starts this; written to standard error unless taken. */
  readonly notice?: (sentence: string) => void;
  /** Off only for tests, where a power cut loses nothing of worth. */
  readonly durable?: boolean;
  /** Called when the server ends without having been told to. */
  readonly onExit?: (sentence: string) => void;
}

/**
 * Starts a real PostgreSQL on `<dataDir>/postgres`, making it at the first time: loopback only, SCRAM with a generated password, checksums and
 * fsync on. A watchdog stops it when this process dies, whatever it dies of; one that outlived its owner all the same is ended first. The
 * caller holds the data directory's lock. Throws an error a person can act on.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  // PostgreSQL works elsewhere: a path from our working directory would be another one there.
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const place = choosePlace({
    dataDir,
    native: postgresBinaries(),
    runners: runners(),
    refuge: '/var/lib/signalbox',
    notice: options.notice ?? ((sentence) => process.stderr.write(`  ${sentence}\n`)),
  });
  const password = clusterPassword(dataDir);
  await initialiseCluster(place, password);
  await endOrphan(place);
  let lastWords = '';
  for (let attempt = 0; attempt < 5; attempt++) {
    const port = await freePort();
    const server = launchServer(place, port, options.durable ?? true, options.log);
    const outcome = await server.ready;
    if (outcome.ready) {
      const url = (database: string) => `postgres://signalbox:${password}@127.0.0.1:${port}/${database}`;
      try {
        await createDatabase(url('postgres'));
      } catch (error) {
        await server.stop();
        throw new Error(
          `The embedded PostgreSQL in ${place.cluster} started but refused us: ${(error as Error).message}. Its password is kept in ${dataDir}/postgres.password; was that file changed?`,
        );
      }
      let stopping: Promise<void> | undefined;
      void server.ended.then(() => {
        if (!stopping) {
          options.onExit?.('The embedded PostgreSQL has ended by itself. Nothing that was acknowledged is lost.');
        }
      });
      return {
        url: url('signalbox'),
        pid: server.pid,
        stop() {
          stopping ??= server.stop();
          return stopping;
        },
      };
    }
    lastWords = outcome.lastWords;
    // Somebody took the port between our look and the start: another one, then.
    if (!/could not bind|Address already in use|could not create any TCP/i.test(lastWords)) break;
  }
  throw new Error(`The embedded PostgreSQL did not start:\n${lastWords}\nIts data is in ${place.cluster}, untouched.`);
}

async function createDatabase(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const found = await sql`select 1 from pg_database where datname = 'signalbox'`;
    if (found.length === 0) await sql`create database signalbox`;
  } finally {
    await sql.end();
  }
}

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { startEmbeddedPostgres } from '../adapters/database/embedded/postgres.ts';
import { migrate } from '../adapters/database/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    databaseServerUrl: string;
    databaseTemplate: string;
  }
}

/** One PostgreSQL server for the run, with a migrated template; `TEST_DATABASE_URL` uses a server that is there. */
export default async function setup(project: {
  provide(key: string, value: string): void;
}): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const dataDir = given ? null : await mkdtemp(join(tmpdir(), 'signalbox-tests-'));
  const server = dataDir ? await startEmbeddedPostgres({ dataDir, durable: false }) : null;
  const serverUrl = given ?? server!.url;
  // A given server may serve several runs at once, of several machines.
  const template = `signalbox_template_${randomBytes(6).toString('hex')}`;
  const admin = postgres(serverUrl, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${template}`);
  const templateUrl = new URL(serverUrl);
  templateUrl.pathname = `/${template}`;
  await migrate(templateUrl.href);
  project.provide('databaseServerUrl', serverUrl);
  project.provide('databaseTemplate', template);
  return async () => {
    await admin.unsafe(`drop database if exists ${template}`);
    await admin.end();
    await server?.stop();
    if (dataDir) await rm(dataDir, { recursive: true, force: true });
  };
}

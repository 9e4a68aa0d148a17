import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseServer, startDatabaseServer } from '../torture/database-server.ts';
import { type ServerProcess, serverProcess } from '../torture/server-process.ts';
import { ownRoot } from '../torture/stage.ts';
import type { Ask } from '../wide-limits.ts';
import { trustedProxy } from './oracle.ts';

/** A server as `npm start` starts it, its embedded exchange within, on a PostgreSQL of its own. */
export interface UnderTest {
  readonly folder: string;
  /** Another one after a restart. */
  readonly port: number;
  readonly process: ServerProcess;
  readonly database: DatabaseServer;
  readonly ask: Ask;
  /** SIGKILL, and a new start on what is stored. */
  killAndStart(): Promise<void>;
  close(keep: boolean): Promise<void>;
}

/** Far above what a run sends: what is tried is the reader, not the limit before it. */
const wide = { ratePerSecond: 100_000, burst: 100_000 };

/** Starts the program of a root; null: this one. `lead` says where it finds its database, for one that is to be reached another way. */
export async function startUnderTest(
  root: string | null,
  lead: (url: string) => Promise<string> = async (url) => url,
): Promise<UnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-fuzz-'));
  const database = await startDatabaseServer(folder);
  const process = serverProcess({
    name: 'server',
    root: root ?? ownRoot,
    words: ['server/main.ts'],
    settings: {
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: join(folder, 'server'),
      // Through a proxy that leads on to another PostgreSQL after a restart of that.
      DATABASE_URL: await lead(database.url),
      TRUSTED_PROXIES: trustedProxy,
    },
    folder,
  });
  const close = async (keep: boolean): Promise<void> => {
    await process.kill();
    await database.stop();
    if (!keep) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  let ready: { apiUrl: string; apiToken: string };
  const start = async (): Promise<void> => {
    ready = (await process.start()) as typeof ready;
  };
  const ask: Ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${ready.apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${ready.apiToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  };
  try {
    await start();
    await ask('PATCH', '/settings', { intake: wide });
  } catch (error) {
    await close(false);
    throw error;
  }
  return {
    folder,
    get port() {
      return Number(new URL(ready.apiUrl).port);
    },
    process,
    database,
    ask,
    async killAndStart() {
      await process.kill();
      await start();
    },
    close,
  };
}

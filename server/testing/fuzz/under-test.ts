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
  readonly port: number;
  readonly process: ServerProcess;
  readonly database: DatabaseServer;
  readonly ask: Ask;
  close(keep: boolean): Promise<void>;
}

/** Far above what a run sends: what is tried is the reader, not the limit before it. */
const wide = { ratePerSecond: 100_000, burst: 100_000 };

/** Starts the program of a root; null: this one. `settings` go before those that it needs. */
export async function startUnderTest(
  root: string | null,
  settings: Readonly<Record<string, string>> = {},
): Promise<UnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-fuzz-'));
  const database = await startDatabaseServer(folder);
  const process = serverProcess({
    name: 'server',
    root: root ?? ownRoot,
    words: ['server/main.ts'],
    settings: {
      ...settings,
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: join(folder, 'server'),
      DATABASE_URL: database.ownUrl(),
      TRUSTED_PROXIES: trustedProxy,
    },
    folder,
  });
  const close = async (keep: boolean): Promise<void> => {
    await process.kill();
    await database.stop();
    if (!keep) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const ready = (await process.start()) as { apiUrl: string; apiToken: string };
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
    await ask('PATCH', '/settings', { intake: wide });
    return { folder, port: Number(new URL(ready.apiUrl).port), process, database, ask, close };
  } catch (error) {
    await close(false);
    throw error;
  }
}

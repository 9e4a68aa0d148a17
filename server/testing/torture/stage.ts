import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DatabaseServer, startDatabaseServer } from './database-server.ts';
import { serverProcess } from './server-process.ts';
import type { VenueAccess } from './venue-record.ts';

/** Where this program is. */
export const ownRoot = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** What stands while the server is killed: the exchange, a process of its own with a database of its own, and the server's database. */
export interface Stage {
  readonly folder: string;
  readonly database: DatabaseServer;
  readonly exchange: VenueAccess & { readonly adminKey: string };
  /** `keep` leaves databases and logs for a look. */
  close(keep: boolean): Promise<void>;
}

/** `more`: words for the exchange; the last one counts where one is said twice. */
export async function openStage(seed: number, more: readonly string[] = []): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-torture-'));
  const words = ['server/cli/exchange.ts', '--port', '0', '--data-dir', join(folder, 'exchange'), '--hours', 'always'];
  words.push('--rate-limit', 'off', '--pace', '2', '--cash', '100000000', '--seed', String(seed), ...more);
  const process = serverProcess({ name: 'exchange', root: ownRoot, words, settings: {}, folder });
  const [database, ready] = await Promise.all([startDatabaseServer(folder), process.start()]);
  return {
    folder,
    database,
    exchange: ready as unknown as Stage['exchange'],
    async close(keep) {
      await process.stop();
      await database.stop();
      if (!keep) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

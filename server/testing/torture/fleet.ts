import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../../adapters/database/embedded/server-process.ts';
import type { Draw } from './draw.ts';
import type { Step } from './moments.ts';
import { type ServerProcess, type Settings, serverProcess } from './server-process.ts';

/** The processes under test: one that does everything, or an intake and several workers. */
export interface Fleet {
  readonly all: readonly ServerProcess[];
  readonly intake: ServerProcess;
  /** What its ready file said last; null: it has not been ready yet. */
  address(): { readonly webhookUrl: string; readonly apiUrl: string; readonly apiToken: string } | null;
  start(process: ServerProcess): Promise<void>;
  /** Whom to kill at a step: who takes alerts in at the steps of intake, else a worker, now and then everybody. */
  victims(step: Step, draw: Draw): readonly ServerProcess[];
  /** What ended without having been told to. */
  endedByItself(): readonly string[];
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly root: string;
  readonly folder: string;
  readonly workers: number;
  readonly databaseUrl: string;
  readonly exchange: { readonly url: string; readonly keyId: string; readonly secretKey: string };
  /** Called when one ends without having been told to. */
  readonly onEnded?: (name: string) => void;
}

interface Ready {
  readonly webhookUrl: string;
  readonly apiUrl: string;
  readonly apiToken: string;
}

/**
 * A process that is killed leaves no compiled code for the next one, and half of what a start costs is compiling: one that only loads the program
 * and ends leaves it for all.
 */
async function compileAhead(root: string, cache: string): Promise<void> {
  const program = pathToFileURL(join(root, 'server', 'main', 'start.ts')).href;
  const words = ['--input-type=module', '--eval', `await import(${JSON.stringify(program)}); process.exit(0);`];
  await promisify(execFile)(process.execPath, words, {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', NODE_COMPILE_CACHE: cache },
  });
}

export async function createFleet(options: FleetOptions): Promise<Fleet> {
  const dataDir = join(options.folder, 'server');
  await mkdir(dataDir, { recursive: true });
  const settings: Settings = {
    HOST: '127.0.0.1',
    PORT: String(await freePort()),
    DATA_DIR: dataDir,
    DATABASE_URL: options.databaseUrl,
    EXCHANGE_URL: options.exchange.url,
    EXCHANGE_KEY_ID: options.exchange.keyId,
    EXCHANGE_SECRET_KEY: options.exchange.secretKey,
    NODE_COMPILE_CACHE: join(options.folder, 'compiled'),
  };
  await compileAhead(options.root, settings.NODE_COMPILE_CACHE!);
  let ready: Ready | null = null;
  const alone = options.workers === 1;
  const make = (name: string, role: string): ServerProcess => {
    const words = ['server/main.ts', '--role', role];
    return serverProcess({
      name,
      root: options.root,
      words,
      settings,
      folder: options.folder,
      onEnded: () => options.onEnded?.(name),
    });
  };
  const intake = make(alone ? 'server' : 'intake', alone ? 'intake,worker' : 'intake');
  const workers = alone
    ? []
    : Array.from({ length: options.workers }, (_, index) => make(`worker ${index + 1}`, 'worker'));
  const all = [intake, ...workers];
  return {
    all,
    intake,
    address: () => ready,
    async start(process) {
      const said = await process.start();
      if (process === intake) ready = said as unknown as Ready;
    },
    victims(step, draw) {
      if (alone || step.startsWith('alert') || step === 'signal.accepted' || step === 'migrating') return [intake];
      if (draw.chance(0.2)) return all;
      return [draw.pick(workers)];
    },
    endedByItself: () => all.flatMap((process) => process.endedByItself),
    async stop() {
      await Promise.all(all.filter((process) => process.alive()).map((process) => process.stop()));
    },
  };
}

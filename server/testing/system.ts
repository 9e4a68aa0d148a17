import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { io, type Socket } from 'socket.io-client';
import type { z } from 'zod';
import type { ServerToClient, SocketEventName, socketEvents } from '../contract/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `--ready-file` holds. */
export interface Ready {
  dashboardUrl: string;
  webhookUrl: string;
  apiUrl: string;
  apiToken: string;
  metricsUrl: string;
  exchange: {
    url: string;
    streamUrl: string;
    dataUrl: string;
    dataStreamUrl: string;
    keyId: string;
    secretKey: string;
  };
}

export interface System {
  readonly ready: Ready;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** Everything that was printed so far. */
  output(): string;
  api<T>(path: string, init?: RequestInit): Promise<T>;
  post(body: string, contentType?: string): Promise<{ status: number; body: Record<string, unknown> }>;
  connect(): Promise<Socket<ServerToClient>>;
  /** SIGTERM, and the exit status. */
  stop(): Promise<number | null>;
  /** SIGKILL of the whole process group: server and launcher at once. */
  kill(): Promise<void>;
}

/** A data directory that nobody else uses; remove it with `removeDataDir`. */
export const newDataDir = (): Promise<string> => mkdtemp(join(tmpdir(), 'signalbox-test-'));
export const removeDataDir = (dataDir: string): Promise<void> =>
  rm(dataDir, { recursive: true, force: true, maxRetries: 5 });

/** Starts the whole system as `npm start` does, on a free port, and waits until it says that it is ready. */
export async function startSystem(
  dataDir: string,
  env: Record<string, string> = {},
  /** More words for the command line. */
  words: readonly string[] = [],
): Promise<System> {
  const readyFile = join(dataDir, `ready${words.join('')}.json`);
  await rm(readyFile, { force: true });
  const inherited = { ...process.env };
  // The tests' own settings must not leak into the instance under test.
  for (const key of ['DATABASE_URL', 'NODE_OPTIONS', 'VITEST', 'NODE_ENV', 'OPENSEARCH_URL']) delete inherited[key];
  const child = spawn(process.execPath, [join(root, 'scripts/start.mjs'), '--ready-file', readyFile, ...words], {
    cwd: root,
    env: { ...inherited, HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let printed = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    const look = (chunk: Buffer) => {
      printed += chunk.toString();
      if (existsSync(readyFile)) resolve();
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    void exited.then((code) => reject(new Error(`the system ended with ${code} before it was ready:\n${printed}`)));
  });
  const ready = JSON.parse(readFileSync(readyFile, 'utf8')) as Ready;
  const headers = { authorization: `Bearer ${ready.apiToken}` };

  return {
    ready,
    dataDir,
    process: child,
    output: () => printed,
    async api<T>(path: string, init: RequestInit = {}): Promise<T> {
      const sent = init.body === undefined ? headers : { ...headers, 'content-type': 'application/json' };
      const response = await fetch(`${ready.apiUrl}${path}`, { ...init, headers: sent });
      const body = await response.text();
      if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${body}`);
      return JSON.parse(body) as T;
    },
    async post(body, contentType = 'application/json') {
      const response = await fetch(ready.webhookUrl, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body,
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    connect: () =>
      new Promise((resolve, reject) => {
        const socket: Socket<ServerToClient> = io(ready.dashboardUrl, {
          auth: { token: ready.apiToken },
          transports: ['websocket'],
        });
        socket.once('connect', () => resolve(socket));
        socket.once('connect_error', reject);
      }),
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
    async kill() {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
      await exited;
    },
  };
}

/** Resolves with the first message of this kind that the predicate accepts. */
export function message<K extends SocketEventName>(
  socket: Socket<ServerToClient>,
  name: K,
  accept: (data: z.infer<(typeof socketEvents)[K]>) => boolean,
): Promise<z.infer<(typeof socketEvents)[K]>> {
  return new Promise((resolve) => {
    const listener = (data: z.infer<(typeof socketEvents)[K]>) => {
      if (!accept(data)) return;
      socket.off(name, listener as never);
      resolve(data);
    };
    socket.on(name, listener as never);
  });
}

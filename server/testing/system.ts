import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import type { z } from 'zod';
import type { ServerToClient, SocketEventName, socketEvents } from '../contract/index.ts';
import { type StartedProcess, startProcess } from './started-process.ts';
import type { Ask } from './wide-limits.ts';

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

export interface System extends StartedProcess<Ready> {
  readonly dataDir: string;
  api<T>(path: string, init?: RequestInit): Promise<T>;
  post(body: string, contentType?: string): Promise<{ status: number; body: Record<string, unknown> }>;
  connect(): Promise<Socket<ServerToClient>>;
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
  const place = { HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir };
  const started = await startProcess<Ready>('start.mjs', readyFile, words, { ...place, ...env });
  const { ready } = started;
  const headers = { authorization: `Bearer ${ready.apiToken}` };

  return {
    ...started,
    dataDir,
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
  };
}

/** The system's API for whoever says the method and sends JSON. */
export const askerOf =
  ({ api }: Pick<System, 'api'>): Ask =>
  (method, path, body) =>
    api(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

/** The API as the administrator who opened the printed link: some things a token must not do. The link works once. */
export async function signIn(system: System): Promise<System['api']> {
  const link = /Sign in\s+(\S+)/.exec(system.output())?.[1];
  if (!link) throw new Error('no sign-in link was printed');
  const answer = await fetch(link, { redirect: 'manual' });
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const headers = { cookie, origin: system.ready.dashboardUrl, 'content-type': 'application/json' };
  return async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const response = await fetch(`${system.ready.apiUrl}${path}`, { ...init, headers });
    const body = await response.text();
    if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${body}`);
    return JSON.parse(body) as T;
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

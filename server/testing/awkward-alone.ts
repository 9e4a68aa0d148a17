import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm run exchange -- --ready-file FILE` writes. */
export interface ExchangeReady {
  readonly url: string;
  readonly streamUrl: string;
  readonly dataUrl: string;
  readonly dataStreamUrl: string;
  readonly cryptoStreamUrl: string;
  readonly keyId: string;
  readonly secretKey: string;
  readonly adminUrl: string;
  readonly adminKey: string;
}

export interface ExchangeAlone {
  readonly ready: ExchangeReady;
  readonly readyFile: string;
  readonly process: ChildProcess;
  output(): string;
  /** SIGTERM, and the exit status. */
  stop(): Promise<number | null>;
}

/** Starts only the exchange, as `npm run exchange` does, on a free port; waits until it says that it is ready. */
export async function startExchangeAlone(dataDir: string, words: readonly string[] = []): Promise<ExchangeAlone> {
  const readyFile = join(dataDir, 'exchange-ready.json');
  await rm(readyFile, { force: true });
  const env = { ...process.env };
  // The tests' own settings must not leak into the process under test.
  for (const key of ['DATABASE_URL', 'NODE_OPTIONS', 'VITEST', 'NODE_ENV']) delete env[key];
  const script = join(root, 'scripts/exchange.mjs');
  const child = spawn(
    process.execPath,
    [script, '--port', '0', '--data-dir', dataDir, '--ready-file', readyFile, ...words],
    { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    const look = (chunk: Buffer) => {
      printed += chunk.toString();
      if (existsSync(readyFile)) resolve();
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    void exited.then((code) => reject(new Error(`the exchange ended with ${code} before it was ready:\n${printed}`)));
  });
  return {
    ready: JSON.parse(readFileSync(readyFile, 'utf8')) as ExchangeReady,
    readyFile,
    process: child,
    output: () => printed,
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

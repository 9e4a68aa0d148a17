import { join } from 'node:path';
import { type StartedProcess, startProcess } from './started-process.ts';

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

export interface ExchangeAlone extends StartedProcess<ExchangeReady> {
  readonly readyFile: string;
}

/** Starts only the exchange, as `npm run exchange` does, on a free port; waits until it says that it is ready. */
export async function startExchangeAlone(dataDir: string, words: readonly string[] = []): Promise<ExchangeAlone> {
  const readyFile = join(dataDir, 'exchange-ready.json');
  const all = ['--port', '0', '--data-dir', dataDir, ...words];
  return { readyFile, ...(await startProcess<ExchangeReady>('exchange.mjs', readyFile, all)) };
}

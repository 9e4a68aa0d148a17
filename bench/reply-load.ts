import { connect } from 'node:net';
import { parentPort, Worker } from 'node:worker_threads';
import { drawOf } from '../server/testing/torture/draw.ts';
import { type MixedAlert, type MixSources, mixedAlert } from './alert-mix.ts';

/** Alerts that come when they come, whether or not the ones before were answered. */
export interface OpenLoad {
  readonly port: number;
  /** On average; the gaps between them are exponential, as those of independent senders are. */
  readonly perSecond: number;
  readonly durationMs: number;
  readonly seed: number;
  /** The number of the first. */
  readonly from: number;
  /** Null: one and the same alert, for a server that reads none. */
  readonly sources: MixSources | null;
}

/** What the senders saw. */
export interface Replies {
  /** From the moment an alert was due to its answer's end, connecting included; sorted. */
  readonly latenciesMs: Float64Array;
  /** By status; `none` without an answer. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly sent: number;
}

const plainAlert: MixedAlert = {
  path: '/hooks/tradingview/secret',
  headers: [],
  body: '{"signal":"BUY","ticker":"AAPL","mode":"Paper","risk":100}',
};
/** What is slower is counted, not cut off, so that it shows how late it was. */
const patienceMs = 15_000;

/** Sends from a thread of its own, each alert over a connection of its own as TradingView does: the sender must not be what is measured. */
export function sendOpenLoad(load: OpenLoad): Promise<Replies> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: 'reply load' });
    worker.once('message', (replies: Replies | { error: string }) => {
      void worker.terminate();
      if ('error' in replies) reject(new Error(replies.error));
      else resolve(replies);
    });
    worker.once('error', reject);
    worker.postMessage(load);
  });
}

function sendOne(port: number, { path, headers, body }: MixedAlert): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    let timer: NodeJS.Timeout | null = null;
    const settle = (status: string): void => {
      if (timer !== null) clearTimeout(timer);
      socket.destroy();
      resolve(status);
    };
    timer = setTimeout(() => settle('none'), patienceMs);
    const length = Buffer.byteLength(body);
    const lines = [`POST ${path} HTTP/1.1`, 'host: 127.0.0.1', 'content-type: application/json', 'connection: close'];
    socket.write(`${[...lines, ...headers, `content-length: ${length}`].join('\r\n')}\r\n\r\n${body}`);
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
    socket.on('end', () => settle(/^HTTP\/1\.1 (\d{3})/.exec(received)?.[1] ?? 'none'));
    socket.on('error', () => settle('none'));
  });
}

async function run(load: OpenLoad): Promise<Replies> {
  const draw = drawOf(load.seed, 'arrivals');
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  const underWay: Promise<void>[] = [];
  const startedMs = performance.now();
  let dueMs = startedMs;
  let n = load.from;
  for (;;) {
    dueMs += (-Math.log(1 - draw.next()) * 1000) / load.perSecond;
    if (dueMs > startedMs + load.durationMs) break;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const wasDueMs = dueMs;
    const alert = load.sources === null ? plainAlert : mixedAlert(n, load.sources);
    n++;
    underWay.push(
      sendOne(load.port, alert).then((status) => {
        latencies.push(performance.now() - wasDueMs);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }),
    );
  }
  await Promise.all(underWay);
  return { latenciesMs: Float64Array.from(latencies).sort(), statuses, sent: latencies.length };
}

parentPort?.once('message', (load: OpenLoad) => {
  run(load).then(
    (replies) => parentPort?.postMessage(replies),
    (error: unknown) => parentPort?.postMessage({ error: String(error) }),
  );
});

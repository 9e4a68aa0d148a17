import { connect } from 'node:net';
import { parentPort, Worker } from 'node:worker_threads';
import type { Round } from './measure.ts';

/** Closed-loop senders: each sends its next alert when the last was answered. */
export interface Load {
  readonly port: number;
  readonly path: string;
  readonly clients: number;
  readonly durationMs: number;
  readonly expectStatus: number;
  /** Makes the alerts of each round different from those of all others. */
  readonly label: string;
  /** Sent in turn instead of alerts; `$id` becomes a text that no other has. */
  readonly bodies?: readonly string[];
  /** Header lines, each ended by a line break, beside those that every request has. */
  readonly headers?: string;
}

/** Sends alerts from a thread of its own, over raw keep-alive sockets: the sender must not be what is measured. */
export function sendLoad(load: Load): Promise<Round> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url));
    worker.once('message', (round: Round | { error: string }) => {
      void worker.terminate();
      if ('error' in round) reject(new Error(round.error));
      else resolve(round);
    });
    worker.once('error', reject);
    worker.postMessage(load);
  });
}

const headEnd = Buffer.from('\r\n\r\n');

async function run(load: Load): Promise<Round> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + load.durationMs;
  await Promise.all(Array.from({ length: load.clients }, (_, i) => client(load, i, until, latencies)));
  const seconds = (performance.now() - startedAt) / 1000;
  return { latenciesMs: Float64Array.from(latencies).sort(), perSecond: latencies.length / seconds };
}

function client(load: Load, index: number, until: number, latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(load.port, '127.0.0.1');
    socket.setNoDelay(true);
    let sentAt = 0;
    let n = 0;
    let received = Buffer.alloc(0);
    const send = (): void => {
      const id = `${load.label}-${index}-${n++}`;
      const body =
        load.bodies?.[(n + index) % load.bodies.length]?.replace('$id', id) ??
        `{"signal":"BUY","ticker":"AAPL","tradingMode":"Paper","riskAmount":100.00,"entryPrice":150.25,"stopLoss":148.50,` +
          `"takeProfit":155.00,"timestamp":"2026-11-20T15:00:00Z","strategy":"bench","timeframe":"5m","id":"${id}"}`;
      sentAt = performance.now();
      socket.write(
        `POST ${load.path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${load.headers ?? ''}content-length: ${body.length}\r\n\r\n${body}`,
      );
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const end = received.indexOf(headEnd);
      if (end === -1) return;
      const head = received.toString('latin1', 0, end);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
      if (Number.isNaN(length)) return void reject(new Error(`an answer without a length: ${head}`));
      if (received.length < end + 4 + length) return;
      latencies.push(performance.now() - sentAt);
      if (Number(head.slice(9, 12)) !== load.expectStatus) {
        return void reject(new Error(`expected ${load.expectStatus}: ${received.toString('utf8')}`));
      }
      received = Buffer.alloc(0);
      if (performance.now() < until) return send();
      socket.end();
      resolve();
    });
  });
}

parentPort?.once('message', (load: Load) => {
  run(load).then(
    (round) => parentPort?.postMessage(round),
    (error: unknown) => parentPort?.postMessage({ error: String(error) }),
  );
});

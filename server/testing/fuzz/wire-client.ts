import { connect, type Socket } from 'node:net';

/** What came back for a request. */
export type Reply =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string; readonly tookMs: number }
  /** The connection ended without an answer. */
  | { readonly kind: 'closed'; readonly tookMs: number }
  /** Nothing came in time. */
  | { readonly kind: 'silent'; readonly tookMs: number };

/** A connection that is kept alive from request to request and opened anew when it has to be. */
export interface Lane {
  send(wire: Buffer, about: { readonly closes: boolean; readonly ends: boolean }): Promise<Reply>;
  close(): void;
}

/** Longer than any reply may take, and than the server waits for the rest of a request that was ended. */
const patienceMs = 10_000;
const headEnd = Buffer.from('\r\n\r\n');

interface Parsed {
  readonly status: number;
  readonly body: string;
  readonly keeps: boolean;
}

function unchunked(received: Buffer): string | null {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = received.indexOf('\r\n', at);
    if (line === -1) return null;
    const size = Number.parseInt(received.toString('latin1', at, line), 16);
    if (size === 0) return received.length >= line + 4 ? Buffer.concat(parts).toString() : null;
    if (received.length < line + 2 + size + 2) return null;
    parts.push(received.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}

/** The first answer that is no `100 Continue`; null: it is not whole yet. */
function parsed(received: Buffer): Parsed | null {
  const end = received.indexOf(headEnd);
  if (end === -1) return null;
  const head = received.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  const rest = received.subarray(end + headEnd.length);
  if (status >= 100 && status < 200) return parsed(rest);
  const keeps = !/^connection: *close/im.test(head);
  if (/^transfer-encoding: *chunked/im.test(head)) {
    const body = unchunked(rest);
    return body === null ? null : { status, body, keeps };
  }
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  return rest.length < length ? null : { status, body: rest.toString('utf8', 0, length), keeps };
}

/** For how long this process has stood still, in milliseconds: what it did not look at cannot be held against the other side. */
let stoodStillMs = 0;
const beatMs = 10;
let beatenMs = performance.now();
setInterval(() => {
  const nowMs = performance.now();
  stoodStillMs += Math.max(0, nowMs - beatenMs - 2 * beatMs);
  beatenMs = nowMs;
}, beatMs).unref();

export function openLane(port: number): Lane {
  let socket: Socket | null = null;

  const fresh = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const opened = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      opened.setNoDelay(true);
      opened.once('error', reject);
      opened.once('connect', () => {
        opened.off('error', reject);
        opened.on('error', () => {});
        resolve(opened);
      });
    });
  const drop = (): void => {
    socket?.destroy();
    socket = null;
  };

  return {
    async send(wire, { closes, ends }) {
      // A connection that was kept may have been ended by the other side meanwhile: that is no finding.
      if (socket === null || socket.destroyed || socket.readableEnded) {
        drop();
        socket = await fresh();
      }
      const used = socket;
      const sentMs = performance.now();
      const stoodMs = stoodStillMs;
      const reply = await new Promise<Reply & { keeps?: boolean }>((resolve) => {
        let received: Buffer = Buffer.alloc(0);
        const took = (): number => Math.max(0, performance.now() - sentMs - (stoodStillMs - stoodMs));
        const settle = (value: Reply & { keeps?: boolean }): void => {
          clearTimeout(timer);
          used.off('data', look);
          used.off('close', gone);
          used.off('end', gone);
          resolve(value);
        };
        const look = (chunk: Buffer): void => {
          received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
          const answer = parsed(received);
          if (answer !== null) settle({ kind: 'answered', ...answer, tookMs: took() });
        };
        const gone = (): void => settle({ kind: 'closed', tookMs: took() });
        const timer = setTimeout(() => settle({ kind: 'silent', tookMs: took() }), patienceMs);
        used.on('data', look);
        used.once('close', gone);
        used.once('end', gone);
        if (ends) used.end(wire);
        else used.write(wire);
      });
      if (closes || reply.kind !== 'answered' || reply.keeps === false) drop();
      return reply;
    },
    close: drop,
  };
}

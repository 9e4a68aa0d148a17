import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What a request is about, for the steps that are named after it. */
export type Errand = 'submit' | 'cancel' | 'replace' | 'compare' | 'read';

/** Where a request stands: it came to us, the venue has answered it, the answer was passed on. */
export type Stage = 'arrived' | 'taken' | 'answered';

/** What to do with a request that is held up at a stage. `late` passes it on after the pause, whoever still waits for its answer. */
export type Verdict = 'pass' | 'drop' | 'swallow' | { readonly lateMs: number };

export interface VenueHooks {
  /** Called at each stage of each request; its answer decides what becomes of it. */
  onRequest(errand: Errand, stage: Stage): Verdict;
  /** A fill was told on the order stream and is about to be passed on. */
  onFillTold(): void;
  /** A request has ended, in whatever way. */
  onEnded?(request: EndedRequest): void;
}

/** How a request ended, as whoever asked saw it. */
export interface EndedRequest {
  readonly errand: Errand;
  readonly path: string;
  /** What it carried. */
  readonly body: Buffer;
  /** Null: no answer came through. */
  readonly status: number | null;
  /** In milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** An HTTP and WebSocket proxy before an exchange, which sees what is asked and told, and can break it off at each stage. */
export interface VenueProxy {
  readonly url: string;
  /** Requests that were passed on, by errand. */
  readonly counts: Record<Errand, number>;
  /** Connections of this kind become half-open: they take bytes and pass nothing on. New ones work. Answers how many. */
  freeze(kind: 'stream' | 'requests'): number;
  /** Resets the streams. */
  cutStreams(): void;
  /** Half-open connections of streams that the program has not given up yet. */
  frozenStreams(): number;
  close(): Promise<void>;
}

const errandOf = (method: string, path: string): Errand => {
  const [where] = path.split('?');
  if (where === '/v2/orders' && method === 'POST') return 'submit';
  if (where!.startsWith('/v2/orders') && method === 'DELETE') return 'cancel';
  if (where!.startsWith('/v2/orders/') && method === 'PATCH') return 'replace';
  return where === '/v2/positions' ? 'compare' : 'read';
};

/** The name of a trade update that tells of a fill, in JSON and in MessagePack. */
const fillTold = /event.{1,4}(?:partial_)?fill[^e]/s;

export async function startVenueProxy(target: string, hooks: VenueHooks): Promise<VenueProxy> {
  const { hostname, port } = new URL(target);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const counts: Record<Errand, number> = { submit: 0, cancel: 0, replace: 0, compare: 0, read: 0 };
  const clients = new Set<Socket>();
  const frozen = new WeakSet<Socket>();
  const tunnels = new Set<{ client: Duplex; venue: Socket; frozen: boolean; closed: boolean }>();

  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  /** Whether it goes on. */
  async function obey(verdict: Verdict, socket: Socket): Promise<boolean> {
    if (verdict === 'pass') return true;
    if (verdict === 'drop') socket.destroy();
    if (typeof verdict !== 'object') return false;
    await wait(verdict.lateMs);
    return true;
  }

  async function answer(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = asked;
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk as Buffer);
    const errand = errandOf(method, path);
    const [body, fromMs] = [Buffer.concat(chunks), Date.now()];
    const status = await pass(asked, response, errand, body);
    hooks.onEnded?.({ errand, path, body, status, fromMs, toMs: Date.now() });
  }

  /** Passes a request on, as far as it is let. Answers the status that whoever asked was told; null: none. */
  async function pass(
    asked: IncomingMessage,
    response: ServerResponse,
    errand: Errand,
    body: Buffer,
  ): Promise<number | null> {
    const { method = 'GET', url: path = '/', socket } = asked;
    if (frozen.has(socket)) return null;
    if (!(await obey(hooks.onRequest(errand, 'arrived'), socket))) return null;
    counts[errand]++;
    const answered = await new Promise<{ from: IncomingMessage; body: Buffer } | null>((resolve) => {
      const passed = request({ hostname, port, method, path, headers: asked.headers, agent }, (from) => {
        const parts: Buffer[] = [];
        from.on('data', (part: Buffer) => parts.push(part));
        from.on('end', () => resolve({ from, body: Buffer.concat(parts) }));
        from.on('error', () => resolve(null));
      });
      passed.on('error', () => resolve(null));
      passed.end(body);
    });
    if (answered === null) {
      socket.resetAndDestroy();
      return null;
    }
    if (!(await obey(hooks.onRequest(errand, 'taken'), socket)) || frozen.has(socket)) return null;
    const { 'transfer-encoding': _chunked, connection: _hop, ...headers } = answered.from.headers;
    const status = answered.from.statusCode ?? 502;
    response.writeHead(status, { ...headers, 'content-length': answered.body.length });
    response.end(answered.body, () => void hooks.onRequest(errand, 'answered'));
    return status;
  }

  function tunnel(asked: IncomingMessage, client: Duplex, head: Buffer): void {
    const venue = connect(Number(port), hostname);
    const one = { client, venue, frozen: false, closed: false };
    tunnels.add(one);
    const lines = [`${asked.method} ${asked.url} HTTP/1.1`];
    for (let i = 0; i < asked.rawHeaders.length; i += 2) {
      lines.push(`${asked.rawHeaders[i]}: ${asked.rawHeaders[i + 1]}`);
    }
    venue.write(`${lines.join('\r\n')}\r\n\r\n`);
    venue.write(head);
    const ofOrders = asked.url?.startsWith('/stream') === true;
    venue.on('data', (chunk) => {
      if (one.frozen) return;
      if (ofOrders && fillTold.test(chunk.toString('latin1'))) hooks.onFillTold();
      client.write(chunk);
    });
    client.on('data', (chunk) => {
      if (!one.frozen) venue.write(chunk);
    });
    // A socket of an HTTP server stays half open by itself: its end is all that is told of who hangs up.
    client.on('end', () => {
      one.closed = true;
      if (!one.frozen) client.destroy();
    });
    for (const [from, other] of [
      [venue, client],
      [client, venue],
    ] as const) {
      from.on('error', () => {});
      from.on('close', () => {
        if (from === client) one.closed = true;
        if (one.frozen) return;
        tunnels.delete(one);
        other.destroy();
      });
    }
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, (asked, response) => {
    void answer(asked, response).catch(() => response.destroy());
  });
  server.on('upgrade', tunnel);
  server.on('connection', (socket) => {
    clients.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => clients.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    freeze(kind) {
      let count = 0;
      if (kind === 'stream') {
        for (const one of tunnels) {
          if (one.frozen) continue;
          one.frozen = true;
          count++;
        }
        return count;
      }
      const streams = new Set<Duplex>([...tunnels].map((one) => one.client));
      for (const socket of clients) {
        if (streams.has(socket) || frozen.has(socket)) continue;
        frozen.add(socket);
        count++;
      }
      return count;
    },
    cutStreams() {
      for (const { client, venue, frozen: lost } of tunnels) {
        if (lost) continue;
        client.destroy();
        venue.destroy();
      }
    },
    frozenStreams: () => [...tunnels].filter((one) => one.frozen && !one.closed).length,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const { client, venue } of tunnels) {
        client.destroy();
        venue.destroy();
      }
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}
